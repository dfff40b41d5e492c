package io.github.crmsync.hubspot;

import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.http.ServiceFailedException;
import io.github.crmsync.hubspot.HubSpotAnswers.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Turns answers that concern no single record into exceptions: wait, or stop. What should not pass sometimes does (a 401
 * to a valid token, a page of the edge), so it stops the task only after some tries and some time. Safe for several threads.
 */
final class AnswerCheck {
    private static final long WAIT_MS = 5_000;
    /** Fewer tries in a row stop nothing, however long they take. */
    private static final int TRIES = 3;
    /** An edge that answers in the API's place is borne so many times longer than a refusal of the API. */
    private static final int EDGE_FACTOR = 15;

    private final long patienceMs;
    private final LongSupplier clock;
    private final Map<String, Streak> streaks = new HashMap<>();

    private static final class Streak {
        private final long since;
        private int tries;

        Streak(long since) {
            this.since = since;
        }
    }

    /**
     * @param patienceMs how long a refusal of the credentials is borne; 0 if the first one counts
     * @param clock time in ms
     */
    AnswerCheck(long patienceMs, LongSupplier clock) {
        this.patienceMs = patienceMs;
        this.clock = clock;
    }

    /** A good answer. Everything else is an exception: for calls that have no outcome per record. */
    ApiResponse require(Operation operation, ApiResponse response, String what) {
        if (refusal(operation, response, what) != null) {
            throw new ConnectException(what + ": " + HubSpotErrors.summary(response));
        }
        return response;
    }

    /**
     * How the API refuses what was asked for: GONE, CONFLICT, REFUSED_RECORD or REFUSED_FIELDS, and for a write also
     * TRY_LATER or AMBIGUOUS; null if it does not.
     *
     * @param what names the call in messages
     * @throws RetryLaterException if the answer may be another one later
     * @throws ConnectException if only a person can help
     */
    AnswerKind refusal(Operation operation, ApiResponse response, String what) {
        if (HubSpotAnswers.good(response)) {
            forget(what);
            return null;
        }
        AnswerKind kind = HubSpotAnswers.of(operation, response);
        switch (kind) {
            case CREDENTIALS, CONFIGURATION -> {
                if (!HubSpotAnswers.isFinal(response) && bear(what, patienceMs)) {
                    throw later(what, response);
                }
                throw HubSpotErrors.stop(kind, response);
            }
            case UNKNOWN -> {
                if (bear(what, EDGE_FACTOR * patienceMs)) {
                    throw later(what, response);
                }
                throw new ConnectException(what + ": something other than HubSpot's API has answered ("
                        + HubSpotErrors.summary(response) + "). Check " + HubSpotConfig.URL
                        + " and what stands between the worker and HubSpot, and restart the connector's tasks");
            }
            case TRY_LATER, AMBIGUOUS -> {
                if (operation != Operation.WRITE) {
                    throw later(what, response);
                }
                return kind;
            }
            default -> {
                forget(what);
                return kind;
            }
        }
    }

    private static RetryLaterException later(String what, ApiResponse response) {
        String message = what + ": " + HubSpotErrors.summary(response);
        return response.status() == 500
                ? new ServiceFailedException(message, WAIT_MS)
                : new RetryLaterException(message, WAIT_MS, null);
    }

    private synchronized boolean bear(String what, long ms) {
        long now = clock.getAsLong();
        Streak streak = streaks.computeIfAbsent(what, key -> new Streak(now));
        streak.tries++;
        return ms > 0 && (streak.tries < TRIES || now - streak.since < ms);
    }

    private synchronized void forget(String what) {
        streaks.remove(what);
    }
}
