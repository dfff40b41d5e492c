package io.github.crmsync.sandbox.hubspot;

import io.github.crmsync.sandbox.http.Response;
import java.util.ArrayDeque;
import java.util.Deque;

/** The quotas of a privately distributed app in a Professional portal. */
final class RateLimits {
    private static final int BURST = 190;
    private static final long BURST_MS = 10_000;
    private static final int SEARCH = 5;
    private static final long SEARCH_MS = 1_000;
    private static final int DAILY = 625_000;
    private static final long DAY_MS = 86_400_000;

    private final HubSpotOptions options;
    private final Deque<Long> burst = new ArrayDeque<>();
    private final Deque<Long> searches = new ArrayDeque<>();
    private long day;
    private int today;

    RateLimits(HubSpotOptions options) {
        this.options = options;
    }

    /** Counts a request and refuses it when a quota is used up. */
    synchronized void take(boolean search) {
        if (!options.quota()) {
            return;
        }
        long now = options.clock().millis();
        forget(burst, now - BURST_MS);
        forget(searches, now - SEARCH_MS);
        if (now / DAY_MS != day) {
            day = now / DAY_MS;
            today = 0;
        }
        if (today >= DAILY) {
            throw exceeded("DAILY", "You have reached your daily limit.");
        }
        if (burst.size() >= BURST) {
            throw exceeded("TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit.");
        }
        if (search && searches.size() >= SEARCH) {
            throw exceeded("SECONDLY", "You have reached your secondly limit.");
        }
        today++;
        burst.add(now);
        if (search) {
            searches.add(now);
        }
    }

    private static void forget(Deque<Long> times, long before) {
        while (!times.isEmpty() && times.peek() <= before) {
            times.poll();
        }
    }

    private static ApiException exceeded(String policy, String message) {
        return new ApiException(429, null, message)
                .with("errorType", "RATE_LIMIT")
                .with("policyName", policy)
                .with("requestId", java.util.UUID.randomUUID().toString());
    }

    synchronized Response headers(Response response) {
        return response.with("X-HubSpot-RateLimit-Daily", Integer.toString(DAILY))
                .with("X-HubSpot-RateLimit-Daily-Remaining", Integer.toString(DAILY - today))
                .with("X-HubSpot-RateLimit-Max", Integer.toString(BURST))
                .with("X-HubSpot-RateLimit-Remaining", Integer.toString(BURST - burst.size()))
                .with("X-HubSpot-RateLimit-Interval-Milliseconds", Long.toString(BURST_MS))
                .with("X-HubSpot-RateLimit-Secondly", "19")
                .with("X-HubSpot-RateLimit-Secondly-Remaining", "18");
    }
}
