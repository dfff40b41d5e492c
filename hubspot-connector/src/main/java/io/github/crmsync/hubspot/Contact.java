package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.record.Blanks;
import io.github.crmsync.core.record.Emails;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A contact as one answer of the API shows it. Times are ms since the epoch, 0 where the answer has none.
 *
 * @param properties those that have a value
 * @param traceId the input's objectWriteTraceId, or null
 */
record Contact(
        String id,
        long createdAt,
        long updatedAt,
        boolean archived,
        long archivedAt,
        Map<String, String> properties,
        String traceId) {
    static final String EMAIL = "email";
    static final String MORE_EMAILS = "hs_additional_emails";
    static final String MERGED_IDS = "hs_merged_object_ids";
    static final String MODIFIED = "lastmodifieddate";

    static Contact of(JsonNode node) {
        Map<String, String> properties = new LinkedHashMap<>();
        node.path("properties").properties().forEach(property -> {
            if (!property.getValue().isNull() && !property.getValue().asText().isEmpty()) {
                properties.put(property.getKey(), property.getValue().asText());
            }
        });
        JsonNode trace = node.path("objectWriteTraceId");
        long modified = HubSpotValues.millis(properties.get(MODIFIED));
        return new Contact(
                node.path("id").asText(),
                HubSpotValues.millis(node.path("createdAt").asText(null)),
                Math.max(modified, HubSpotValues.millis(node.path("updatedAt").asText(null))),
                node.path("archived").asBoolean(),
                HubSpotValues.millis(node.path("archivedAt").asText(null)),
                properties,
                trace.isValueNode() && !trace.isNull() ? trace.asText() : null);
    }

    /** When it was archived, as far as the answer tells. */
    long deletedAt() {
        return archivedAt == 0 ? updatedAt : archivedAt;
    }

    /** Contacts that this one has swallowed in merges: no list of deleted ones shows them. */
    List<String> mergedIds() {
        return Stream.of(properties.getOrDefault(MERGED_IDS, "").split(";"))
                .filter(merged -> !Blanks.isBlank(merged) && !merged.equals(id))
                .toList();
    }

    /** Primary and additional addresses in the form of {@link Emails}: all of them are unique in a portal. */
    Set<String> emails() {
        Set<String> emails = new TreeSet<>();
        String all = properties.getOrDefault(EMAIL, "") + ";" + properties.getOrDefault(MORE_EMAILS, "");
        for (String email : all.split(";")) {
            if (!Blanks.isBlank(email)) {
                emails.add(Emails.canonical(email));
            }
        }
        return emails;
    }
}
