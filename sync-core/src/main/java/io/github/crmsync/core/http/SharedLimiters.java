package io.github.crmsync.core.http;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Budgets by name for this JVM and class loader: all connectors and tasks of one plugin that use one account share its
 * budget.
 */
public final class SharedLimiters {
    private static final ConcurrentMap<String, BucketLimiter> LIMITERS = new ConcurrentHashMap<>();

    private SharedLimiters() {}

    /**
     * The budget of that name. Requests are spread over the period, and at most a tenth of it is saved up while idle, so
     * that no window of that length ever sees more than 110 % of the permits. Of different rates for one name the latest
     * holds.
     */
    public static RateLimiter of(String key, int permits, Duration period) {
        BucketLimiter limiter = LIMITERS.computeIfAbsent(key, k -> new BucketLimiter(permits, period));
        limiter.change(permits, period);
        return limiter;
    }

    private static final class BucketLimiter implements RateLimiter {
        private record Rate(int permits, Duration period) {}

        private Rate rate;
        private volatile Bucket bucket;

        BucketLimiter(int permits, Duration period) {
            change(permits, period);
        }

        synchronized void change(int permits, Duration period) {
            Rate wanted = new Rate(permits, period);
            if (!wanted.equals(rate)) {
                rate = wanted;
                bucket = Bucket.builder()
                        .addLimit(limit ->
                                limit.capacity(Math.max(1, permits / 10)).refillGreedy(permits, period))
                        .build();
            }
        }

        @Override
        public boolean acquire(Duration maxWait) throws InterruptedException {
            return bucket.asBlocking().tryConsume(1, maxWait);
        }
    }
}
