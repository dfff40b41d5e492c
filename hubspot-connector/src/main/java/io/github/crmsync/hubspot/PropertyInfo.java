package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Definition of a contact property, as far as the connector needs it.
 *
 * @param type HubSpot's type, such as {@code enumeration}
 * @param fieldType how it is shown, such as {@code checkbox}
 * @param options number of allowed values; 0 where the definition names none
 * @param values the allowed values by their internal names
 */
record PropertyInfo(
        String name, String type, String fieldType, String group, int options, boolean unique, Set<String> values) {
    PropertyInfo(String name, String type, String fieldType, String group, int options, boolean unique) {
        this(name, type, fieldType, group, options, unique, Set.of());
    }

    static PropertyInfo of(JsonNode node) {
        Set<String> values = new LinkedHashSet<>();
        node.path("options").forEach(option -> values.add(option.path("value").asText()));
        return new PropertyInfo(
                node.path("name").asText(),
                node.path("type").asText("string"),
                node.path("fieldType").asText("text"),
                node.path("groupName").asText(""),
                node.path("options").size(),
                node.path("hasUniqueValue").asBoolean(),
                values);
    }
}
