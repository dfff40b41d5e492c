package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;

/** Definition of a contact property, as far as the connector needs it. */
record PropertyInfo(String name, String type, String fieldType, boolean unique, boolean writable) {
    static PropertyInfo of(JsonNode node) {
        return new PropertyInfo(
                node.path("name").asText(),
                node.path("type").asText("string"),
                node.path("fieldType").asText("text"),
                node.path("hasUniqueValue").asBoolean(),
                !node.path("calculated").asBoolean()
                        && !node.path("modificationMetadata")
                                .path("readOnlyValue")
                                .asBoolean());
    }
}
