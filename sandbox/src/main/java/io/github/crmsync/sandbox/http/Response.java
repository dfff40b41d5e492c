package io.github.crmsync.sandbox.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back to the caller. Instances are immutable; {@link #with} gives a copy with one more header. */
public record Response(int status, Map<String, String> headers, byte[] body) {
    private static final byte[] NONE = new byte[0];

    public static Response json(int status, Object body) {
        return new Response(status, Map.of("Content-Type", "application/json;charset=utf-8"), Json.bytes(body));
    }

    public static Response text(int status, String contentType, String body) {
        return new Response(status, Map.of("Content-Type", contentType), body.getBytes(StandardCharsets.UTF_8));
    }

    public static Response empty(int status) {
        return new Response(status, Map.of(), NONE);
    }

    public Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, more, body);
    }
}
