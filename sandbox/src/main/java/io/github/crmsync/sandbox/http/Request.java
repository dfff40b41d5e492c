package io.github.crmsync.sandbox.http;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A received request. Header names are lower-cased; the path is kept as sent (percent escapes included), query names
 * and values are decoded.
 */
public record Request(
        String method,
        String rawPath,
        String rawQuery,
        Map<String, List<String>> query,
        Map<String, String> headers,
        byte[] body) {

    public static Request of(String method, URI uri, Map<String, List<String>> headers, byte[] body) {
        Map<String, String> flat = new LinkedHashMap<>();
        headers.forEach((name, values) -> flat.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        String rawQuery = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        return new Request(method, uri.getRawPath(), rawQuery, parseForm(rawQuery), flat, body);
    }

    /** The first value of a query parameter, or null. */
    public String queryValue(String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.get(0);
    }

    /** The value of a header (any case), or null. */
    public String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Length of path and query as sent. */
    public int urlLength() {
        return rawPath.length() + (rawQuery.isEmpty() ? 0 : rawQuery.length() + 1);
    }

    /** Decodes {@code a=1&b=2}; repeated names keep every value. */
    public static Map<String, List<String>> parseForm(String text) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int at = pair.indexOf('=');
            String name = at < 0 ? pair : pair.substring(0, at);
            String value = at < 0 ? "" : pair.substring(at + 1);
            values.computeIfAbsent(decode(name), key -> new ArrayList<>()).add(decode(value));
        }
        return values;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
