package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An error answer of Dataverse.
 *
 * @param code hexadecimal text such as {@code 0x80040217} in lower case; empty where the service gives none
 * @param message the service's own words
 */
record ServiceError(int status, String code, String message) {
    private static final Pattern QUOTED_NAME = Pattern.compile("'(\\w+)'");

    static ServiceError of(int status, byte[] body) {
        JsonNode json = Json.read(body);
        JsonNode error = json.path("error");
        String message = error.path("message").asText(json.path("Message").asText(""));
        if (message.isEmpty()) {
            String text = new String(body, StandardCharsets.UTF_8).strip();
            message = "HTTP " + status + (text.isEmpty() || text.startsWith("<") ? "" : ": " + shorten(text));
        }
        return new ServiceError(status, error.path("code").asText("").toLowerCase(java.util.Locale.ROOT), message);
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

    boolean is(String hex, String messageStart) {
        return code.equals(hex) || message.startsWith(messageStart);
    }

    /** A delta token older than the service keeps changes for, or invalidated by a change of the table. */
    boolean expiredToken() {
        return code.equals("0x80044352")
                || status == 410
                || message.startsWith("Version stamp associated with the client has expired");
    }

    /** Whether a link is refused for what it holds: only a new reading helps. */
    boolean refusesLink() {
        return status >= 400 && status < 500 && !stopsTheTask() && !temporary();
    }

    boolean trackingOff() {
        return code.equals("0x80072491") || message.contains("isn't enabled for change tracking");
    }

    /** What a 401 or 403 means is the same for every further request. */
    boolean stopsTheTask() {
        // 0x80048306 is about one row; every other 403 is about the user.
        return status == 401 || status == 403 && !code.equals("0x80048306");
    }

    /** SQL deadlocks and time-outs, throttling, and anything that the server blames on itself. */
    boolean temporary() {
        return status == 429
                || status >= 500 && !duplicateDetected()
                || code.equals("0x80044150")
                || code.equals("0x80044151");
    }

    /** Status 412 in newer documentation, 500 in older. */
    boolean duplicateDetected() {
        return is("0x80040333", "A record was not created or updated because a duplicate");
    }

    boolean keyExists() {
        return is("0x80040237", "A record with matching key values already exists")
                || message.startsWith("Cannot insert duplicate key");
    }

    boolean alternateKeyViolated() {
        return is("0x80060892", "Entity Key ");
    }

    boolean versionMismatch() {
        return is("0x80060882", "The version of the existing record doesn't match");
    }
}
