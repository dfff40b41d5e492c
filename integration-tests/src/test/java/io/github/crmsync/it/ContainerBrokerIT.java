package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/** The published Kafka image as the broker; skipped where there is no Docker, unless somebody has prepared it. */
@Testcontainers
@EnabledIf("isPreparedOrAvailable")
class ContainerBrokerIT {
    /** Set by what prepares Docker and the image: a skip would be an error then. */
    private static final String PREPARED = "CRMSYNC_DOCKER_PREPARED";

    @Container
    private static final KafkaContainer KAFKA = new KafkaContainer(System.getProperty("kafka.image"));

    static boolean isPreparedOrAvailable() {
        return System.getenv(PREPARED) != null || DockerClientFactory.instance().isDockerAvailable();
    }

    @Test
    void twoWaySyncWithABrokerInAContainer() throws Exception {
        try (Sandbox sandbox = Sandbox.start(
                "--once",
                "--contacts=50",
                "--config=two-way-contacts",
                "--bootstrap-servers=" + KAFKA.getBootstrapServers())) {
            JsonNode summary = sandbox.summary();

            assertThat(summary.path("converged").asBoolean())
                    .as(summary.toString())
                    .isTrue();
            assertThat(summary.path("writesAfterQuiescence").asLong(-1)).isZero();
        }
    }
}
