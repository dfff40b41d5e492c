package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.run.Crms;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each example brings both sides together; the sandbox itself compares them through their public APIs. */
class ExamplesIT {
    private static final int CONTACTS = 300;
    /** The sandbox's own default. */
    private static final long SEED = 1;
    /** The sandbox looks on for ten polls before it calls both sides equal, and for ten more. */
    private static final String OFTEN = "--poll-interval-ms=500";
    /** A failure's bound only: a killed worker is back within seconds, on a busy machine later. */
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    private static JsonNode run(String example) throws IOException, InterruptedException {
        try (Sandbox sandbox = Sandbox.start("--once", "--contacts=" + CONTACTS, OFTEN, "--config=" + example)) {
            return converged(sandbox);
        }
    }

    private static JsonNode converged(Sandbox sandbox) throws InterruptedException {
        JsonNode summary = sandbox.summary();
        assertThat(summary.path("converged").asBoolean()).as(summary.toString()).isTrue();
        assertThat(summary.path("writesAfterQuiescence").asLong(-1)).isZero();
        assertThat(sandbox.exitCode()).isZero();
        return summary;
    }

    private static long written(JsonNode summary, String app) {
        return summary.path("created").path(app).asLong()
                + summary.path("updated").path(app).asLong();
    }

    @Test
    void hubSpotToDynamicsNeverWritesToHubSpot() throws Exception {
        JsonNode summary = run("hubspot-to-dynamics");

        assertThat(written(summary, "hubspot")).isZero();
        assertThat(written(summary, "dynamics")).isPositive();
    }

    @Test
    void dynamicsToHubSpotNeverWritesToDynamics() throws Exception {
        JsonNode summary = run("dynamics-to-hubspot");

        assertThat(written(summary, "dynamics")).isZero();
        assertThat(written(summary, "hubspot")).isPositive();
    }

    @Test
    void leadsConverge() throws Exception {
        JsonNode summary = run("two-way-leads");

        assertThat(summary.path("contacts").path("linked").asInt()).isGreaterThan(CONTACTS);
    }

    @Test
    void aWorkerKilledInTheFirstImportLeavesNoDuplicate() throws Exception {
        try (Sandbox sandbox = Sandbox.start(
                "--once", "--contacts=" + CONTACTS, OFTEN, "--config=two-way-contacts", "--latency-ms=50")) {
            HubSpot hubspot = sandbox.hubspot();
            Dynamics dynamics = sandbox.dynamics();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> hubspot.stats().path("recordsWritten").asLong() > 0);
            sandbox.killWorker();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> dynamics.stats().path("recordsWritten").asLong() > 0);
            sandbox.killWorker();

            assertThat(converged(sandbox).path("contacts")).isEqualTo(Crms.contactsInTheEnd(CONTACTS, SEED));
        }
    }
}
