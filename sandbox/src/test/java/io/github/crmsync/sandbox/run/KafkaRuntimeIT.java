package io.github.crmsync.sandbox.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broker and worker as child processes, without any plugin. */
class KafkaRuntimeIT {
    @Test
    void theWorkerAnswersAndIsStartedAgainWhenItDies(@TempDir Path dir) throws Exception {
        int kafkaPort = Ports.anyFree();
        int connectPort = Ports.anyFree();
        List<String> notices = new CopyOnWriteArrayList<>();
        Path lib = Path.of("target/kafka-lib").toAbsolutePath();
        KafkaRuntime kafka = new KafkaRuntime(lib, dir, connectPort, null);
        ConnectClient connect = new ConnectClient(new Http(), kafka.connectUrl());
        try (ProcessGroup processes = new ProcessGroup(dir.resolve("logs"), notices::add)) {
            kafka.startBroker(processes, kafkaPort);
            assertThatThrownBy(() -> Ports.requireFree(kafkaPort, "Kafka broker", "--kafka-port"))
                    .hasMessageContaining("--kafka-port");
            kafka.startWorker(processes, Files.createDirectory(dir.resolve("plugins")), Map.of());
            assertThat(connect.awaitPlugins(Duration.ofMinutes(4)).isArray()).isTrue();

            processes.killNewest();
            await().atMost(Duration.ofMinutes(4)).until(() -> !notices.isEmpty());
            assertThat(connect.awaitPlugins(Duration.ofMinutes(4)).isArray()).isTrue();
        }
        Ports.requireFree(kafkaPort, "Kafka broker", "--kafka-port");
        Ports.requireFree(connectPort, "Connect worker", "--connect-port");
    }
}
