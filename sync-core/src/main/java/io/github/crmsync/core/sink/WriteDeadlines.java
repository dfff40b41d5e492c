package io.github.crmsync.core.sink;

import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.ledger.Intent;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * How long the requests of an intent may be under way, and from when on nothing of them can arrive any more.
 *
 * <p>A task that has lost a partition without noticing cannot record intents for it any more, but it may be about to send what
 * it had recorded before. So the time counts from before an intent is recorded, and whoever takes a partition over judges the
 * intents that he finds only when that time has passed since he took it over. Only durations are compared, never the clocks of
 * two machines.
 */
final class WriteDeadlines {
    /** For a request that the app still carries out after it was given up here. */
    static final long GRACE_MS = 10_000;
    /** Of intents that are forgotten it takes only longer to judge them. */
    private static final int MOST_OVER = 10_000;

    private final long deadlineMs;
    private final long settledMs;
    private final LongSupplier clock;
    /** By intent of this task: when it may be judged. */
    private final Map<String, Long> own = new HashMap<>();

    private final Map<TopicPartition, Long> held = new HashMap<>();
    /** Intents of this task whose requests were answered. */
    private final Set<String> over = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_OVER;
        }
    });

    /**
     * @param deadlineMs from before an intent is recorded to the end of its requests; 0 means no limit, and nothing to wait for
     * @param clock in ms; only goes forward
     */
    WriteDeadlines(long deadlineMs, LongSupplier clock) {
        this.deadlineMs = deadlineMs;
        this.settledMs = deadlineMs == 0 ? 0 : deadlineMs + GRACE_MS;
        this.clock = clock;
    }

    /** Call before something is recorded that allows to write. */
    Deadline begin() {
        long now = clock.getAsLong();
        // What is passed follows from when the partition was taken over, too.
        own.values().removeIf(settled -> settled <= now);
        return deadlineMs == 0 ? Deadline.NONE : Deadline.in(deadlineMs, clock);
    }

    /** An intent that is about to be recorded, within a time that has begun. */
    void recording(Intent intent, Deadline deadline) {
        if (deadlineMs > 0) {
            own.put(intent.id(), deadline.endBy() + GRACE_MS);
        }
    }

    /** The app has answered the intent's request. */
    void over(Intent intent) {
        over.add(intent.id());
    }

    /** From now on nobody else can record anything for this partition. */
    void taken(TopicPartition partition) {
        held.put(partition, clock.getAsLong());
    }

    void released(TopicPartition partition) {
        held.remove(partition);
    }

    /** Whether another task may hold the partition that the intent's image came from. */
    boolean isElsewhere(Intent intent) {
        // Without any partition taken over, this is a test, or a ledger without fencing.
        return !held.isEmpty() && !held.containsKey(intent.images());
    }

    /** Whether nothing of the intent's requests can be under way any more. */
    boolean passed(Intent intent, TopicPartition partition) {
        if (over.contains(intent.id())) {
            return true;
        }
        Long settled = own.get(intent.id());
        if (settled == null) {
            Long since = held.get(partition);
            // A partition that nobody took over is one of a test's, or of a ledger without fencing.
            settled = since == null ? Long.MIN_VALUE : since + settledMs;
        }
        return clock.getAsLong() >= settled;
    }
}
