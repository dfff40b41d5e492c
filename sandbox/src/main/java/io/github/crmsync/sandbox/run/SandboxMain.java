package io.github.crmsync.sandbox.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a whole sync on this machine: Kafka, a Connect worker with the plugins, and both CRMs simulated. */
@Command(
        name = "sandbox",
        mixinStandardHelpOptions = true,
        description = "Runs a whole CRM sync on this machine: Kafka, a Connect worker and both CRMs, simulated.",
        showDefaultValues = true)
public final class SandboxMain implements Callable<Integer> {
    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    private static final String SIMULATORS = "io.github.crmsync.sandbox.";

    enum Quota {
        on,
        off
    }

    @Option(names = "--contacts", paramLabel = "N", description = "contacts in each app", defaultValue = "1000")
    private int contacts;

    @Option(
            names = "--config",
            paramLabel = "NAME",
            description = "a folder of config-examples",
            defaultValue = "two-way-contacts")
    private String config;

    @Option(names = "--seed", paramLabel = "S", description = "seed of the made-up contacts", defaultValue = "1")
    private long seed;

    @Option(names = "--once", description = "stop when both sides agree, and print a summary as one line of JSON")
    private boolean once;

    @Option(names = "--hubspot-port", paramLabel = "P", defaultValue = "8101", description = "HubSpot simulator")
    private int hubspotPort;

    @Option(names = "--dynamics-port", paramLabel = "P", defaultValue = "8102", description = "Dynamics simulator")
    private int dynamicsPort;

    @Option(names = "--connect-port", paramLabel = "P", defaultValue = "8083", description = "Connect worker")
    private int connectPort;

    @Option(names = "--kafka-port", paramLabel = "P", defaultValue = "9092", description = "Kafka broker")
    private int kafkaPort;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOSTS",
            description = "use this Kafka instead of starting a broker")
    private String bootstrapServers;

    @Option(names = "--latency-ms", paramLabel = "N", defaultValue = "0", description = "added to every CRM response")
    private int latencyMs;

    @Option(
            names = "--poll-interval-ms",
            paramLabel = "N",
            description = "time between two polls of the sources, instead of the example's")
    private Long pollIntervalMs;

    @Option(names = "--quota", paramLabel = "on|off", defaultValue = "on", description = "API limits of both CRMs")
    private Quota quota;

    private final Http http = new Http();

    public static void main(String[] args) {
        CommandLine commandLine = new CommandLine(new SandboxMain());
        commandLine.setExecutionExceptionHandler((e, line, parsed) -> {
            if (!(e instanceof SandboxException)) {
                throw e;
            }
            Progress.line(e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(commandLine.execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home =
                Path.of(System.getProperty("crmsync.home", "")).toAbsolutePath().normalize();
        Example example = Example.read(home.resolve("config-examples"), config);
        if (pollIntervalMs != null) {
            example.pollEvery(pollIntervalMs);
        }
        requireFreePorts();
        Path workDir = Files.createTempDirectory(Files.createDirectories(home.resolve(".sandbox")), "run-");
        Progress.line("Logs and data: " + workDir);
        try (ProcessGroup processes = new ProcessGroup(workDir.resolve("logs"), Progress::line)) {
            Runtime.getRuntime().addShutdownHook(new Thread(processes::close, "stop-children"));
            return run(home, workDir, example, processes);
        }
    }

    private void requireFreePorts() {
        Ports.requireFree(hubspotPort, "HubSpot simulator", "--hubspot-port");
        Ports.requireFree(dynamicsPort, "Dynamics simulator", "--dynamics-port");
        Ports.requireFree(connectPort, "Connect worker", "--connect-port");
        if (bootstrapServers == null) {
            Ports.requireFree(kafkaPort, "Kafka broker", "--kafka-port");
        }
    }

    private int run(Path home, Path workDir, Example example, ProcessGroup processes)
            throws IOException, InterruptedException {
        Path pluginPath = Plugins.unpack(home, workDir.resolve("plugins"));
        ChildProcess hubspotProcess =
                startSimulator(processes, "hubspot", "HubSpotSimulatorMain", hubspotPort, List.of());
        ChildProcess dynamicsProcess = startSimulator(
                processes, "dynamics", "DynamicsSimulatorMain", dynamicsPort, List.of("--table", example.table()));
        KafkaRuntime kafka =
                new KafkaRuntime(home.resolve("sandbox/target/kafka-lib"), workDir, connectPort, bootstrapServers);
        if (bootstrapServers == null) {
            Progress.line("Starting Kafka on port " + kafkaPort);
            kafka.startBroker(processes, kafkaPort);
        }
        Simulator hubspot = Simulator.parse(hubspotProcess.awaitJsonLine(START_LIMIT));
        Simulator dynamics = Simulator.parse(dynamicsProcess.awaitJsonLine(START_LIMIT));
        System.out.println(hubspot.line());
        System.out.println(dynamics.line());
        Progress.line("Starting the Connect worker on port " + connectPort);
        kafka.startWorker(processes, pluginPath, Example.secrets(hubspot, dynamics));
        ConnectClient connect = new ConnectClient(http, kafka.connectUrl());
        connect.awaitPlugins(START_LIMIT);
        for (Map.Entry<String, ObjectNode> connector :
                example.withHosts(hubspot, dynamics, kafka.bootstrapServers()).entrySet()) {
            Progress.line("Putting connector " + connector.getKey());
            connect.put(connector.getKey(), connector.getValue(), START_LIMIT);
        }
        return watch(example, hubspot, dynamics, connect, kafka.bootstrapServers());
    }

    private ChildProcess startSimulator(
            ProcessGroup processes, String app, String mainClass, int port, List<String> extra) {
        List<String> arguments = new ArrayList<>(List.of(
                "--port", Integer.toString(port),
                "--contacts", Integer.toString(contacts),
                "--seed", Long.toString(seed),
                "--latency-ms", Integer.toString(latencyMs),
                "--quota", quota.name()));
        arguments.addAll(extra);
        return processes.start(new ChildProcess.Command(
                app + "-simulator",
                System.getProperty("java.class.path"),
                SIMULATORS + app + "." + mainClass,
                List.of("-Xmx1g"),
                arguments));
    }

    private int watch(
            Example example, Simulator hubspot, Simulator dynamics, ConnectClient connect, String bootstrapServers)
            throws IOException, InterruptedException {
        Crm left = Crm.hubSpot(http, hubspot);
        Crm right = Crm.dynamics(http, dynamics, example.table());
        Summary summary;
        try (Progress progress = new Progress(contacts)) {
            ConvergenceWatch watch = new ConvergenceWatch(left, right, example, connect, bootstrapServers, progress);
            if (!once) {
                Progress.line("Running; stop with Ctrl-C");
                watch.follow();
            }
            summary = watch.untilConverged(contacts);
        }
        System.out.println(summary.toJson());
        return summary.converged() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
