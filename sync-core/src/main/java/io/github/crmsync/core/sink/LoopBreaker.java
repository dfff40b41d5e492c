package io.github.crmsync.core.sink;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Stops a field that is written again and again: where a workflow in each app rewrites what the sync brings, neither side ever
 * comes to rest.
 *
 * <p>It remembers in memory only; a restarted task gives a loop a few more rounds.
 */
final class LoopBreaker {
    private static final int MOST_FIELDS = 50_000;

    private record Field(String targetId, String name) {}

    private final int limit;
    private final long windowMs;
    private final LongSupplier clock;
    /** Times of the latest writes, oldest first; the field that was written longest ago comes first. */
    private final Map<Field, Deque<Long>> writes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Field, Deque<Long>> eldest) {
            return size() > MOST_FIELDS;
        }
    };

    /**
     * @param limit writes of one field of one record within the window after which it is left alone; 0 means never
     * @param windowMs length of the window in ms
     */
    LoopBreaker(int limit, long windowMs, LongSupplier clock) {
        this.limit = limit;
        this.windowMs = windowMs;
        this.clock = clock;
    }

    void written(String targetId, Set<String> fields) {
        if (limit > 0) {
            long now = clock.getAsLong();
            for (String field : fields) {
                Deque<Long> times = writes.computeIfAbsent(new Field(targetId, field), f -> new ArrayDeque<>());
                times.addLast(now);
                if (times.size() > limit) {
                    times.removeFirst();
                }
            }
        }
    }

    /** Those of the fields that have been written too often lately. */
    Set<String> stopped(String targetId, Set<String> fields) {
        Set<String> found = new HashSet<>();
        long since = clock.getAsLong() - windowMs;
        for (String field : fields) {
            Deque<Long> times = writes.get(new Field(targetId, field));
            if (times != null && times.size() == limit && times.peekFirst() > since) {
                found.add(field);
            }
        }
        return found;
    }
}
