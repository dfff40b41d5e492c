package io.github.crmsync.sandbox.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A KRaft broker and a distributed Connect worker, as child processes with Kafka's own libraries. */
final class KafkaRuntime {
    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    private static final String HOST = "127.0.0.1";

    /**
     * One worker of the group.
     *
     * @param port of its REST API
     * @param environment secrets, open to connector configurations as <code>${env:NAME}</code>
     * @param settings of the worker, over or besides those of the sandbox
     */
    record Worker(
            String name, int port, Path pluginPath, Map<String, String> environment, Map<String, String> settings) {}

    private final Path kafkaLib;
    private final Path workDir;
    private final int connectPort;
    private String bootstrapServers;

    /** @param bootstrapServers a Kafka that runs already; null if {@link #startBroker} is going to start one */
    KafkaRuntime(Path kafkaLib, Path workDir, int connectPort, String bootstrapServers) {
        this.kafkaLib = kafkaLib;
        this.workDir = workDir;
        this.connectPort = connectPort;
        this.bootstrapServers = bootstrapServers;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    String connectUrl() {
        return "http://" + HOST + ":" + connectPort;
    }

    String classPath() {
        return kafkaLib + "/*";
    }

    void startBroker(ProcessGroup processes, int kafkaPort) throws InterruptedException {
        bootstrapServers = HOST + ":" + kafkaPort;
        Path config = write("broker.properties", brokerConfig(kafkaPort));
        Path logging = write("log4j2.properties", LOGGING);
        List<String> format =
                List.of("format", "--standalone", "-t", "crmSyncSandboxAAAAAAAA", "-c", config.toString());
        processes
                .start(kafka("storage-format", "kafka.tools.StorageTool", "64m", logging, format, Map.of()))
                .awaitSuccess(START_LIMIT);
        ChildProcess broker =
                processes.start(kafka("broker", "kafka.Kafka", "512m", logging, List.of(config.toString()), Map.of()));
        Ports.awaitOpen(kafkaPort, broker, START_LIMIT);
    }

    /** Starts the worker; secrets in its environment are open to connector configurations as <code>${env:NAME}</code>. */
    void startWorker(ProcessGroup processes, Path pluginPath, Map<String, String> environment)
            throws InterruptedException {
        Worker worker = new Worker("worker", connectPort, pluginPath, environment, Map.of());
        Ports.awaitOpen(connectPort, processes.startSupervised(command(worker)), START_LIMIT);
    }

    /** Starts one of several workers, or one that is to stay dead when it dies; does not wait for it. */
    ChildProcess startWorker(ProcessGroup processes, Worker worker) {
        return processes.start(command(worker));
    }

    private ChildProcess.Command command(Worker worker) {
        Path config = write(worker.name() + ".properties", workerConfig(worker));
        Path logging = write("log4j2.properties", LOGGING);
        return kafka(
                worker.name(),
                "org.apache.kafka.connect.cli.ConnectDistributed",
                "1g",
                logging,
                List.of(config.toString()),
                worker.environment());
    }

    private ChildProcess.Command kafka(
            String name,
            String mainClass,
            String heap,
            Path logging,
            List<String> arguments,
            Map<String, String> environment) {
        List<String> jvm = List.of(
                "-Xmx" + heap,
                "-XX:+UseG1GC",
                "-Dlog4j2.configurationFile=" + logging.toUri(),
                // Kafka 3 logs through Log4j 1.
                "-Dlog4j.configuration=" + write("log4j.properties", LOGGING_1).toUri());
        return new ChildProcess.Command(name, classPath(), mainClass, jvm, arguments, environment);
    }

    private String brokerConfig(int kafkaPort) {
        int controllerPort = Ports.anyFree();
        return """
                process.roles=broker,controller
                node.id=1
                listeners=PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d
                advertised.listeners=PLAINTEXT://%1$s:%2$d
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                controller.quorum.bootstrap.servers=%1$s:%3$d
                log.dirs=%4$s
                num.partitions=1
                default.replication.factor=1
                min.insync.replicas=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                # A consumer that subscribes before the source has created its compacted topic must not create it.
                auto.create.topics.enable=false
                """.formatted(HOST, kafkaPort, controllerPort, path(workDir.resolve("kafka-data")));
    }

    private String workerConfig(Worker worker) {
        String settings = """
                bootstrap.servers=%1$s
                group.id=crm-sync-sandbox
                listeners=http://%2$s:%3$d
                rest.advertised.host.name=%2$s
                rest.advertised.port=%3$d
                plugin.path=%4$s
                plugin.discovery=service_load
                key.converter=org.apache.kafka.connect.storage.StringConverter
                value.converter=org.apache.kafka.connect.json.JsonConverter
                value.converter.schemas.enable=false
                config.storage.topic=connect-configs
                config.storage.replication.factor=1
                offset.storage.topic=connect-offsets
                offset.storage.replication.factor=1
                offset.storage.partitions=5
                status.storage.topic=connect-status
                status.storage.replication.factor=1
                status.storage.partitions=3
                offset.flush.interval.ms=1000
                exactly.once.source.support=enabled
                topic.creation.enable=true
                connector.client.config.override.policy=All
                config.providers=env,file,directory
                config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider
                config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider
                config.providers.directory.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider
                # What a killed worker's sinks were reading is free after this time instead of 45 s.
                consumer.session.timeout.ms=10000
                # Killed twice while it starts, the worker may share out half of the tasks to its dead predecessor. They
                # would wait for that one for the default of five minutes.
                scheduled.rebalance.max.delay.ms=5000
                # A worker reads the offsets topic to its end before it starts, and a killed one may have left a
                # transaction open there, for a minute by default.
                producer.transaction.timeout.ms=20000
                """.formatted(bootstrapServers, HOST, worker.port(), path(worker.pluginPath()));
        // Of two lines with one name the later one counts.
        return worker.settings().entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining("", settings, ""));
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(Files.createDirectories(workDir).resolve(name), text);
        } catch (IOException e) {
            throw new SandboxException("Cannot write " + workDir.resolve(name), e);
        }
    }

    /** A backslash is an escape in a properties file. */
    private static String path(Path path) {
        return path.toString().replace('\\', '/');
    }

    private static final String LOGGING = """
            status=warn
            rootLogger.level=info
            rootLogger.appenderRef.out.ref=out
            appender.out.type=Console
            appender.out.name=out
            appender.out.layout.type=PatternLayout
            appender.out.layout.pattern=%d{ISO8601} %-5p %m (%c{1})%n
            logger.clients.name=org.apache.kafka.clients
            logger.clients.level=warn
            logger.configs.name=org.apache.kafka.common.config
            logger.configs.level=warn
            """;

    private static final String LOGGING_1 = """
            log4j.rootLogger=INFO, out
            log4j.appender.out=org.apache.log4j.ConsoleAppender
            log4j.appender.out.layout=org.apache.log4j.PatternLayout
            log4j.appender.out.layout.ConversionPattern=%d{ISO8601} %-5p %m (%c{1})%n
            log4j.logger.org.apache.kafka.clients=WARN
            log4j.logger.org.apache.kafka.common.config=WARN
            """;
}
