package io.github.crmsync.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A user of the HubSpot simulator. */
final class HubSpot {
    private final String url;
    private final Map<String, String> headers;

    HubSpot(JsonNode line) {
        url = line.path("url").asText();
        headers = Map.of("Authorization", "Bearer " + line.path("accessToken").asText());
    }

    String url() {
        return url;
    }

    String create(Map<String, String> properties) {
        return Web.send("POST", contacts(""), headers, Map.of("properties", properties))
                .ok()
                .path("id")
                .asText();
    }

    void update(String id, Map<String, String> properties) {
        Web.send("PATCH", contacts("/" + id), headers, Map.of("properties", properties))
                .ok();
    }

    void archive(String id) {
        Web.send("DELETE", contacts("/" + id), headers, null).ok();
    }

    void purge(String id) {
        Web.send("POST", contacts("/gdpr-delete"), headers, Map.of("objectId", id))
                .ok();
    }

    String value(String id, String property) {
        return Web.send("GET", contacts("/" + id + "?properties=" + property), headers, null)
                .ok()
                .path("properties")
                .path(property)
                .asText("");
    }

    /** Id of the contact with an address; read from the store, not from the search index. */
    Optional<String> findByEmail(String email) {
        JsonNode found = Web.send(
                        "POST",
                        contacts("/batch/read"),
                        headers,
                        Map.of(
                                "idProperty",
                                "email",
                                "properties",
                                List.of("email"),
                                "inputs",
                                List.of(Map.of("id", email))))
                .ok()
                .path("results");
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(found.path(0).path("id").asText());
    }

    JsonNode stats() {
        return Web.send("GET", url + "/_sandbox/stats", Map.of(), null).ok();
    }

    private String contacts(String rest) {
        return url + "/crm/v3/objects/contacts" + rest;
    }
}
