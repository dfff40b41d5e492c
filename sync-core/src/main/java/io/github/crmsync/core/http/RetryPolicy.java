package io.github.crmsync.core.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Set;

/** Which answers are worth a repetition, and when. */
final class RetryPolicy {
    /** Locked records (423) stay locked for two seconds (HubSpot's error handling page). */
    static final long LOCK_MS = 2_000;

    private static final long FIRST_WAIT_MS = 400;
    private static final long LONGEST_WAIT_MS = 10_000;
    /** HubSpot asks for up to a day while it moves a portal (status 477); nobody means more. */
    private static final long LONGEST_ASKED_MS = 86_400_000;

    /** Refused before execution: throttled, locked, being moved, out of service, or never connected. */
    private static final Set<Integer> NOT_EXECUTED = Set.of(423, 429, 477, 503, 521, 522, 523);

    /** A gateway gave up waiting: the service behind it may have carried the request out. */
    private static final Set<Integer> NO_ANSWER = Set.of(502, 504, 524);

    private RetryPolicy() {}

    static boolean isTransient(int status) {
        return NOT_EXECUTED.contains(status) || NO_ANSWER.contains(status);
    }

    static boolean maybeExecuted(int status) {
        return NO_ANSWER.contains(status);
    }

    /**
     * Wait in ms before the repetition: as the server says, else growing with the attempt (from 0), with jitter. What the server
     * says counts from the shortest wait to a day: a gateway that keeps answering {@code Retry-After: 0}, or a date in the past,
     * is not asked without a pause.
     */
    static long waitMs(int status, String retryAfter, int attempt, HttpRuntime runtime) {
        long asked = retryAfterMs(retryAfter, Instant.ofEpochMilli(runtime.millis()));
        if (asked >= FIRST_WAIT_MS) {
            return Math.min(asked, LONGEST_ASKED_MS);
        }
        long full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << Math.min(attempt, 10));
        long wait = full / 2 + runtime.random(full / 2 + 1);
        return status == 423 ? Math.max(wait, LOCK_MS) : wait;
    }

    /** Reads a Retry-After header, seconds or HTTP date (RFC 9110, 10.2.3); -1 if there is none to understand. */
    static long retryAfterMs(String header, Instant now) {
        if (header == null) {
            return -1;
        }
        String text = header.strip();
        try {
            // Dynamics sends fractions of a second.
            return Math.max(0, (long) Math.ceil(Double.parseDouble(text) * 1000));
        } catch (NumberFormatException e) {
            try {
                Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                return Math.max(0, Duration.between(now, date).toMillis());
            } catch (DateTimeParseException other) {
                return -1;
            }
        }
    }
}
