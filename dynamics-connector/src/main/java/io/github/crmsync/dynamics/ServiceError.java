package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An error answer, as it came. What it means, {@link DataverseAnswers} decides.
 *
 * @param code hexadecimal text such as {@code 0x80040217} in lower case; empty where the service gives none
 * @param message the service's own words
 * @param own whether Dataverse's Web API speaks, and not a gateway before it
 */
record ServiceError(int status, String code, String message, boolean own) {
    private static final Pattern QUOTED_NAME = Pattern.compile("'(\\w+)'");
    private static final Pattern GUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

    /** An error in the API's own form. */
    ServiceError(int status, String code, String message) {
        this(status, code, message, true);
    }

    /**
     * Reads an answer. The API's own errors are JSON with {@code error}, or with a bare {@code Message}; a token that is not
     * accepted is answered by a challenge, with or without a body.
     *
     * @param headers by lower-case name
     */
    static ServiceError of(int status, Map<String, String> headers, byte[] body) {
        JsonNode json = Json.read(body);
        JsonNode error = json.path("error");
        String message = error.path("message").asText(json.path("Message").asText(""));
        boolean challenge = status == 401
                && headers.getOrDefault("www-authenticate", "")
                        .toLowerCase(Locale.ROOT)
                        .startsWith("bearer");
        boolean own = error.isObject() || !message.isEmpty() || challenge;
        if (message.isEmpty()) {
            String text = own ? "" : new String(body, StandardCharsets.UTF_8).strip();
            message = "HTTP " + status + (text.isEmpty() || text.startsWith("<") ? "" : ": " + shorten(text));
        }
        return new ServiceError(status, error.path("code").asText("").toLowerCase(Locale.ROOT), message, own);
    }

    private static String shorten(String text) {
        return text.length() > 300 ? text.substring(0, 300) + "..." : text;
    }

    /** Names in single quotes of the message, the column at fault among them. */
    Set<String> quotedNames() {
        return QUOTED_NAME
                .matcher(message)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    /** Ids in the message, in lower case. */
    Set<String> ids() {
        return GUID.matcher(message)
                .results()
                .map(found -> found.group().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }
}
