package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Calls about one contact, and the list. */
final class ContactRoutes {
    private static final int MAX_IDENTITIES = 250;

    private final Desk desk;

    ContactRoutes(Desk desk) {
        this.desk = desk;
    }

    void addTo(Router router) {
        desk.contacts(router, "GET", "", (request, path) -> list(request));
        desk.contacts(router, "POST", "", (request, path) -> create(request));
        desk.contacts(router, "POST", "/merge", (request, path) -> merge(request));
        desk.contacts(router, "POST", "/gdpr-delete", (request, path) -> purge(request));
        desk.contacts(router, "GET", "/{id}", (request, path) -> get(request, path.get("id")));
        desk.contacts(router, "PATCH", "/{id}", (request, path) -> update(request, path.get("id")));
        desk.contacts(router, "DELETE", "/{id}", (request, path) -> archive(path.get("id")));
    }

    /** What can be read of a contact that the service fails on. */
    private static final Set<String> ID_ALONE = Set.of("hs_object_id");

    private void checkReadable(Contact contact, List<String> properties) {
        if (!ID_ALONE.containsAll(properties)) {
            desk.faults().check(Long.toString(contact.id()), JsonNodeFactory.instance.objectNode());
        }
    }

    private Response list(Request request) {
        List<String> withHistory = Bodies.list(request, "propertiesWithHistory");
        int limit = Bodies.limit(request, 10, withHistory.isEmpty() ? 100 : 50);
        List<String> properties = Bodies.list(request, "properties");
        String after = request.queryValue("after");
        long from = after == null || after.isEmpty() ? 0 : Bodies.number(after, "after");
        List<Object> results = new ArrayList<>();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("results", results);
        boolean archived = Bodies.flag(request, "archived");
        for (Contact contact :
                desk.store().contacts(archived).tailMap(from, false).values()) {
            if (results.size() == limit) {
                body.put("paging", next(request, from));
                break;
            }
            checkReadable(contact, properties);
            results.add(desk.view().read(contact, properties, withHistory));
            from = contact.id();
        }
        desk.stats().recordsRead(results.size());
        return Response.json(200, body);
    }

    private static Map<String, Object> next(Request request, long after) {
        String link = "https://api.hubapi.com" + request.rawPath() + "?after=" + after;
        return Map.of("next", Map.of("after", Long.toString(after), "link", link));
    }

    private Response get(Request request, String key) {
        String idProperty = request.queryValue("idProperty");
        Contact contact = Bodies.flag(request, "archived")
                ? desk.store().archivedById(Bodies.id(key))
                : desk.lookup().find(key, idProperty);
        if (contact == null) {
            throw ContactLookup.missing(key);
        }
        List<String> properties = Bodies.list(request, "properties");
        checkReadable(contact, properties);
        desk.stats().recordsRead(1);
        return Response.json(200, desk.view().read(contact, properties, Bodies.list(request, "propertiesWithHistory")));
    }

    private Response create(Request request) {
        JsonNode properties = Bodies.object(request).path("properties");
        desk.faults().check(null, properties);
        Map<String, String> values = desk.rules().check(properties, null, request);
        desk.rules().checkEmailFree(values, null);
        Contact contact = desk.store().create(values);
        desk.stats().recordsWritten(1);
        return Response.json(201, desk.view().written(contact))
                .with("Location", "https://api.hubapi.com" + request.rawPath() + "/" + contact.id());
    }

    private Response update(Request request, String key) {
        Contact before = desk.lookup().require(key, request.queryValue("idProperty"));
        JsonNode properties = Bodies.object(request).path("properties");
        desk.faults().check(Long.toString(before.id()), properties);
        Map<String, String> changes = desk.rules().check(properties, before, request);
        desk.rules().checkEmailFree(changes, before);
        Contact after = desk.store().update(before, changes);
        desk.stats().recordsWritten(1);
        return Response.json(200, desk.view().written(after));
    }

    private Response archive(String key) {
        Contact contact = desk.store().byId(Bodies.id(key));
        if (contact != null) {
            desk.store().archive(contact);
            desk.stats().recordsWritten(1);
        }
        return Response.empty(204);
    }

    private Response merge(Request request) {
        JsonNode body = Bodies.object(request);
        Contact primary = desk.lookup().require(body.path("primaryObjectId").asText(), null);
        Contact secondary = desk.lookup().require(body.path("objectIdToMerge").asText(), null);
        if (primary.id() == secondary.id()) {
            throw ApiException.validation("Cannot merge an object with itself");
        }
        if (identities(primary) + identities(secondary) > MAX_IDENTITIES) {
            throw new ApiException(414, null, "A contact cannot be made of more than 250 identities");
        }
        Contact survivor = desk.store().merge(primary, secondary);
        desk.stats().recordsWritten(1);
        return Response.json(200, desk.view().written(survivor));
    }

    /** How many contacts a contact has been made of; a merge that makes a new id swallows two. */
    private int identities(Contact contact) {
        String merged = contact.get("hs_merged_object_ids");
        int swallowed = merged == null ? 0 : merged.split(";").length;
        return 1 + (desk.options().has(Quirk.KEEP_MERGED_PRIMARY_ID) ? swallowed : swallowed / 2);
    }

    private Response purge(Request request) {
        JsonNode body = Bodies.object(request);
        String key = body.path("objectId").asText();
        String idProperty = body.path("idProperty").asText("");
        Contact contact = desk.lookup().find(key, idProperty);
        if (contact == null && idProperty.isEmpty()) {
            contact = desk.store().archivedById(Bodies.id(key));
        }
        if (contact != null) {
            desk.store().purge(contact);
            desk.stats().recordsWritten(1);
        } else if (idProperty.equals("email")) {
            desk.store().block(key.toLowerCase(Locale.ROOT));
        }
        return Response.empty(204);
    }
}
