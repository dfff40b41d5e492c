package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.sandbox.run.Crms;
import io.github.crmsync.sandbox.run.Lab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The archives in a worker of the oldest supported Connect, with the libraries that it brings. */
@Tag("deep")
class OldestWorkerIT {
    private static final Path LIBRARIES =
            Path.of("../oldest-worker/target/kafka-lib").toAbsolutePath();
    private static final int CONTACTS = 20;
    private static final Duration QUIET = Duration.ofSeconds(3);

    @Test
    void aTwoWaySyncConvergesAndIsQuiet() throws Exception {
        try (Lab lab = Lab.start("oldest");
                Crms crms = Crms.open(CONTACTS, 1, 0, 500)) {
            Lab.Worker worker = lab.worker("oldest", LIBRARIES).start();
            Connect connect = new Connect(worker.url());
            assertThat(connect.get("/").path("version").asText()).startsWith("3.9.");
            Users users = new Users(crms);
            Healing healing = new Healing(lab, crms, users);
            lab.put(worker, crms.connectors("oldest", lab.bootstrapServers(), Map.of("poll.interval.ms", "300")));
            users.agreed(healing.awaitImport(QUIET));
            users.work(1, 20, 60).get();
            healing.awaitDone("Kafka Connect 3.9", QUIET);
            connect.requireRunning();
        }
    }
}
