package io.github.crmsync.sandbox.dynamics;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/** The limits of the service on one user: requests in a sliding window and concurrent requests. */
final class ServiceProtection {
    private static final int REQUESTS = 6000;
    private static final long WINDOW_MS = 300_000;
    private static final int CONCURRENT = 52;

    /** A refusal with the time to wait. */
    record Refusal(String code, String message, long retryAfterSeconds) {}

    private final InstantSource clock;
    private final Deque<Long> window = new ArrayDeque<>();
    private int running;

    ServiceProtection(InstantSource clock) {
        this.clock = clock;
    }

    /** Counts a request in; null if it may run. Every call is followed by {@link #leave()}. */
    synchronized Refusal enter() {
        running++;
        long now = clock.millis();
        while (!window.isEmpty() && window.peekFirst() <= now - WINDOW_MS) {
            window.removeFirst();
        }
        if (running > CONCURRENT) {
            return new Refusal(
                    "0x80072326", "Number of concurrent requests exceeded the limit of " + CONCURRENT + ".", 1);
        }
        if (window.size() >= REQUESTS) {
            long wait = window.peekFirst() + WINDOW_MS - now;
            return new Refusal(
                    "0x80072322",
                    "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
                    Math.max(1, (wait + 999) / 1000));
        }
        window.addLast(now);
        return null;
    }

    synchronized void leave() {
        running--;
    }

    synchronized int remaining() {
        return Math.max(0, REQUESTS - window.size());
    }
}
