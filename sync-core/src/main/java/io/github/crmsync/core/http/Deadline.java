package io.github.crmsync.core.http;

import java.util.function.LongSupplier;

/**
 * Until when something may be begun, and by when it must have ended.
 *
 * @param startBy last moment to begin, in ms on the clock
 * @param endBy moment at which what has begun is given up, in ms on the clock
 * @param clock in ms; only goes forward, and need not tell the time of day
 */
public record Deadline(long startBy, long endBy, LongSupplier clock) {
    /** No limit. */
    public static final Deadline NONE = new Deadline(Long.MAX_VALUE, Long.MAX_VALUE, () -> 0);

    /** Ends that time from now; what is begun in its last quarter would hardly end in time. */
    public static Deadline in(long ms, LongSupplier clock) {
        long now = clock.getAsLong();
        return new Deadline(now + ms - ms / 4, now + ms, clock);
    }

    /** The one of two that leaves less time. */
    public Deadline earlier(Deadline other) {
        return other.leftMs() < leftMs() ? other : this;
    }

    /** Whether it is too late to begin. */
    public boolean late() {
        return clock.getAsLong() >= startBy;
    }

    /** Time to the last moment to begin, in ms; not negative. */
    public long untilLateMs() {
        return Math.max(0, startBy - clock.getAsLong());
    }

    /** Time to the end, in ms; not negative. */
    public long leftMs() {
        return Math.max(0, endBy - clock.getAsLong());
    }
}
