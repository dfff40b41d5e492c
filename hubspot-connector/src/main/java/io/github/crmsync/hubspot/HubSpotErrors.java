package io.github.crmsync.hubspot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.http.ApiResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads HubSpot's error bodies, of which every field may be missing. */
final class HubSpotErrors {
    /** Where a conflict names the other contact only in its message (the API has no field for it on single calls). */
    private static final Pattern EXISTING = Pattern.compile("Existing ID:\\s*(\\d+)");

    private static final Pattern OWNER = Pattern.compile("(\\d+) already has that value");
    /** What follows is a JSON array. */
    private static final String INVALID_VALUES = "Property values were not valid: ";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(HubSpotErrors.class);

    private HubSpotErrors() {}

    /** The credentials are refused: the task stops and says what to do. */
    static final class Unauthorized extends ConnectException {
        Unauthorized(String message) {
            super(message);
        }
    }

    /** A scope is missing. */
    static final class Forbidden extends ConnectException {
        Forbidden(String message) {
            super(message);
        }
    }

    /** Why the task stops, and what to do about it. */
    static ConnectException stop(AnswerKind kind, ApiResponse response) {
        if (HubSpotAnswers.isUnroutable(response)) {
            return new Unauthorized("HubSpot cannot tell which portal the token belongs to (" + summary(response)
                    + "): it is malformed or of another region. Copy the whole token, as it is, into "
                    + HubSpotConfig.ACCESS_TOKEN + " and restart the connector's tasks");
        }
        if (kind == AnswerKind.CREDENTIALS) {
            return new Unauthorized("HubSpot does not accept the credentials (" + summary(response)
                    + "). Put a valid token into " + HubSpotConfig.ACCESS_TOKEN
                    + ", or renew the OAuth grant, and restart the connector's tasks");
        }
        if (!HubSpotAnswers.isForbidden(response)) {
            return new ConnectException("HubSpot does not know the call (" + summary(response) + "). Check "
                    + HubSpotConfig.URL + " and " + HubSpotConfig.API_VERSION + " and restart the connector's tasks");
        }
        List<String> scopes = new ArrayList<>();
        response.json()
                .path("errors")
                .path(0)
                .path("context")
                .path("requiredGranularScopes")
                .forEach(scope -> scopes.add(scope.asText()));
        return new Forbidden("HubSpot forbids the call (" + summary(response) + "). "
                + (scopes.isEmpty()
                        ? "Check the scopes of the token"
                        : "Give the token one of the scopes " + String.join(", ", scopes))
                + " and restart the connector's tasks");
    }

    static String summary(ApiResponse response) {
        JsonNode body = response.json();
        String category = body.path("category").asText(body.path("errorType").asText(""));
        String message = body.path("message").asText("");
        String correlation = body.path("correlationId").asText("");
        return "HTTP " + response.status()
                + (category.isEmpty() ? "" : " " + category)
                + (message.isEmpty() ? "" : ": " + message)
                + (correlation.isEmpty() ? "" : " [correlationId " + correlation + "]");
    }

    /** Id of the contact that owns a unique value, from an error body or an error item of a batch; null if it is not said. */
    static String existingId(JsonNode error) {
        JsonNode named = error.path("context").path("existingId").path(0);
        if (!named.isMissingNode()) {
            return named.asText();
        }
        String message = error.path("message").asText("");
        for (Pattern pattern : List.of(EXISTING, OWNER)) {
            Matcher matcher = pattern.matcher(message);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return null;
    }

    /** Properties whose values were refused, from an error body or an error item of a batch; empty if it is not said. */
    static Set<String> properties(JsonNode error) {
        Set<String> names = new HashSet<>();
        error.path("context").path("propertyName").forEach(name -> names.add(name.asText()));
        error.path("errors")
                .forEach(item -> item.path("context").path("propertyName").forEach(name -> names.add(name.asText())));
        String message = error.path("message").asText("");
        if (message.startsWith(INVALID_VALUES)) {
            try {
                JSON.readTree(message.substring(INVALID_VALUES.length()))
                        .forEach(item -> names.add(item.path("name").asText()));
            } catch (JsonProcessingException e) {
                LOG.debug("HubSpot's message names no properties in JSON");
            }
        }
        return names;
    }
}
