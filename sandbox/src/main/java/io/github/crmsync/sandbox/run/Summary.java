package io.github.crmsync.sandbox.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/**
 * The last line of {@code bin/sandbox --once}.
 *
 * @param textsTooLong HubSpot texts that their Dynamics column cannot hold: such a pair may differ
 */
@JsonPropertyOrder({
    "converged",
    "contacts",
    "created",
    "updated",
    "conflicts",
    "textsTooLong",
    "writesAfterQuiescence",
    "apiCalls",
    "contactCalls",
    "contactCallsByKind",
    "initialSyncMs"
})
record Summary(
        boolean converged,
        Contacts contacts,
        PerApp created,
        PerApp updated,
        long conflicts,
        int textsTooLong,
        long writesAfterQuiescence,
        PerApp apiCalls,
        PerApp contactCalls,
        Kinds contactCallsByKind,
        long initialSyncMs) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One number for each app. */
    record PerApp(long hubspot, long dynamics) {
        long sum() {
            return hubspot + dynamics;
        }

        PerApp minus(PerApp other) {
            return new PerApp(hubspot - other.hubspot, dynamics - other.dynamics);
        }
    }

    /** Calls of each app by operation. */
    record Kinds(Map<String, Long> hubspot, Map<String, Long> dynamics) {}

    /** Final numbers of records. */
    record Contacts(int hubspot, int dynamics, int linked, Excluded excluded) {
        static Contacts of(Comparison.Result result, int filtered) {
            return new Contacts(
                    result.hubspot(),
                    result.dynamics(),
                    result.linked(),
                    new Excluded(result.noEmail(), result.duplicates(), filtered));
        }
    }

    /** Records that take no part, by reason. */
    record Excluded(@JsonProperty("no-email") int noEmail, int duplicate, int filter) {}

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
