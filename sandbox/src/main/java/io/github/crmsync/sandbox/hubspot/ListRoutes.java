package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Calls about lists as such: their names, kinds and filters. */
final class ListRoutes {
    private static final Set<String> TYPES = Set.of("MANUAL", "SNAPSHOT", "DYNAMIC");
    private static final int MAX_COUNT = 500;
    /** How much less the number of a list was in version 1 of the API. */
    private static final int LEGACY_SHIFT = 100;

    private final Desk desk;
    private final ListBook book;

    ListRoutes(Desk desk, ListBook book) {
        this.desk = desk;
        this.book = book;
    }

    void addTo(Router router) {
        for (String root : List.of("", "/")) {
            add(router, "POST", root, (request, path) -> create(request));
            add(router, "GET", root, (request, path) -> byIds(request));
        }
        add(router, "POST", "/search", (request, path) -> search(request));
        add(router, "GET", "/idmapping", (request, path) -> mapping(request));
        add(router, "POST", "/idmapping", (request, path) -> mappings(request));
        add(router, "GET", "/object-type-id/{type}/name/{name}", this::byName);
        add(router, "GET", "/{id}", (request, path) -> {
            return Response.json(200, Map.of("list", view(book.requireEvenDeleted(path.get("id")), request)));
        });
        add(router, "DELETE", "/{id}", (request, path) -> {
            ContactList list = book.require(path.get("id"));
            list.deletedMs = desk.store().now();
            if (desk.options().has(Quirk.EMPTY_DELETED_LISTS)) {
                List.copyOf(list.joinedMs.keySet()).forEach(list::leave);
            }
            return Response.empty(204);
        });
        add(router, "PUT", "/{id}/restore", (request, path) -> restore(path.get("id")));
        add(router, "PUT", "/{id}/update-list-name", (request, path) -> rename(request, path.get("id")));
        add(router, "PUT", "/{id}/update-list-filters", (request, path) -> refilter(request, path.get("id")));
    }

    private void add(Router router, String method, String suffix, Router.Handler handler) {
        desk.area(router, "lists", method, suffix, (request, path) -> {
            book.advance();
            return handler.handle(request, path);
        });
    }

    private static Map<String, Object> view(ContactList list, Request request) {
        return list.view(Bodies.flag(request, "includeFilters"));
    }

    private Response create(Request request) {
        JsonNode body = Bodies.object(request);
        String name = body.path("name").asText("");
        String type = body.path("processingType").asText("");
        if (name.isBlank() || !body.path("objectTypeId").asText().equals("0-1")) {
            throw ApiException.validation("name and objectTypeId 0-1 are required");
        }
        if (!TYPES.contains(type)) {
            throw ApiException.validation("processingType must be MANUAL, SNAPSHOT or DYNAMIC");
        }
        JsonNode branch = body.hasNonNull("filterBranch") ? body.get("filterBranch") : null;
        if (type.equals("DYNAMIC") != (branch != null) && !type.equals("SNAPSHOT")) {
            throw ApiException.validation("A DYNAMIC list needs a filterBranch, a MANUAL list has none");
        }
        if (book.named(name) != null) {
            throw ApiException.validation("A list named " + name + " already exists");
        }
        return Response.json(200, Map.of("list", book.create(name, type, branch).view(true)));
    }

    private Response byIds(Request request) {
        List<Object> found = new ArrayList<>();
        for (String id : Bodies.list(request, "listIds")) {
            ContactList list = book.find(id);
            if (list != null && list.deletedMs == 0) {
                found.add(view(list, request));
            }
        }
        return Response.json(200, Map.of("lists", found));
    }

    private Response byName(Request request, Map<String, String> path) {
        ContactList list = path.get("type").equals("0-1") ? book.named(path.get("name")) : null;
        if (list == null) {
            throw new ApiException(404, "OBJECT_NOT_FOUND", "List does not exist with name " + path.get("name") + ".");
        }
        return Response.json(200, Map.of("list", view(list, request)));
    }

    private Response restore(String id) {
        ContactList list = book.find(id);
        if (list == null) {
            book.require(id);
        } else {
            book.restore(list);
        }
        return Response.empty(204);
    }

    private Response rename(Request request, String id) {
        ContactList list = book.require(id);
        String name = request.queryValue("listName");
        ContactList other = name == null || name.isBlank() ? list : book.named(name);
        if (other != null) {
            throw ApiException.validation("The name of a list must be given and must be unique");
        }
        list.name = name;
        list.changed(desk.store().now());
        return Response.json(200, Map.of("updatedList", view(list, request)));
    }

    private Response refilter(Request request, String id) {
        ContactList list = book.require(id);
        JsonNode branch = Bodies.object(request).path("filterBranch");
        if (!list.isDynamic() || !branch.isObject()) {
            throw ApiException.validation(
                    "Only a DYNAMIC list has filters that can be changed; filterBranch is required");
        }
        book.filter(list, branch);
        list.changed(desk.store().now());
        return Response.json(200, Map.of("updatedList", list.view(true)));
    }

    private Response search(Request request) {
        JsonNode body = Bodies.object(request);
        if (!request.rawPath().startsWith("/crm/v3/")) {
            for (String field : List.of("offset", "listIds", "processingTypes", "additionalProperties")) {
                if (!body.hasNonNull(field)) {
                    throw ApiException.validation("Invalid input JSON: required field " + field + " is missing");
                }
            }
        }
        int count = Bodies.integer(body, "count", 20);
        int offset = Bodies.integer(body, "offset", 0);
        if (count < 0 || count > MAX_COUNT || offset < 0) {
            throw ApiException.validation("count must be between 0 and 500, and offset must not be negative");
        }
        String query = body.path("query").asText("").toLowerCase(Locale.ROOT);
        List<String> ids = Bodies.texts(Bodies.array(body, "listIds"));
        List<String> types = Bodies.texts(Bodies.array(body, "processingTypes"));
        List<ContactList> hits = book.all().stream()
                .filter(list -> list.deletedMs == 0)
                .filter(list -> list.name.toLowerCase(Locale.ROOT).contains(query))
                .filter(list -> ids.isEmpty() || ids.contains(list.id))
                .filter(list -> types.isEmpty() || types.contains(list.type))
                .filter(list -> body.path("objectTypeId").asText("0-1").equals("0-1"))
                .toList();
        int end = Math.min(hits.size(), offset + count);
        List<Object> page = new ArrayList<>();
        for (int i = offset; i < end; i++) {
            page.add(hits.get(i).hit());
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("lists", page);
        answer.put("offset", Math.max(offset, end));
        answer.put("hasMore", end < hits.size());
        answer.put("total", hits.size());
        return Response.json(200, answer);
    }

    private ContactList legacy(String legacyId) {
        long id = Bodies.id(legacyId);
        return id < 0 ? null : book.find(Long.toString(id + LEGACY_SHIFT));
    }

    private Response mapping(Request request) {
        String legacyId = String.valueOf(request.queryValue("legacyListId"));
        ContactList list = legacy(legacyId);
        if (list == null) {
            throw new ApiException(404, "OBJECT_NOT_FOUND", "List does not exist with legacy ID " + legacyId + ".");
        }
        return Response.json(200, Map.of("legacyListId", legacyId, "listId", list.id));
    }

    private Response mappings(Request request) {
        List<Object> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String legacyId : Bodies.ids(Bodies.any(request))) {
            ContactList list = legacy(legacyId);
            if (list == null) {
                missing.add(legacyId);
            } else {
                found.add(Map.of("legacyListId", legacyId, "listId", list.id));
            }
        }
        return Response.json(200, Map.of("legacyListIdsToIdsMapping", found, "missingLegacyListIds", missing));
    }
}
