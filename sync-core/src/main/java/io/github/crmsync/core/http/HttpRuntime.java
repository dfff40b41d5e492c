package io.github.crmsync.core.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** What HTTP clients and those who use them run on: a clock, waits, budgets and connections. Others than the system's are for simulations. */
public interface HttpRuntime {
    /** The machine's clock and network. */
    HttpRuntime SYSTEM = new HttpRuntime() {
        @Override
        public long millis() {
            return System.currentTimeMillis();
        }

        @Override
        public boolean await(CountDownLatch ended, long ms) throws InterruptedException {
            return ended.await(ms, TimeUnit.MILLISECONDS);
        }

        @Override
        public boolean acquire(RateLimiter budget, Duration most) throws InterruptedException {
            return budget.acquire(most);
        }

        @Override
        public long random(long bound) {
            return ThreadLocalRandom.current().nextLong(bound);
        }

        @Override
        public Transport connect(HttpSettings settings) {
            return new PooledTransport(settings);
        }
    };

    /** Sends requests, one answer each. Safe for use by several threads. */
    interface Transport extends AutoCloseable {
        /**
         * The answer to a request.
         *
         * @param authorization value of the Authorization header; null for none
         * @param timeoutMs for the whole answer
         * @throws IOException if there is no whole answer
         */
        ApiResponse exchange(ApiRequest request, String authorization, long timeoutMs) throws IOException;

        /** Ends calls in flight; later ones are carried out. */
        default void giveUp() {}

        /** Ends calls in flight. */
        @Override
        void close();
    }

    /** The time in ms since the epoch. */
    long millis();

    /**
     * Waits until something has ended, but not longer than a time in ms.
     *
     * @return whether it has ended
     */
    boolean await(CountDownLatch ended, long ms) throws InterruptedException;

    /** Takes a request from a budget, see {@link RateLimiter#acquire}. */
    boolean acquire(RateLimiter budget, Duration most) throws InterruptedException;

    /** A number from 0 to bound - 1, for the jitter of waits. */
    long random(long bound);

    /** Opens connections. */
    Transport connect(HttpSettings settings);
}
