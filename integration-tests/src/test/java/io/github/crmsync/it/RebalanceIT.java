package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.run.Crms;
import io.github.crmsync.sandbox.run.Lab;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two workers of one group, two tasks for each sink, four partitions in each topic; edits on both sides all the while. */
@Tag("deep")
class RebalanceIT {
    private static final int CONTACTS = 40;
    private static final int EDITS = 40;
    private static final int LONGEST_PAUSE_MS = 200;
    private static final int LATENCY_MS = 50;
    private static final int LAG_MS = 500;
    /** Whoever takes a partition over waits that long, and ten seconds more, before it touches what was being written. */
    private static final String DEADLINE_MS = "5000";

    private static final long QUICK_MS = 2_000;
    /** More than the workers' session timeout. */
    private static final long SESSION_MS = 9_000;

    private static final long NEVER_MS = 600_000;
    private static final Duration QUIET = Duration.ofSeconds(4);
    /** A failure's bound only. */
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private Lab lab;
    private Crms crms;
    private Users users;
    private Healing healing;
    private Lab.Worker first;
    private Lab.Worker second;

    /**
     * @param rebalanceDelayMs time for which a lost worker's tasks wait for it to come back
     * @param workers how many there are from the beginning: with two, each has one task of either sink
     */
    private void firstImport(long rebalanceDelayMs, int workers) throws IOException, InterruptedException {
        lab = Lab.start("rebalance");
        crms = Crms.open(CONTACTS, 1, LATENCY_MS, LAG_MS);
        users = new Users(crms);
        healing = new Healing(lab, crms, users);
        Map<String, String> delay = Map.of("scheduled.rebalance.max.delay.ms", Long.toString(rebalanceDelayMs));
        first = lab.worker("first", delay).start();
        second = lab.worker("second", delay);
        if (workers == 2) {
            second.start();
        }
        lab.put(
                first,
                crms.connectors(
                        "pair",
                        lab.bootstrapServers(),
                        Map.of(
                                "poll.interval.ms",
                                "300",
                                "tasks.max",
                                "2",
                                "write.deadline.ms",
                                DEADLINE_MS,
                                "http.request.timeout.ms",
                                DEADLINE_MS)));
        users.agreed(healing.awaitImport(QUIET));
    }

    @AfterEach
    void stop() {
        if (lab != null) {
            lab.close();
        }
        if (crms != null) {
            crms.close();
        }
    }

    @Test
    void workersThatComeAndGoLoseNothingAndDoubleNothing() throws Exception {
        firstImport(QUICK_MS, 1);
        CompletableFuture<Void> edits = users.work(1, EDITS, LONGEST_PAUSE_MS);
        second.start();
        awaitTasksOn(first, second);
        edits.get();
        users.agreed(healing.awaitDone("After the second worker came", QUIET));

        edits = users.work(2, EDITS, LONGEST_PAUSE_MS);
        awaitBatches(3);
        first.kill();
        awaitTasksOn(second);
        edits.get();
        users.agreed(healing.awaitDone("After the first worker was killed", QUIET));

        edits = users.work(3, EDITS, LONGEST_PAUSE_MS);
        first.start();
        awaitTasksOn(first, second);
        edits.get();
        healing.awaitDone("After the first worker came back", QUIET);
    }

    @Test
    void aWorkerThatWasSuspendedInTheMiddleOfItsWorkUndoesNothingWhenItGoesOn() throws Exception {
        firstImport(QUICK_MS, 2);
        awaitTasksOn(first, second);
        for (long seed = 11; seed <= 13; seed++) {
            Lab.Worker zombie = seed % 2 == 0 ? second : first;
            Lab.Worker heir = seed % 2 == 0 ? first : second;
            CompletableFuture<Void> edits = users.work(seed, EDITS, LONGEST_PAUSE_MS);
            awaitBatches(2 + (int) seed % 3);
            zombie.suspend();
            try {
                awaitTasksOn(heir);
                edits.get();
                healing.awaitDone("Seed " + seed + ", while one worker is suspended", QUIET);
                // What was agreed without it must not be undone by what it still holds.
                edits = users.work(seed + 100, EDITS / 2, LONGEST_PAUSE_MS);
                awaitBatches(1);
            } finally {
                zombie.resume();
            }
            edits.get();
            awaitTasksOn(first, second);
            users.agreed(healing.awaitDone("Seed " + seed + ", after it went on", QUIET));
        }
    }

    /** Nobody restarts its tasks: only the consumer group notices, and gives its partitions to the other task. */
    @Test
    void aWorkerThatWasSuspendedAndLostOnlyItsPartitionsUndoesNothingWhenItGoesOn() throws Exception {
        firstImport(NEVER_MS, 2);
        awaitTasksOn(first, second);
        for (long seed = 21; seed <= 23; seed++) {
            Lab.Worker zombie = seed % 2 == 0 ? second : first;
            CompletableFuture<Void> edits = users.work(seed, EDITS, LONGEST_PAUSE_MS);
            awaitBatches(2 + (int) seed % 3);
            zombie.suspend();
            try {
                edits.get();
                // The length of the outage itself.
                Thread.sleep(SESSION_MS);
                edits = users.work(seed + 100, EDITS / 2, LONGEST_PAUSE_MS);
                edits.get();
            } finally {
                zombie.resume();
            }
            awaitTasksOn(first, second);
            users.agreed(healing.awaitDone("Seed " + seed, QUIET));
        }
    }

    /** Until the sinks have sent some more batches to either side. */
    private void awaitBatches(int more) {
        long target = crms.hubspotBatches() + crms.dynamicsBatches() + more;
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(2))
                .pollDelay(Duration.ZERO)
                .until(() -> crms.hubspotBatches() + crms.dynamicsBatches() >= target);
    }

    /** Until all tasks run, and on exactly these workers. */
    private void awaitTasksOn(Lab.Worker... workers) {
        Set<String> expected = new TreeSet<>();
        for (Lab.Worker worker : workers) {
            expected.add(worker.url().substring("http://".length()));
        }
        Connect connect = new Connect(workers[0].url());
        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
            connect.requireRunning();
            Set<String> used = new TreeSet<>();
            for (JsonNode connector : connect.get("/connectors?expand=status")) {
                connector
                        .path("status")
                        .path("tasks")
                        .forEach(task -> used.add(task.path("worker_id").asText()));
            }
            assertThat(used).isEqualTo(expected);
        });
    }
}
