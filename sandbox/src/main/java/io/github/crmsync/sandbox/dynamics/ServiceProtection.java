package io.github.crmsync.sandbox.dynamics;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The service protection limits ("Service protection API limits"): requests and combined execution time in a sliding window,
 * and concurrent requests, each counted per user and web server.
 */
final class ServiceProtection {
    /**
     * The limits.
     *
     * @param requests in one window
     * @param executionMs combined execution time in one window
     * @param concurrent requests at one time
     * @param windowMs length of the window
     * @param servers web servers that share the load; a client without their cookie is sent to one after the other
     */
    record Limits(int requests, long executionMs, int concurrent, long windowMs, int servers) {
        static final Limits DEFAULT = new Limits(6000, 1_200_000, 52, 300_000, 1);

        Limits withServers(int count) {
            return new Limits(requests, executionMs, concurrent, windowMs, count);
        }
    }

    /** A refusal with the time to wait. */
    record Refusal(String code, String message, long retryAfterSeconds) {}

    /**
     * A request that has been counted in.
     *
     * @param server number of the web server that it was sent to
     * @param refusal null if it may run
     */
    record Admission(int server, Account account, Refusal refusal, long startedNanos) {}

    private final InstantSource clock;
    private final Limits limits;
    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    ServiceProtection(InstantSource clock, Limits limits) {
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Counts a request in; every call is followed by {@link #leave}.
     *
     * @param server of an earlier answer, or -1 without affinity
     */
    Admission enter(UUID user, int server) {
        int chosen = server >= 0 && server < limits.servers ? server : next.getAndIncrement() % limits.servers;
        Account account = accounts.computeIfAbsent(user + "@" + chosen, key -> new Account());
        return new Admission(chosen, account, account.enter(clock.millis(), limits), System.nanoTime());
    }

    /** Counts a request out with the time that it took. */
    void leave(Admission admission) {
        leave(admission, (System.nanoTime() - admission.startedNanos) / 1_000_000);
    }

    void leave(Admission admission, long executionMs) {
        admission.account.leave(clock.millis(), admission.refusal == null ? executionMs : 0);
    }

    int remainingRequests(Admission admission) {
        return admission.account.remainingRequests(limits);
    }

    /** Seconds of execution time left in the window. */
    long remainingSeconds(Admission admission) {
        return admission.account.remainingMs(limits) / 1000;
    }

    /** What one user has used on one server. */
    private static final class Account {
        private final Deque<Long> requests = new ArrayDeque<>();
        private final Deque<long[]> executions = new ArrayDeque<>();
        private long executionMs;
        private int running;
        private int pushed;

        synchronized Refusal enter(long now, Limits limits) {
            running++;
            forget(now - limits.windowMs);
            if (running > limits.concurrent) {
                return new Refusal(
                        "0x80072326",
                        "Number of concurrent requests exceeded the limit of " + limits.concurrent + ".",
                        1);
            }
            if (requests.size() >= limits.requests) {
                return overflow(
                        requests.peekFirst(),
                        now,
                        limits,
                        "0x80072322",
                        "Number of requests exceeded the limit of " + limits.requests + " over time window of "
                                + limits.windowMs / 1000 + " seconds.");
            }
            if (executionMs >= limits.executionMs) {
                return overflow(
                        executions.peekFirst()[0],
                        now,
                        limits,
                        "0x80072321",
                        "Combined execution time of incoming requests exceeded limit of "
                                + String.format(java.util.Locale.ROOT, "%,d", limits.executionMs)
                                + " milliseconds over time window of " + limits.windowMs / 1000
                                + " seconds. Decrease number of concurrent requests or reduce the duration of requests"
                                + " and try again later.");
            }
            pushed = 0;
            requests.addLast(now);
            return null;
        }

        /** The wait lasts until the oldest entry leaves the window, and grows while the caller goes on pushing. */
        private Refusal overflow(long oldest, long now, Limits limits, String code, String message) {
            long wait = (oldest + limits.windowMs - now + 999) / 1000;
            return new Refusal(code, message, Math.max(1, wait) + pushed++);
        }

        private void forget(long before) {
            while (!requests.isEmpty() && requests.peekFirst() <= before) {
                requests.removeFirst();
            }
            while (!executions.isEmpty() && executions.peekFirst()[0] <= before) {
                executionMs -= executions.removeFirst()[1];
            }
        }

        synchronized void leave(long now, long took) {
            running--;
            if (took > 0) {
                executions.addLast(new long[] {now, took});
                executionMs += took;
            }
        }

        synchronized int remainingRequests(Limits limits) {
            return Math.max(0, limits.requests - requests.size());
        }

        synchronized long remainingMs(Limits limits) {
            return Math.max(0, limits.executionMs - executionMs);
        }
    }
}
