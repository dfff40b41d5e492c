package io.github.crmsync.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes out of requests and answers what must not be passed on: credentials, the account's own names and numbers, and every
 * record that the probe has not made itself.
 */
final class Redaction {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 4_000;
    private static final Set<String> SECRETS = Set.of("access_token", "refresh_token", "client_secret", "token");
    private static final Set<String> ACCOUNT = Set.of(
            "correlationId", "portalId", "hub_id", "OrganizationId", "BusinessUnitId", "UserId", "requestId", "url");
    private static final Pattern ADDRESS = Pattern.compile("[\\p{L}\\p{N}._%+-]+@[\\p{L}\\p{N}.-]+");

    private final String marker;
    private final Set<String> hosts = new HashSet<>();
    private final Set<String> own = new HashSet<>();

    /** @param marker text that stands in every record of the probe's own */
    Redaction(String marker) {
        this.marker = marker;
    }

    /** A host whose name must not show. */
    void hide(String host) {
        hosts.add(host);
    }

    /** Id of a record that the probe has made. */
    void keep(String id) {
        own.add(id);
    }

    String clean(String text) {
        String cleaned = text;
        try {
            JsonNode json = JSON.readTree(text);
            if (json != null && json.isContainerNode()) {
                cleaned = clean(json).toString();
            }
        } catch (JsonProcessingException notJson) {
            cleaned = text;
        }
        cleaned = ADDRESS.matcher(cleaned)
                .replaceAll(match -> match.group().contains(marker) ? match.group() : "<address>");
        for (String host : hosts) {
            cleaned = cleaned.replace(host, "<host>");
        }
        return cleaned.length() <= LONGEST ? cleaned : cleaned.substring(0, LONGEST) + "...";
    }

    private JsonNode clean(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                object.set(
                        field.getKey(),
                        SECRETS.contains(field.getKey())
                                ? TextNode.valueOf("<secret>")
                                : ACCOUNT.contains(field.getKey())
                                        ? TextNode.valueOf("<account>")
                                        : isRecords(field.getKey(), field.getValue())
                                                ? cleanRecords((ArrayNode) field.getValue())
                                                : clean(field.getValue()));
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, clean(array.get(i)));
            }
        }
        return node;
    }

    private static boolean isRecords(String name, JsonNode value) {
        return value.isArray() && (name.equals("results") || name.equals("value"));
    }

    private ArrayNode cleanRecords(ArrayNode records) {
        int others = 0;
        ArrayNode kept = records.arrayNode();
        for (JsonNode each : records) {
            if (isOwn(each.toString())) {
                kept.add(clean(each));
            } else {
                others++;
            }
        }
        if (others > 0) {
            kept.add("<" + others + " other records>");
        }
        return kept;
    }

    private boolean isOwn(String text) {
        return text.contains(marker) || own.stream().anyMatch(text::contains);
    }
}
