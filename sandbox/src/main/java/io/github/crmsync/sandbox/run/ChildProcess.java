package io.github.crmsync.sandbox.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One JVM that the sandbox started. Its output goes to its log file. */
final class ChildProcess {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    /** What to start: main class, JVM options, arguments and environment. */
    record Command(
            String name,
            String classPath,
            String mainClass,
            List<String> jvmOptions,
            List<String> arguments,
            Map<String, String> environment) {
        Command(String name, String classPath, String mainClass, List<String> jvmOptions, List<String> arguments) {
            this(name, classPath, mainClass, jvmOptions, arguments, Map.of());
        }

        private List<String> line() {
            List<String> line = new ArrayList<>();
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            line.addAll(jvmOptions);
            line.add("-cp");
            line.add(classPath);
            line.add(mainClass);
            line.addAll(arguments);
            return line;
        }
    }

    private final String name;
    private final Path log;
    private final Process process;
    private final CompletableFuture<String> firstJsonLine = new CompletableFuture<>();

    private ChildProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /** Starts the command; its log is appended to {@code logDir/name.log}. */
    static ChildProcess start(Command command, Path logDir) {
        try {
            Files.createDirectories(logDir);
            Path log = logDir.resolve(command.name() + ".log");
            ProcessBuilder builder = new ProcessBuilder(command.line()).redirectErrorStream(true);
            builder.environment().putAll(command.environment());
            builder.directory(logDir.toFile());
            ChildProcess child = new ChildProcess(command.name(), log, builder.start());
            child.process.getOutputStream().close();
            child.followOutput();
            return child;
        } catch (IOException e) {
            throw new SandboxException("Cannot start the " + command.name() + ": " + e.getMessage(), e);
        }
    }

    private void followOutput() {
        Thread reader = new Thread(this::copyOutput, name + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void copyOutput() {
        try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                PrintWriter out = new PrintWriter(
                        Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND), true)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("{\"")) {
                    firstJsonLine.complete(line);
                }
                out.println(line);
            }
        } catch (IOException e) {
            firstJsonLine.completeExceptionally(e);
        } finally {
            firstJsonLine.completeExceptionally(ended());
        }
    }

    /** The first line of JSON that the process prints. */
    String awaitJsonLine(Duration limit) throws InterruptedException {
        try {
            return firstJsonLine.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw ended();
        } catch (TimeoutException e) {
            throw new SandboxException(
                    "The %s was not ready within %d s; see %s".formatted(name, limit.toSeconds(), log), e);
        }
    }

    /** Waits for the end of a short-lived process, and refuses a failure. */
    void awaitSuccess(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
            stop();
            throw new SandboxException("The %s failed; see %s".formatted(name, log));
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void requireAlive() {
        if (!isAlive()) {
            throw ended();
        }
    }

    private SandboxException ended() {
        return new SandboxException("The %s ended; see %s".formatted(name, log));
    }

    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    /** Asks the process to end, and ends it by force when it does not. */
    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    void awaitEnd(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new SandboxException("The %s did not end".formatted(name));
        }
    }

    long pid() {
        return process.pid();
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }
}
