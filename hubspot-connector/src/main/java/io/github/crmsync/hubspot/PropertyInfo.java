package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Definition of a contact property, as far as the connector needs it.
 *
 * @param type HubSpot's type, such as {@code enumeration}
 * @param fieldType how it is shown, such as {@code checkbox}
 * @param options number of allowed values; 0 where the definition names none
 */
record PropertyInfo(String name, String type, String fieldType, String group, int options, boolean unique) {
    static PropertyInfo of(JsonNode node) {
        return new PropertyInfo(
                node.path("name").asText(),
                node.path("type").asText("string"),
                node.path("fieldType").asText("text"),
                node.path("groupName").asText(""),
                node.path("options").size(),
                node.path("hasUniqueValue").asBoolean());
    }
}
