package io.github.crmsync.hubspot;

import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.RateLimiter;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.http.SharedLimiters;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests per ten seconds and per day of one portal and credential, shared by all tasks of a worker. What HubSpot says of
 * its limits in the headers of its answers counts, capped by the settings; searches have a budget of their own besides.
 *
 * <p>The daily limit is that of all apps of the portal together, and so is what remains of it (usage guidelines of the API).
 */
final class PortalQuota implements RateLimiter {
    private static final Logger LOG = LoggerFactory.getLogger(PortalQuota.class);
    private static final ConcurrentMap<String, PortalQuota> QUOTAS = new ConcurrentHashMap<>();
    /** HubSpot counts the requests of so many ms. */
    static final long BURST_MS = 10_000;
    /** A shared limiter lets a tenth more than its permits pass within a period. */
    private static final double LARGEST_PART = 1 / 1.1;
    /** HubSpot's clock is known to a second. */
    private static final long CLOCK_ROUNDING_MS = 2_000;
    /** Where the portal's time zone cannot be known, a call is tried as often. */
    private static final long PROBE_MS = 3_600_000;

    /** The portal's day has no more calls for us. */
    static final class UsedUpException extends RetryLaterException {
        private static final long serialVersionUID = 1L;

        UsedUpException(long waitMs) {
            super("The share of HubSpot's daily limit is used up", waitMs, null);
        }
    }

    private final String account;
    private int cap;
    private double share;
    private long learnedMax = Long.MAX_VALUE;
    private long learnedMs = BURST_MS;
    private ZoneId zone;
    private long closedUntil;
    private boolean usedUp;
    private long clockSkewMs;
    private volatile RateLimiter burst;

    private PortalQuota(String account) {
        this.account = account;
    }

    /**
     * The quota of an account. Of different settings for one account the latest hold.
     *
     * @param cap most requests per ten seconds
     * @param share part of the daily limit that may be used up, by all apps of the portal
     */
    static PortalQuota of(String account, int cap, double share) {
        PortalQuota quota = QUOTAS.computeIfAbsent(account, PortalQuota::new);
        quota.set(cap, share);
        return quota;
    }

    private synchronized void set(int newCap, double newShare) {
        cap = newCap;
        share = newShare;
        limit();
    }

    private void limit() {
        long allowed = Math.min((long) cap * learnedMs / BURST_MS, (long) (learnedMax * LARGEST_PART));
        burst = SharedLimiters.of("hubspot-burst:" + account, (int) Math.max(1, allowed), Duration.ofMillis(learnedMs));
    }

    /** @param name as HubSpot names it, such as {@code Europe/Amsterdam}; what is no zone is left out of account */
    synchronized void timeZone(String name) {
        try {
            zone = ZoneId.of(name);
        } catch (DateTimeException e) {
            LOG.debug("HubSpot names no time zone");
        }
    }

    /**
     * Learns from an answer.
     *
     * @param now HubSpot's time in ms
     */
    synchronized void observe(ApiResponse response, long now) {
        clockSkewMs = now - System.currentTimeMillis();
        long max = number(response, "x-hubspot-ratelimit-max");
        long interval = number(response, "x-hubspot-ratelimit-interval-milliseconds");
        if (max > 0 && interval > 0 && (max != learnedMax || interval != learnedMs)) {
            learnedMax = max;
            learnedMs = interval;
            limit();
        }
        long daily = number(response, "x-hubspot-ratelimit-daily");
        long remaining = number(response, "x-hubspot-ratelimit-daily-remaining");
        if (HubSpotAnswers.dailyLimit(response)) {
            close(now, "The portal's daily limit is used up");
        } else if (daily > 0 && remaining >= 0) {
            if (remaining <= Math.floor(daily * (1 - share) + 1e-6)) {
                close(now, "Of the portal's daily limit of " + daily + " calls " + remaining + " remain");
            } else if (usedUp && now >= closedUntil) {
                usedUp = false;
                LOG.info("HubSpot's daily limit has room again");
            }
        }
    }

    private void close(long now, String why) {
        if (now < closedUntil) {
            return;
        }
        closedUntil = zone == null ? now + PROBE_MS : midnight(now) + CLOCK_ROUNDING_MS;
        if (!usedUp) {
            usedUp = true;
            LOG.warn(
                    "{}, and {} is {}: waiting until midnight in the portal's time zone ({})",
                    why,
                    HubSpotConfig.DAILY_SHARE,
                    share,
                    zone == null ? "unknown, trying every hour" : Instant.ofEpochMilli(closedUntil));
        }
    }

    private long midnight(long now) {
        ZonedDateTime here = Instant.ofEpochMilli(now).atZone(zone);
        return here.toLocalDate().plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
    }

    private static long number(ApiResponse response, String header) {
        String text = response.headers().get(header);
        try {
            return text == null ? -1 : Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /**
     * Makes sure that calls may be made today.
     *
     * @param now HubSpot's time in ms
     * @throws UsedUpException if they may not
     */
    synchronized void check(long now) {
        if (usedUp && now < closedUntil) {
            throw new UsedUpException(closedUntil - now);
        }
    }

    /** Nothing is left of the day after an answer that said so, also for the repetition of that very call. */
    @Override
    public boolean acquire(Duration maxWait) throws InterruptedException {
        synchronized (this) {
            if (usedUp && System.currentTimeMillis() + clockSkewMs < closedUntil) {
                return false;
            }
        }
        return burst.acquire(maxWait);
    }
}
