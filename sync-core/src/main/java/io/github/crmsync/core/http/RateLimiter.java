package io.github.crmsync.core.http;

import java.time.Duration;

/** A budget of requests. */
@FunctionalInterface
public interface RateLimiter {
    /** No limit. */
    RateLimiter NONE = maxWait -> true;

    /**
     * Takes one request from the budget, waiting for it if necessary.
     *
     * @return false if it would take longer than the wait given; nothing is taken then
     */
    boolean acquire(Duration maxWait) throws InterruptedException;
}
