package io.github.crmsync.simulation.stack;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.hubspot.HubSpotOptions;
import io.github.crmsync.sandbox.hubspot.HubSpotSimulator;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** HubSpot's contacts. People come through an app of their own, so that histories tell them from the sync. */
final class HubSpot extends App {
    static final String LINK = "dynamics_contact_id";
    static final List<String> STAGES = List.of(
            "subscriber",
            "lead",
            "marketingqualifiedlead",
            "salesqualifiedlead",
            "opportunity",
            "customer",
            "evangelist");

    private static final String CONTACTS = "/crm/v3/objects/contacts";

    private final HubSpotSimulator simulator;
    private String token;

    HubSpot(HubSpotOptions options) throws IOException {
        simulator = new HubSpotSimulator(options);
    }

    String accessToken() {
        return simulator.accessToken();
    }

    @Override
    String name() {
        return "hubspot";
    }

    @Override
    String url() {
        return simulator.url();
    }

    @Override
    Response call(Request request) throws IOException {
        return simulator.call(request);
    }

    @Override
    void fault(Map<String, Object> rule) {
        simulator.faults().add(JSON.valueToTree(rule));
    }

    @Override
    Map<String, Map<Field, String>> records() {
        Map<String, Map<Field, String>> records = new TreeMap<>();
        for (Map<String, String> contact : simulator.contacts()) {
            Map<Field, String> values = new EnumMap<>(Field.class);
            for (Field field : Field.values()) {
                String value = contact.get(field.property);
                if (value != null && !value.isBlank()) {
                    values.put(field, value);
                }
            }
            records.put(contact.get("hs_object_id"), values);
        }
        return records;
    }

    /** A property of each live contact, by id. */
    Map<String, String> values(String property) {
        Map<String, String> values = new TreeMap<>();
        simulator
                .contacts()
                .forEach(contact -> values.put(
                        contact.get("hs_object_id"), contact.get(property) == null ? "" : contact.get(property)));
        return values;
    }

    @Override
    String authorization() {
        if (token == null) {
            token = form(
                            "/oauth/v1/token",
                            "grant_type=refresh_token&client_id=" + HubSpotSimulator.CLIENT_ID + "&client_secret="
                                    + HubSpotSimulator.CLIENT_SECRET + "&refresh_token="
                                    + HubSpotSimulator.REFRESH_TOKEN)
                    .path("access_token")
                    .asText();
        }
        return "Bearer " + token;
    }

    @Override
    Response people(String method, String path, Object body) {
        Response response = super.people(method, path, body);
        if (response.status() == 401) {
            token = null;
            response = super.people(method, path, body);
        }
        return response;
    }

    @Override
    String create(Map<Field, String> values) {
        Response response = people("POST", CONTACTS, Map.of("properties", properties(values)));
        return ok(response) ? json(response).path("id").asText() : null;
    }

    @Override
    boolean change(String id, Map<Field, String> values) {
        return ok(people("PATCH", CONTACTS + "/" + id, Map.of("properties", properties(values))));
    }

    /** On the contact's page; most of what people do is done there. */
    void edit(String id, Map<Field, String> values) {
        simulator.edit(id, properties(values));
    }

    private static Map<String, String> properties(Map<Field, String> values) {
        Map<String, String> properties = new LinkedHashMap<>();
        values.forEach((field, value) -> properties.put(field.property, value));
        return properties;
    }

    @Override
    boolean delete(String id) {
        return ok(people("DELETE", CONTACTS + "/" + id, null));
    }

    boolean stage(String id, String stage) {
        return ok(people("PATCH", CONTACTS + "/" + id, Map.of("properties", Map.of("lifecyclestage", stage))));
    }

    /** Id of the survivor; null if HubSpot refuses. */
    String merge(String winner, String loser) {
        Response response =
                people("POST", CONTACTS + "/merge", Map.of("primaryObjectId", winner, "objectIdToMerge", loser));
        return ok(response) ? json(response).path("id").asText() : null;
    }

    /** False if somebody else has the address by now. */
    boolean restore(String id) {
        return simulator.restore(id);
    }

    /** Creates a list to which people add contacts. */
    String list() {
        Map<String, Object> body =
                new HashMap<>(Map.of("name", "trial", "objectTypeId", "0-1", "processingType", "MANUAL"));
        JsonNode answer = json(people("POST", "/crm/v3/lists", body));
        return answer.path("list").path("listId").asText();
    }

    /** Creates a list that HubSpot keeps itself, of all contacts. */
    String listOfAll() {
        Map<String, Object> known = Map.of(
                "filterType",
                "PROPERTY",
                "property",
                "hs_object_source",
                "operation",
                Map.of("operationType", "ALL_PROPERTY", "operator", "IS_KNOWN"));
        Map<String, Object> and =
                Map.of("filterBranchType", "AND", "filterBranches", List.of(), "filters", List.of(known));
        Map<String, Object> or = Map.of("filterBranchType", "OR", "filterBranches", List.of(and), "filters", List.of());
        Map<String, Object> body =
                Map.of("name", "all", "objectTypeId", "0-1", "processingType", "DYNAMIC", "filterBranch", or);
        return json(people("POST", "/crm/v3/lists", body))
                .path("list")
                .path("listId")
                .asText();
    }

    void deleteList(String list) {
        people("DELETE", "/crm/v3/lists/" + list, null);
    }

    void restoreList(String list) {
        people("PUT", "/crm/v3/lists/" + list + "/restore", null);
    }

    /** For so long the list's members are missing, as HubSpot evaluates it anew. */
    void process(String list, long ms) {
        simulator.process(list, ms);
    }

    void member(String list, String id, boolean member) {
        people("PUT", "/crm/v3/lists/" + list + "/memberships/" + (member ? "add" : "remove"), List.of(id));
    }

    @Override
    boolean writes(Request request) {
        String path = request.rawPath();
        return !request.method().equals("GET")
                && !path.endsWith("/search")
                && !path.endsWith("/batch/read")
                && !path.contains("/oauth/");
    }

    @Override
    public void close() {
        simulator.close();
    }
}
