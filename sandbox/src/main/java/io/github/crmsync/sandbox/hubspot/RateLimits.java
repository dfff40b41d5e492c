package io.github.crmsync.sandbox.hubspot;

import io.github.crmsync.sandbox.http.Response;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/**
 * The quotas: requests in 10 seconds of each app, requests in a day of all private apps together, searches in a second
 * of the whole account. Searches do not count for the 10 seconds of an app that was installed through OAuth.
 */
final class RateLimits {
    private static final int OAUTH_BURST = 110;
    private static final long BURST_MS = 10_000;
    private static final int SEARCHES = 5;
    private static final long SEARCH_MS = 1_000;
    /** Still sent by the service, though not enforced. */
    private static final int SECONDLY = 19;

    private final HubSpotOptions options;
    private final Map<Tokens.App, Deque<Long>> bursts = new EnumMap<>(Tokens.App.class);
    private final Deque<Long> searches = new ArrayDeque<>();
    private LocalDate day = LocalDate.EPOCH;
    private int today;

    RateLimits(HubSpotOptions options) {
        this.options = options;
        for (Tokens.App app : Tokens.App.values()) {
            bursts.put(app, new ArrayDeque<>());
        }
    }

    /** Counts a request and refuses it when a quota is used up. */
    synchronized void take(Tokens.App app, boolean search) {
        if (!options.quota()) {
            return;
        }
        long now = options.clock().millis();
        forget(searches, now - SEARCH_MS);
        startDay(now);
        Deque<Long> burst = burst(app, now);
        boolean inBurst = app == Tokens.App.PRIVATE || !search;
        if (app == Tokens.App.PRIVATE && today >= daily()) {
            throw exceeded("DAILY", "You have reached your daily limit.", secondsToMidnight(now));
        }
        if (inBurst && burst.size() >= max(app)) {
            throw exceeded(
                    "TEN_SECONDLY_ROLLING",
                    "You have reached your ten_secondly_rolling limit.",
                    seconds(burst.peek() + BURST_MS - now));
        }
        if (search && searches.size() >= SEARCHES) {
            throw exceeded("SECONDLY", "You have reached your secondly limit.", 1);
        }
        if (app == Tokens.App.PRIVATE) {
            today++;
        }
        if (inBurst) {
            burst.add(now);
        }
        if (search) {
            searches.add(now);
        }
    }

    private void startDay(long now) {
        LocalDate current = LocalDate.ofInstant(Instant.ofEpochMilli(now), options.timeZone());
        if (!current.equals(day)) {
            day = current;
            today = 0;
        }
    }

    private long secondsToMidnight(long now) {
        long midnight =
                day.plusDays(1).atStartOfDay(options.timeZone()).toInstant().toEpochMilli();
        return seconds(midnight - now);
    }

    private static long seconds(long ms) {
        return Math.max(1, (ms + 999) / 1000);
    }

    private Deque<Long> burst(Tokens.App app, long now) {
        Deque<Long> burst = bursts.get(app);
        forget(burst, now - BURST_MS);
        return burst;
    }

    private int daily() {
        return options.tier().daily(options.limitIncreases());
    }

    private int max(Tokens.App app) {
        return app == Tokens.App.OAUTH ? OAUTH_BURST : options.tier().burst(options.limitIncreases());
    }

    private static void forget(Deque<Long> times, long before) {
        while (!times.isEmpty() && times.peek() <= before) {
            times.poll();
        }
    }

    private ApiException exceeded(String policy, String message, long retryAfterSeconds) {
        ApiException refusal = exceeded(policy, message, options.has(Quirk.OLDER_ERROR_BODIES));
        return options.has(Quirk.RETRY_AFTER_ON_429)
                ? refusal.header("Retry-After", Long.toString(retryAfterSeconds))
                : refusal;
    }

    /** A 429 as documented, or as older captures have it. */
    static ApiException exceeded(String policy, String message, boolean older) {
        ApiException refusal = new ApiException(429, older ? "RATE_LIMITS" : null, message);
        return (older ? refusal : refusal.with("errorType", "RATE_LIMIT"))
                .with("policyName", policy)
                .with("requestId", java.util.UUID.randomUUID().toString());
    }

    /** Adds what the service tells about the quotas; the day's only to private apps. */
    synchronized Response headers(Tokens.App app, Response response) {
        long now = options.clock().millis();
        startDay(now);
        int max = max(app);
        Response told = response.with("X-HubSpot-RateLimit-Max", Integer.toString(max))
                .with(
                        "X-HubSpot-RateLimit-Remaining",
                        Integer.toString(max - burst(app, now).size()))
                .with("X-HubSpot-RateLimit-Interval-Milliseconds", Long.toString(BURST_MS))
                .with("X-HubSpot-RateLimit-Secondly", Integer.toString(SECONDLY))
                .with("X-HubSpot-RateLimit-Secondly-Remaining", Integer.toString(SECONDLY - 1));
        return app == Tokens.App.OAUTH
                ? told
                : told.with("X-HubSpot-RateLimit-Daily", Integer.toString(daily()))
                        .with("X-HubSpot-RateLimit-Daily-Remaining", Integer.toString(daily() - today));
    }
}
