package io.github.crmsync.probe.hubspot;

import io.github.crmsync.probe.Answer;
import io.github.crmsync.probe.Cleanup;
import io.github.crmsync.probe.Inconclusive;
import io.github.crmsync.probe.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Contacts of a HubSpot portal, as far as the probe needs them. Every contact that is made here is archived in the end. */
final class Portal {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Service service;
    private final Cleanup cleanup;
    private final String contacts;
    private final String lists;
    private final Duration patience;
    private int made;

    /**
     * @param version of the API, such as 2026-03
     * @param patience how long to wait for what the service does later: its search index, its calculated properties
     */
    Portal(Service service, Cleanup cleanup, String version, Duration patience) {
        this.service = service;
        this.cleanup = cleanup;
        this.contacts = contacts(version);
        this.lists = version.equals("v3") ? "/crm/v3/lists" : "/crm/lists/" + version;
        this.patience = patience;
    }

    private static String contacts(String version) {
        return version.equals("v3") ? "/crm/v3/objects/contacts" : "/crm/objects/" + version + "/contacts";
    }

    Service service() {
        return service;
    }

    Duration patience() {
        return patience;
    }

    /** An address that nobody has. */
    String address() {
        return service.marker() + "-" + ++made + "@example.com";
    }

    /** A first name that tells whose record it is. */
    String name() {
        return service.marker();
    }

    /** Properties of a new contact, with a first name. */
    Map<String, Object> properties(String... more) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("firstname", name());
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    /** Asks for a contact with just these properties. */
    Answer tryCreate(Map<String, Object> properties) throws IOException {
        Answer answer = service.send("POST", contacts, Map.of("properties", properties));
        if (answer.ok()) {
            own(answer.text("/id"));
        }
        return answer;
    }

    /** Id of a new contact. */
    String create(String... properties) throws IOException, Inconclusive {
        return tryCreate(properties(properties)).orInconclusive().text("/id");
    }

    private void own(String id) {
        if (!id.isEmpty()) {
            service.own(id);
            cleanup.add("contact " + id, () -> service.send("DELETE", contacts + "/" + id, null));
        }
    }

    Answer read(String id, String... properties) throws IOException {
        String list = properties.length == 0 ? "" : "?properties=" + String.join(",", properties);
        return service.get(contacts + "/" + id + list);
    }

    /** Reads without a pause before it, and takes a 429 for an answer. */
    Answer readOnce(String id) throws IOException {
        return service.sendOnce("GET", contacts + "/" + id, null);
    }

    Answer update(String id, String... properties) throws IOException {
        Map<String, Object> changes = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            changes.put(properties[i], properties[i + 1]);
        }
        return service.send("PATCH", contacts + "/" + id, Map.of("properties", changes));
    }

    /** As {@link #update}, against another version of the API. */
    Answer updateIn(String version, String id, Map<String, Object> changes) throws IOException {
        return service.send("PATCH", contacts(version) + "/" + id, Map.of("properties", changes));
    }

    Answer archive(String id) throws IOException {
        return service.send("DELETE", contacts + "/" + id, null);
    }

    /** Id of the contact that two were merged into. */
    String merge(String primary, String other) throws IOException, Inconclusive {
        String survivor = service.send(
                        "POST", contacts + "/merge", Map.of("primaryObjectId", primary, "objectIdToMerge", other))
                .orInconclusive()
                .text("/id");
        own(survivor);
        return survivor;
    }

    /** {@code operation} is read, create, update or upsert; contacts that come of it are archived in the end. */
    Answer batch(String operation, Map<String, Object> body) throws IOException {
        Answer answer = service.send("POST", contacts + "/batch/" + operation, body);
        if (!operation.equals("read")) {
            answer.json()
                    .path("results")
                    .forEach(result -> own(result.path("id").asText()));
        }
        return answer;
    }

    Answer batch(String operation, List<Map<String, Object>> inputs) throws IOException {
        return batch(operation, Map.of("inputs", inputs));
    }

    Answer search(Map<String, Object> body) throws IOException {
        return service.send("POST", contacts + "/search", body);
    }

    /** Answers of a search for one filter, repeated until there is a hit or patience ends. */
    Answer awaitHit(Map<String, Object> filter) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        Answer answer = search(filtered(List.of(filter)));
        while (answer.ok() && answer.json().path("total").asInt() == 0 && System.nanoTime() < end) {
            Service.pause(BETWEEN_LOOKS);
            answer = search(filtered(List.of(filter)));
        }
        return answer;
    }

    static Map<String, Object> filter(String property, String operator, String value) {
        return Map.of("propertyName", property, "operator", operator, "value", value);
    }

    static Map<String, Object> filtered(List<Map<String, Object>> filters) {
        return Map.of("filterGroups", List.of(Map.of("filters", filters)), "limit", 1);
    }

    /** Id of a new static list with one member. */
    String list(String member) throws IOException, Inconclusive {
        String id = service.send(
                        "POST", lists, Map.of("name", address(), "objectTypeId", "0-1", "processingType", "MANUAL"))
                .orInconclusive()
                .text("/list/listId");
        cleanup.add("list " + id, () -> deleteList(id));
        service.send("PUT", lists + "/" + id + "/memberships/add", List.of(member))
                .orInconclusive();
        return id;
    }

    Answer deleteList(String id) throws IOException {
        return service.send("DELETE", lists + "/" + id, null);
    }

    Answer members(String list) throws IOException {
        return service.get(lists + "/" + list + "/memberships");
    }

    Answer deleteForGood(String address) throws IOException {
        return service.send("POST", contacts + "/gdpr-delete", Map.of("objectId", address, "idProperty", "email"));
    }
}
