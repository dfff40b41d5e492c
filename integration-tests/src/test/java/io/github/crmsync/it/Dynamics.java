package io.github.crmsync.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** A user of the Dynamics simulator. */
final class Dynamics {
    private final String url;
    private final Map<String, String> headers;

    Dynamics(JsonNode line) {
        url = line.path("url").asText();
        String form = "grant_type=client_credentials&client_id="
                + Web.encode(line.path("clientId").asText()) + "&client_secret="
                + Web.encode(line.path("clientSecret").asText()) + "&scope=" + Web.encode(url + "/.default");
        String token = Web.send(
                        "POST",
                        line.path("tokenUrl").asText(),
                        Map.of("Content-Type", "application/x-www-form-urlencoded"),
                        form)
                .ok()
                .path("access_token")
                .asText();
        headers = Map.of(
                "Authorization", "Bearer " + token,
                "Accept", "application/json",
                "OData-Version", "4.0",
                "OData-MaxVersion", "4.0",
                "Prefer", "return=representation");
    }

    String url() {
        return url;
    }

    String create(Map<String, String> columns) {
        return Web.send("POST", contacts(""), headers, columns)
                .ok()
                .path("contactid")
                .asText();
    }

    void update(String id, Map<String, String> columns) {
        Web.send("PATCH", contacts("(" + id + ")"), headers, columns).ok();
    }

    void delete(String id) {
        Web.send("DELETE", contacts("(" + id + ")"), headers, null).ok();
    }

    String value(String id, String column) {
        return Web.send("GET", contacts("(" + id + ")?$select=" + column), headers, null)
                .ok()
                .path(column)
                .asText("");
    }

    List<String> findByEmail(String email) {
        JsonNode rows = Web.send(
                        "GET",
                        contacts("?$select=contactid&$filter=" + Web.encode("emailaddress1 eq '" + email + "'")),
                        headers,
                        null)
                .ok()
                .path("value");
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.path("contactid").asText())
                .toList();
    }

    JsonNode stats() {
        return Web.send("GET", url + "/_sandbox/stats", Map.of(), null).ok();
    }

    private String contacts(String rest) {
        return url + "/api/data/v9.2/contacts" + rest;
    }
}
