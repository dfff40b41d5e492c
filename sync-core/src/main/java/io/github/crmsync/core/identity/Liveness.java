package io.github.crmsync.core.identity;

import java.util.function.LongSupplier;

/**
 * Whether another connector runs: its consumer group has members. Stopped, deleted or lost with its worker, it has none; only
 * after a while without any it counts as gone, since a restart and a rebalance look the same for a moment.
 */
final class Liveness {
    /** What is known of it. */
    enum State {
        RUNNING,
        /** No member now, but not for long enough. */
        SILENT,
        GONE
    }

    /** Time in ms without members after which a connector counts as gone. */
    static final long GONE_AFTER_MS = 120_000;
    /** Time in ms between two looks. */
    private static final long LOOK_MS = 5_000;

    private final Groups groups;
    private final LongSupplier elapsed;
    private String group;
    private State state = State.SILENT;
    private long lookedAt;
    private long silentSince;
    private boolean looked;

    Liveness(Groups groups, LongSupplier elapsed) {
        this.groups = groups;
        this.elapsed = elapsed;
    }

    /** Begins anew: something was heard of it. */
    void heard() {
        looked = false;
        state = State.SILENT;
    }

    State of(String wanted) {
        if (!wanted.equals(group)) {
            group = wanted;
            heard();
        }
        long now = elapsed.getAsLong();
        if (looked && now - lookedAt < LOOK_MS) {
            return state;
        }
        boolean silent = groups.members(wanted) == 0;
        if (!silent) {
            state = State.RUNNING;
        } else if (!looked || state == State.RUNNING) {
            state = State.SILENT;
            silentSince = now;
        } else if (now - silentSince >= GONE_AFTER_MS) {
            state = State.GONE;
        }
        looked = true;
        lookedAt = now;
        return state;
    }
}
