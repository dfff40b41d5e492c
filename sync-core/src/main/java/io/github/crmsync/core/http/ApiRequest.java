package io.github.crmsync.core.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One HTTP request.
 *
 * @param headers headers apart from Authorization and Content-Type
 * @param body null for none
 * @param contentType of the body; null without one
 * @param repeatable whether sending it twice has the same effect as sending it once
 */
public record ApiRequest(
        String method, URI uri, Map<String, String> headers, byte[] body, String contentType, boolean repeatable) {

    public static ApiRequest get(URI uri) {
        return new ApiRequest("GET", uri, Map.of("Accept", "application/json"), null, null, true);
    }

    public static ApiRequest json(String method, URI uri, byte[] body, boolean repeatable) {
        return new ApiRequest(method, uri, Map.of("Accept", "application/json"), body, "application/json", repeatable);
    }

    /** A form post, repeatable: used for tokens. */
    public static ApiRequest form(URI uri, String encoded) {
        return new ApiRequest(
                "POST",
                uri,
                Map.of("Accept", "application/json"),
                encoded.getBytes(StandardCharsets.UTF_8),
                "application/x-www-form-urlencoded",
                true);
    }

    /** What may be logged: no query, no headers, no body. */
    @Override
    public String toString() {
        return method + " " + uri.getPath();
    }
}
