package io.github.crmsync.scenario;

import io.github.crmsync.sandbox.hubspot.HubSpotSimulator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** HubSpot's contacts; fields are properties. */
final class HubSpotContacts extends Records {
    private static final String CONTACTS = "/crm/v3/objects/contacts";

    private final HubSpotSimulator simulator;
    private final Service service;

    HubSpotContacts(HubSpotSimulator simulator) {
        super("email");
        this.simulator = simulator;
        this.service = new Service(
                simulator.url(),
                simulator::call,
                "/oauth/v1/token",
                "grant_type=refresh_token&client_id=" + HubSpotSimulator.CLIENT_ID + "&client_secret="
                        + HubSpotSimulator.CLIENT_SECRET + "&refresh_token=" + HubSpotSimulator.REFRESH_TOKEN);
    }

    @Override
    String create(String... fields) {
        return Service.json(service.ask("POST", CONTACTS, Map.of("properties", fields(fields))))
                .path("id")
                .asText();
    }

    @Override
    void edit(String id, String... fields) {
        service.ask("PATCH", CONTACTS + "/" + id, Map.of("properties", fields(fields)));
    }

    @Override
    void delete(String id) {
        service.ask("DELETE", CONTACTS + "/" + id, null);
    }

    void restore(String id) {
        simulator.restore(id);
    }

    /** Merges one contact into another and returns the id of the one that is left. */
    String merge(String winner, String loser) {
        return Service.json(service.ask(
                        "POST", CONTACTS + "/merge", Map.of("primaryObjectId", winner, "objectIdToMerge", loser)))
                .path("id")
                .asText();
    }

    /** Creates a static list and returns its id. */
    String list() {
        Map<String, Object> body =
                new HashMap<>(Map.of("name", "trial", "objectTypeId", "0-1", "processingType", "MANUAL"));
        return Service.json(service.ask("POST", "/crm/v3/lists", body))
                .path("list")
                .path("listId")
                .asText();
    }

    void addToList(String list, String id) {
        service.ask("PUT", "/crm/v3/lists/" + list + "/memberships/add", List.of(id));
    }

    /** Adds a property of an option set; each option is its name and its label. */
    void addOptions(String name, String... options) {
        List<Map<String, Object>> choices = fields(options).entrySet().stream()
                .map(option -> Map.<String, Object>of("value", option.getKey(), "label", option.getValue()))
                .toList();
        service.ask(
                "POST",
                "/crm/v3/properties/contacts",
                Map.of(
                        "name",
                        name,
                        "label",
                        name,
                        "type",
                        "enumeration",
                        "fieldType",
                        "select",
                        "groupName",
                        "contactinformation",
                        "options",
                        choices));
    }

    @Override
    Map<String, Map<String, String>> all() {
        Map<String, Map<String, String>> records = new TreeMap<>();
        for (Map<String, String> contact : simulator.contacts()) {
            Map<String, String> values = new TreeMap<>();
            contact.forEach((name, value) -> {
                if (value != null && !value.isBlank()) {
                    values.put(name, value);
                }
            });
            records.put(contact.get("hs_object_id"), values);
        }
        return records;
    }
}
