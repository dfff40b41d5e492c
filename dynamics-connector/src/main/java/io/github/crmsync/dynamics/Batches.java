package io.github.crmsync.dynamics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Cuts requests into batches. */
final class Batches {
    private Batches() {}

    /**
     * Batches in the order of the requests, each with as many as the bounds allow, and with one at least.
     *
     * @param size of a request in bytes
     * @param most requests in a batch
     * @param bytes most bytes of a batch
     */
    static <T> List<List<T>> cut(List<T> requests, ToLongFunction<T> size, int most, long bytes) {
        List<List<T>> batches = new ArrayList<>();
        List<T> batch = new ArrayList<>();
        long sum = 0;
        for (T request : requests) {
            long own = size.applyAsLong(request);
            if (!batch.isEmpty() && (batch.size() == most || sum + own > bytes)) {
                batches.add(batch);
                batch = new ArrayList<>();
                sum = 0;
            }
            batch.add(request);
            sum += own;
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }
}
