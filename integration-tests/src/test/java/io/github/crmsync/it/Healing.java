package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.crmsync.sandbox.run.Crms;
import io.github.crmsync.sandbox.run.Lab;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionTimeoutException;

/** Waits until a sync has done all that it has to do, and looks whether it does more than that. */
record Healing(Lab lab, Crms crms, Users users) {
    /** A failure's bound only. */
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private static final Duration STEP = Duration.ofMillis(300);

    /** Both sides as they have to be, and not one write for a while. */
    Crms.View awaitDone(String what, Duration quiet) {
        AtomicReference<List<String>> complaints = new AtomicReference<>(List.of("not looked yet"));
        try {
            await().atMost(LIMIT).pollInterval(STEP).until(() -> {
                complaints.set(users.complaints(crms.view(users.deleted())));
                return complaints.get().isEmpty();
            });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + " does not heal: " + complaints.get() + "\n" + lab.state(), e);
        }
        try {
            long before = awaitQuiet(quiet);
            Crms.View view = crms.view(users.deleted());
            assertThat(users.complaints(view)).as(what).isEmpty();
            assertThat(crms.written()).as(what + ": writes").isEqualTo(before);
            return view;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(what, e);
        }
    }

    /** Both sides equal, and not one write for a while; how many records there are then is the first import's affair. */
    Crms.View awaitImport(Duration quiet) {
        await().atMost(LIMIT)
                .pollInterval(STEP)
                .until(() -> crms.view(users.deleted()).differences().isEmpty());
        awaitQuiet(quiet);
        try {
            return crms.view(users.deleted());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Until nothing has been written for that time. */
    long awaitQuiet(Duration quiet) {
        long[] last = {-1};
        await().atMost(LIMIT).during(quiet).pollInterval(STEP).until(() -> {
            long now = crms.written();
            boolean same = now == last[0];
            last[0] = now;
            return same;
        });
        return last[0];
    }
}
