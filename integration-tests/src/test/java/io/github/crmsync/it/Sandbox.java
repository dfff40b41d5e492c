package io.github.crmsync.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.sandbox.run.Ports;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** {@code bin/sandbox} as a process of its own, with the archives that this build has made. */
final class Sandbox implements AutoCloseable {
    static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START_LIMIT = Duration.ofMinutes(6);
    private static final Duration RUN_LIMIT = Duration.ofMinutes(15);

    private final Process process;
    private final Thread reader;
    private final List<JsonNode> lines = new CopyOnWriteArrayList<>();
    private final int connectPort;
    private final int kafkaPort;

    private Sandbox(List<String> options) throws IOException {
        connectPort = Ports.anyFree();
        kafkaPort = Ports.anyFree();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dcrmsync.home=" + HOME,
                "-cp",
                jar() + File.pathSeparator + HOME.resolve("sandbox/target/lib") + "/*",
                "io.github.crmsync.sandbox.run.SandboxMain",
                "--hubspot-port=" + Ports.anyFree(),
                "--dynamics-port=" + Ports.anyFree(),
                "--connect-port=" + connectPort,
                "--kafka-port=" + kafkaPort));
        command.addAll(options);
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        reader = new Thread(this::read, "sandbox-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts the sandbox and waits until both simulators answer. */
    static Sandbox start(String... options) throws IOException {
        Sandbox sandbox = new Sandbox(List.of(options));
        try {
            Awaitility.await().atMost(START_LIMIT).until(() -> sandbox.lines.size() >= 2 || !sandbox.process.isAlive());
            if (sandbox.lines.size() < 2) {
                throw new IOException("The sandbox ended before its simulators answered");
            }
            return sandbox;
        } catch (IOException | RuntimeException e) {
            sandbox.close();
            throw e;
        }
    }

    private static String jar() throws IOException {
        try (Stream<Path> files = Files.list(HOME.resolve("sandbox/target"))) {
            return files.filter(file -> file.getFileName().toString().matches("sandbox-[\\d.]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(JSON.readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HubSpot hubspot() {
        return new HubSpot(lines.get(0));
    }

    Dynamics dynamics() {
        return new Dynamics(lines.get(1));
    }

    Connect connect() {
        return new Connect("http://127.0.0.1:" + connectPort);
    }

    String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    /** Ends the Connect worker at once, as a crash does. */
    void killWorker() {
        process.descendants()
                .filter(child -> child.info().commandLine().orElse("").contains("ConnectDistributed"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    /** The summary of a run with {@code --once}, when it has ended by itself. */
    JsonNode summary() throws InterruptedException {
        if (!process.waitFor(RUN_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("The sandbox did not end within " + RUN_LIMIT);
        }
        reader.join();
        return lines.get(lines.size() - 1);
    }

    int exitCode() {
        return process.exitValue();
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
