package io.github.crmsync.sandbox.dynamics;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One operation, from the wire or from a part of a batch.
 *
 * @param target path relative to the service root and raw query string
 * @param headers values by lower-case name; repeated headers are joined with commas
 */
record ApiRequest(String method, String target, Map<String, String> headers, byte[] body) {
    static final String ROOT = "/api/data/v9.2/";

    String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** Path relative to the service root, percent escapes included. */
    String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    String rawQuery() {
        int question = target.indexOf('?');
        return question < 0 ? "" : target.substring(question + 1);
    }

    /** Decoded query options in their order. */
    Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        for (String pair : rawQuery().split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                if (options.put(name, value) != null) {
                    throw ServiceException.badQuery("Query option '" + name
                            + "' was specified more than once, but it must be specified at most" + " once.");
                }
            }
        }
        return options;
    }

    static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ServiceException.badQuery("The request URI is not valid: " + e.getMessage());
        }
    }

    boolean prefers(String preference) {
        return preferences().contains(preference);
    }

    /** Value of a preference of the form name=value without quotes, or null. */
    String preference(String name) {
        for (String item : preferences()) {
            if (item.startsWith(name + "=")) {
                String value = item.substring(name.length() + 1).trim();
                return value.length() > 1 && value.startsWith("\"") ? value.substring(1, value.length() - 1) : value;
            }
        }
        return null;
    }

    private List<String> preferences() {
        String prefer = header("prefer");
        List<String> items = new ArrayList<>();
        if (prefer == null) {
            return items;
        }
        StringBuilder item = new StringBuilder();
        boolean quoted = false;
        for (char c : (prefer + ",").toCharArray()) {
            quoted ^= c == '"';
            if (!quoted && (c == ',' || c == ';')) {
                items.add(item.toString().trim());
                item.setLength(0);
            } else {
                item.append(c);
            }
        }
        return items;
    }
}
