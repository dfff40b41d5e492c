package io.github.crmsync.sandbox.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One broker and any number of Connect workers with the built plugin archives, to be killed, stopped and started again. */
public final class Lab implements AutoCloseable {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Path NEWEST = HOME.resolve("sandbox/target/kafka-lib");
    private static final Duration LIMIT = Duration.ofMinutes(4);
    /** A process that lives for seconds is sooner done without the second compiler. */
    private static final Map<String, String> SHORT_LIFE = Map.of("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
    /** A dead or stopped worker is missed after six seconds, the least that a broker allows by default. */
    private static final Map<String, String> IMPATIENT = Map.of(
            "session.timeout.ms", "6000",
            "heartbeat.interval.ms", "1500",
            "consumer.session.timeout.ms", "6000",
            "consumer.heartbeat.interval.ms", "1500");

    /** Also that a worker holds back tasks for one that is lost. */
    private static final Pattern COMPLAINT = Pattern.compile(" (WARN|ERROR|FATAL) |delay=[1-9]");

    private static final int LAST = 15;

    private final Http http = new Http();
    private final Path workDir;
    private final ProcessGroup processes;
    private final KafkaRuntime kafka;
    private final Path plugins;
    private final List<Worker> workers = new ArrayList<>();

    private Lab(Path workDir) {
        this.workDir = workDir;
        processes = new ProcessGroup(workDir.resolve("logs"), notice -> {});
        kafka = new KafkaRuntime(NEWEST, workDir, 0, null);
        plugins = Plugins.unpack(HOME, workDir.resolve("plugins"));
    }

    /** Starts the broker; logs are in {@code target/lab-...}. */
    public static Lab start(String name) throws IOException, InterruptedException {
        Path parent = Files.createDirectories(Path.of("target").toAbsolutePath());
        Lab lab = new Lab(Files.createTempDirectory(parent, "lab-" + name + "-"));
        Runtime.getRuntime().addShutdownHook(new Thread(lab::close, "stop-lab"));
        try {
            lab.kafka.startBroker(lab.processes, Ports.anyFree());
            return lab;
        } catch (RuntimeException | InterruptedException e) {
            lab.close();
            throw e;
        }
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** A worker of the newest Connect, not yet started; the settings are those of the worker. */
    public Worker worker(String name, Map<String, String> settings) {
        return add(new Worker(kafka, name, settings));
    }

    /** A worker whose libraries are in another folder, not yet started. */
    public Worker worker(String name, Path libraries) {
        return add(new Worker(new KafkaRuntime(libraries, workDir, 0, bootstrapServers()), name, Map.of()));
    }

    private Worker add(Worker worker) {
        workers.add(worker);
        return worker;
    }

    /** Puts the configurations, in their order. */
    public void put(Worker worker, Map<String, ObjectNode> connectors) throws InterruptedException {
        ConnectClient connect = new ConnectClient(http, worker.url());
        for (Map.Entry<String, ObjectNode> connector : connectors.entrySet()) {
            connect.put(connector.getKey(), connector.getValue(), LIMIT);
        }
    }

    /** For whoever wonders why nothing moves: which workers live, what failed in them, and what they complained of last. */
    public String state() {
        return workers.stream().map(Worker::state).collect(Collectors.joining("\n"));
    }

    /** One worker process after another, under one name and one address. */
    public final class Worker {
        private final KafkaRuntime runtime;
        private final String name;
        private final Map<String, String> settings;
        private final int port = Ports.anyFree();
        private ChildProcess process;

        private Worker(KafkaRuntime runtime, String name, Map<String, String> settings) {
            this.runtime = runtime;
            this.name = name;
            this.settings = new HashMap<>(IMPATIENT);
            this.settings.putAll(settings);
        }

        public String url() {
            return "http://127.0.0.1:" + port;
        }

        /** Starts the process and leaves it to itself. */
        public void launch() {
            process =
                    runtime.startWorker(processes, new KafkaRuntime.Worker(name, port, plugins, SHORT_LIFE, settings));
        }

        /** Starts the process and waits until it answers. */
        public Worker start() throws InterruptedException {
            launch();
            Ports.awaitOpen(port, process, LIMIT);
            new ConnectClient(http, url()).awaitPlugins(LIMIT);
            return this;
        }

        /** As {@code kill -9} does. */
        public void kill() throws InterruptedException {
            process.kill();
            process.awaitEnd(LIMIT);
        }

        /** All threads stand still and know nothing of it, as in a long collection of garbage or a suspended machine. */
        public void suspend() throws IOException, InterruptedException {
            signal("-STOP");
        }

        /** Goes on where it was. */
        public void resume() throws IOException, InterruptedException {
            signal("-CONT");
        }

        /** Of the process that was started last. */
        public long pid() {
            return process.pid();
        }

        /** What the process has logged. */
        public List<String> log() throws IOException {
            return Files.readAllLines(process.log());
        }

        private String state() {
            if (process == null) {
                return name + " was never started";
            }
            try {
                List<String> complaints;
                try (Stream<String> lines = Files.lines(process.log())) {
                    complaints =
                            lines.filter(line -> COMPLAINT.matcher(line).find()).toList();
                }
                List<String> last = complaints.subList(Math.max(0, complaints.size() - LAST), complaints.size());
                return "%s %s; failed: %s; last complaints:\n  %s"
                        .formatted(
                                name,
                                process.isAlive() ? "lives" : "has ended",
                                new ConnectClient(http, url()).failures(),
                                String.join("\n  ", last));
            } catch (IOException | InterruptedException e) {
                return name + ": " + e;
            }
        }

        private void signal(String signal) throws IOException, InterruptedException {
            Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
            if (kill.waitFor() != 0) {
                throw new IOException("kill " + signal + " failed for the " + name);
            }
        }
    }

    @Override
    public void close() {
        processes.close();
    }
}
