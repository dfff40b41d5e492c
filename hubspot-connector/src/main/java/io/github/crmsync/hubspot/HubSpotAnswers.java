package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.http.ApiResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an answer of HubSpot means: the one table, consulted by all callers. The category counts before the status. Of a
 * page that is not the API's own, such as an HTML page of the edge, only those statuses count that gateways are meant to
 * give. Sources: HubSpot's pages on error handling and usage guidelines, and answers that others have reported.
 */
final class HubSpotAnswers {
    /** What was asked for. */
    enum Operation {
        /** Many records or definitions: an address that is not found is a wrong address. */
        READ,
        /** One contact or list that the address names. */
        LOOKUP,
        /** A batch of records, or a new definition. */
        WRITE,
        /** An access token. */
        TOKEN
    }

    private static final Map<String, AnswerKind> BY_CATEGORY = Map.ofEntries(
            Map.entry("INVALID_AUTHENTICATION", AnswerKind.CREDENTIALS),
            Map.entry("EXPIRED_AUTHENTICATION", AnswerKind.CREDENTIALS),
            Map.entry("REVOKED_AUTHENTICATION", AnswerKind.CREDENTIALS),
            Map.entry("MISSING_SCOPES", AnswerKind.CONFIGURATION),
            Map.entry("OBJECT_NOT_FOUND", AnswerKind.GONE),
            Map.entry("CONFLICT", AnswerKind.CONFLICT),
            Map.entry("OBJECT_ALREADY_EXISTS", AnswerKind.CONFLICT),
            Map.entry("RATE_LIMITS", AnswerKind.TRY_LATER),
            Map.entry("RATE_LIMIT", AnswerKind.TRY_LATER),
            Map.entry("LOCKED", AnswerKind.TRY_LATER));

    /** The service failed: of a whole write nobody knows how far it came. */
    private static final Set<String> FAILURES = Set.of("SERVER_ERROR", "INTERNAL_ERROR");

    private static final String INVALID = "VALIDATION_ERROR";
    /** Code of a value that another contact has. */
    private static final String TAKEN = "CONFLICTING_UNIQUE_VALUE";

    /** Members of an error body, of which each may be missing. */
    private static final List<String> OWN = List.of("category", "message", "correlationId", "errorType", "error");

    /** Refused before the work began: throttled, locked, being moved, out of service, not reached. */
    private static final Set<Integer> NOT_CARRIED_OUT = Set.of(423, 429, 477, 503, 521, 522, 523, 525, 526);

    /** The edge does not know where to send requests with this token: it is malformed or of another region. */
    private static final int UNROUTABLE = 530;

    private HubSpotAnswers() {}

    /** Whether the call succeeded and the body, if there is one, is whole. */
    static boolean good(ApiResponse response) {
        return response.ok() && (response.body().length == 0 || response.json().isObject());
    }

    /** What an answer to a whole call means that is not {@link #good}. */
    static AnswerKind of(Operation operation, ApiResponse response) {
        int status = response.status();
        JsonNode body = response.json();
        if (response.ok()) {
            return operation == Operation.WRITE ? AnswerKind.AMBIGUOUS : AnswerKind.UNKNOWN;
        }
        boolean own = isOwn(body);
        if (status == UNROUTABLE && operation != Operation.TOKEN || own && body.has("correctHublet")) {
            return AnswerKind.CREDENTIALS;
        }
        AnswerKind named = own ? byCategory(operation, body) : null;
        if (named != null) {
            return named;
        }
        if (NOT_CARRIED_OUT.contains(status)) {
            return AnswerKind.TRY_LATER;
        }
        if (status >= 500 || status == 408) {
            return operation == Operation.WRITE ? AnswerKind.AMBIGUOUS : AnswerKind.TRY_LATER;
        }
        return own ? byStatus(operation, status) : AnswerKind.UNKNOWN;
    }

    /** What an error item of a batch's answer means for its own record; it says nothing about the others. */
    static AnswerKind ofPart(JsonNode error) {
        String category = category(error);
        if (FAILURES.contains(category)) {
            return AnswerKind.TRY_LATER;
        }
        AnswerKind named = byCategory(Operation.WRITE, error);
        return named == null ? AnswerKind.UNKNOWN : named;
    }

    /** What an error code of one property means. */
    static AnswerKind ofField(String code) {
        return code.equals(TAKEN) ? AnswerKind.CONFLICT : AnswerKind.REFUSED_FIELDS;
    }

    /** Whether waiting helps for sure, as with a rate limit or a lock: such an answer tells nothing about the record. */
    static boolean busy(JsonNode error) {
        return BY_CATEGORY.get(category(error)) == AnswerKind.TRY_LATER;
    }

    /** Whether the portal's calls of the day are used up. */
    static boolean dailyLimit(ApiResponse response) {
        return response.status() == 429
                && response.json().path("policyName").asText("").equals("DAILY");
    }

    /** Whether a refusal names what is missing, so that no repetition can change it. */
    static boolean isFinal(ApiResponse response) {
        return category(response.json()).equals("MISSING_SCOPES");
    }

    /** Whether the token may not make the call. */
    static boolean isForbidden(ApiResponse response) {
        return response.status() == 403;
    }

    /** Whether the edge could not tell where the token belongs. */
    static boolean isUnroutable(ApiResponse response) {
        return response.status() == UNROUTABLE || response.json().has("correctHublet");
    }

    private static boolean isOwn(JsonNode body) {
        return body.isObject() && OWN.stream().anyMatch(name -> body.path(name).isTextual());
    }

    private static String category(JsonNode error) {
        return error.path("category").asText(error.path("errorType").asText(""));
    }

    /** Null where the body names no category that is known. */
    private static AnswerKind byCategory(Operation operation, JsonNode error) {
        String category = category(error);
        if (FAILURES.contains(category)) {
            return operation == Operation.WRITE ? AnswerKind.AMBIGUOUS : AnswerKind.TRY_LATER;
        }
        if (taken(error)) {
            return AnswerKind.CONFLICT;
        }
        if (category.equals(INVALID)) {
            return HubSpotErrors.properties(error).isEmpty() ? AnswerKind.REFUSED_RECORD : AnswerKind.REFUSED_FIELDS;
        }
        return BY_CATEGORY.get(category);
    }

    /** A value of a unique property that another contact has; older bodies name the code in their message only. */
    private static boolean taken(JsonNode error) {
        for (JsonNode item : error.path("errors")) {
            if (ofField(item.path("code").asText("")) == AnswerKind.CONFLICT) {
                return true;
            }
        }
        return error.path("message").asText("").contains(TAKEN);
    }

    private static AnswerKind byStatus(Operation operation, int status) {
        if (operation == Operation.TOKEN) {
            return AnswerKind.CREDENTIALS;
        }
        return switch (status) {
            case 400, 413, 422 -> AnswerKind.REFUSED_RECORD;
            case 401 -> AnswerKind.CREDENTIALS;
            case 402, 403, 405, 406, 410, 414, 415 -> AnswerKind.CONFIGURATION;
            case 404 -> operation == Operation.READ ? AnswerKind.CONFIGURATION : AnswerKind.GONE;
            case 409 -> operation == Operation.WRITE ? AnswerKind.CONFLICT : AnswerKind.UNKNOWN;
            default -> AnswerKind.UNKNOWN;
        };
    }
}
