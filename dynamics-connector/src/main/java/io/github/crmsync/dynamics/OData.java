package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;

/** Pieces of query URLs. */
final class OData {
    /**
     * Most characters of a filter. A GET's URL may have 32,768 (Dataverse documentation, "Query data using OData"), of which
     * the names of all columns of a table take some thousands.
     */
    private static final int MAX_FILTER = 20_000;

    private OData() {}

    /** A string literal: apostrophes are doubled. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Filters for all rows whose column has one of the values, each short enough for one URL.
     *
     * <p>The values go through a parameter alias: inside the filter an apostrophe would end the list.
     *
     * @param most number of values in one filter
     * @return encoded query options {@code $filter=...&@p1=...&@p2=...}
     */
    static List<String> in(String column, Collection<String> values, int most) {
        return in(List.of(column), values, most);
    }

    /** The same for rows that have one of the values in any of the columns. */
    static List<String> in(List<String> columns, Collection<String> values, int most) {
        List<String> filters = new ArrayList<>();
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        int length = 0;
        for (String value : values) {
            int added =
                    encode(JsonNodeFactory.instance.textNode(value).toString()).length() + 3;
            if (!list.isEmpty() && (list.size() >= most || length + added > MAX_FILTER)) {
                filters.add(in(columns, list));
                list = JsonNodeFactory.instance.arrayNode();
                length = 0;
            }
            list.add(value);
            length += added;
        }
        if (!list.isEmpty()) {
            filters.add(in(columns, list));
        }
        return filters;
    }

    /** Filters for all rows whose lookup holds one of the ids. */
    static List<String> anyOf(String lookup, Collection<String> ids, int most) {
        List<String> filters = new ArrayList<>();
        List<String> terms = new ArrayList<>();
        for (String id : ids) {
            terms.add(lookup + " eq " + id);
            if (terms.size() == most) {
                filters.add("$filter=" + encode(String.join(" or ", terms)));
                terms.clear();
            }
        }
        if (!terms.isEmpty()) {
            filters.add("$filter=" + encode(String.join(" or ", terms)));
        }
        return filters;
    }

    /** {@code @p2} has the values, {@code @p1}, {@code @p3} and so on the columns. */
    private static String in(List<String> columns, ArrayNode values) {
        List<String> terms = new ArrayList<>();
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            String alias = "@p" + (i == 0 ? 1 : i + 2);
            terms.add("Microsoft.Dynamics.CRM.In(PropertyName=" + alias + ",PropertyValues=@p2)");
            names.append('&').append(alias).append('=').append(encode(literal(columns.get(i))));
        }
        return "$filter=" + encode(String.join(" or ", terms)) + names + "&@p2=" + encode(values.toString());
    }

    /**
     * The value with {@code [} as a literal character where the server reads string values as LIKE patterns. Other
     * wildcards need no escape: they match themselves, and what they match besides is sorted out by the caller.
     */
    static String escapeLike(String value) {
        return value.replace("[", "[[]");
    }

    /**
     * A link that the server gave, unchanged.
     *
     * @throws ConnectException if it leads to another origin: the access token would go with it
     */
    static URI follow(URI configured, String link) {
        URI uri;
        try {
            uri = URI.create(link);
        } catch (IllegalArgumentException e) {
            throw new ConnectException("The service gave a link that is no URL", e);
        }
        if (!origin(configured).equals(origin(uri))) {
            throw new ConnectException("A link leads to " + origin(uri) + " instead of " + origin(configured)
                    + "; it is not followed because the access token would go with it");
        }
        return uri;
    }

    /** Whether a link leads to where the environment is; not if it is no URL. */
    static boolean sameOrigin(URI configured, String link) {
        try {
            return origin(configured).equals(origin(URI.create(link)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Scheme, host and port of a URL. */
    static String origin(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(java.util.Locale.ROOT);
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(java.util.Locale.ROOT);
        int standard = scheme.equals("https") ? 443 : 80;
        return scheme + "://" + host + (uri.getPort() < 0 || uri.getPort() == standard ? "" : ":" + uri.getPort());
    }
}
