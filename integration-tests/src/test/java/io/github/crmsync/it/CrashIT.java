package io.github.crmsync.it;

import io.github.crmsync.sandbox.run.Crms;
import io.github.crmsync.sandbox.run.Lab;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A worker is killed at a random moment while people edit both sides, and started again. Each seed stands for the edits and
 * the moment; the next one goes on with the contacts that the last one left. {@code -Dcrash.seeds=N} runs more of them,
 * {@code -Dcrash.first=S} begins with another one.
 */
@Tag("deep")
class CrashIT {
    private static final int CONTACTS = 50;
    private static final int EDITS = 24;
    private static final int LONGEST_PAUSE_MS = 200;
    private static final int LATENCY_MS = 20;
    private static final int LAG_MS = 500;
    /** The new worker waits that long, and ten seconds more, before it touches what was being written. */
    private static final String DEADLINE_MS = "5000";

    private static final Duration QUIET = Duration.ofSeconds(2);
    /** Where a seed's moment does not come, because too few edits need the call that it waits for. */
    private static final long LATEST_KILL_MS = 8_000;

    private static Lab lab;
    private static Crms crms;
    private static Users users;
    private static Healing healing;
    private static Lab.Worker worker;

    @BeforeAll
    static void firstImport() throws IOException, InterruptedException {
        lab = Lab.start("crash");
        crms = Crms.open(CONTACTS, 1, LATENCY_MS, LAG_MS);
        users = new Users(crms);
        healing = new Healing(lab, crms, users);
        worker = lab.worker("worker", Map.of()).start();
        lab.put(
                worker,
                crms.connectors(
                        "crash",
                        lab.bootstrapServers(),
                        Map.of(
                                "poll.interval.ms",
                                "300",
                                "write.deadline.ms",
                                DEADLINE_MS,
                                "http.request.timeout.ms",
                                DEADLINE_MS)));
        users.agreed(healing.awaitImport(QUIET));
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
        if (crms != null) {
            crms.close();
        }
    }

    static LongStream seeds() {
        long first = Long.getLong("crash.first", 1);
        return LongStream.range(first, first + Integer.getInteger("crash.seeds", 8));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void bothSidesHealAfterAKill(long seed) throws Exception {
        Random random = new Random(seed);
        CompletableFuture<Void> edits = users.work(seed, EDITS, LONGEST_PAUSE_MS);
        String moment = kill(random);
        worker.launch();
        if (random.nextInt(4) == 0) {
            // Once more while the new one starts, or mends what the first left.
            int pause = 2_000 + random.nextInt(6_000);
            Thread.sleep(pause);
            worker.kill();
            worker.launch();
            moment += ", and " + pause + " ms after it was started again";
        }
        System.err.println("CrashIT seed " + seed + ": killed " + moment);
        edits.get();
        users.agreed(healing.awaitDone("Seed " + seed + ", killed " + moment, QUIET));
    }

    /** Kills the worker at a moment by chance: after some time, or after some batch that a sink has sent. */
    private static String kill(Random random) throws InterruptedException {
        boolean byTime = random.nextInt(5) == 0;
        if (byTime) {
            int delay = random.nextInt(4_000);
            Thread.sleep(delay);
            worker.kill();
            return delay + " ms after the first edit";
        }
        boolean inHubSpot = random.nextBoolean();
        int batch = 1 + random.nextInt(12);
        int delay = random.nextInt(3 * LATENCY_MS);
        LongSupplier batches = inHubSpot ? crms::hubspotBatches : crms::dynamicsBatches;
        long target = batches.getAsLong() + batch;
        long latest = System.nanoTime() + LATEST_KILL_MS * 1_000_000;
        while (batches.getAsLong() < target && System.nanoTime() < latest) {
            Thread.sleep(1);
        }
        Thread.sleep(delay);
        boolean reached = batches.getAsLong() >= target;
        worker.kill();
        return "%d ms after batch %d to %s%s"
                .formatted(delay, batch, inHubSpot ? "HubSpot" : "Dynamics", reached ? "" : ", which never came");
    }
}
