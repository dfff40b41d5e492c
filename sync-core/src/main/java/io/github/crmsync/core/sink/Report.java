package io.github.crmsync.core.sink;

import java.util.Map;

/** Where a sink's decisions are recorded. */
public interface Report extends AutoCloseable {
    /**
     * Records a decision.
     *
     * @param targetApp app that the sink writes to
     * @param now time of the decision in ms since the epoch
     */
    void record(String targetApp, Work work, Outcome outcome, long now);

    /** Records a decision on an image that was decided on before with other settings. */
    default void recordAnew(String targetApp, Work work, Outcome outcome, long now) {
        record(targetApp, work, outcome, now);
    }

    /** Records how often a preview has come to each decision so far. */
    void plan(String targetApp, Map<Outcome.Kind, Long> counts, long now);

    /**
     * Records that the sink has begun to wait, or that it goes on.
     *
     * @param why the reason, in words without personal data; null when it goes on
     */
    default void held(String targetApp, String why, long now) {}

    /** Waits until everything recorded is kept. */
    void flush();

    @Override
    void close();

    /** A report to nowhere. */
    static Report none() {
        return new Report() {
            @Override
            public void record(String targetApp, Work work, Outcome outcome, long now) {
                // Nobody asked for it.
            }

            @Override
            public void plan(String targetApp, Map<Outcome.Kind, Long> counts, long now) {
                // Nobody asked for it.
            }

            @Override
            public void flush() {
                // Nothing to keep.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }
}
