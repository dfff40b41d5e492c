package io.github.crmsync.core.identity;

import java.util.function.BiConsumer;
import org.slf4j.Logger;

/** Says why a task waits: at once, when the reason changes, and again after pauses that grow to ten minutes. */
public final class Notice {
    private static final long FIRST_PAUSE_MS = 10_000;
    private static final long LONGEST_PAUSE_MS = 600_000;

    private final Logger log;
    private final BiConsumer<String, Long> report;
    private String reason;
    private long nextAt;
    private long pause;

    /** @param report called with each new reason, and with null when the wait is over; and the time in ms since the epoch */
    public Notice(Logger log, BiConsumer<String, Long> report) {
        this.log = log;
        this.report = report;
    }

    public void waits(String why, long now) {
        if (!why.equals(reason)) {
            reason = why;
            pause = FIRST_PAUSE_MS;
            report.accept(why, now);
        } else if (now < nextAt) {
            return;
        } else {
            pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
        }
        nextAt = now + pause;
        log.warn("Nothing is written: {}", why);
    }

    public void goesOn(long now) {
        if (reason != null) {
            log.info("Goes on: what it waited for is over");
            reason = null;
            report.accept(null, now);
        }
    }
}
