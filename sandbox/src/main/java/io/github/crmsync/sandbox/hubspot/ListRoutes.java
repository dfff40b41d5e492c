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
import java.util.TreeMap;

/** Manual contact lists and their memberships. */
final class ListRoutes {
    private static final class ContactList {
        final String id;
        final String type;
        final String createdAt;
        final TreeMap<Long, Long> joinedMs = new TreeMap<>();
        String name;
        boolean deleted;

        ContactList(String id, String name, String type, String createdAt) {
            this.id = id;
            this.name = name;
            this.type = type;
            this.createdAt = createdAt;
        }
    }

    private static final int MAX_EMPTIED = 100_000;

    private final Desk desk;
    private final Map<String, ContactList> lists = new LinkedHashMap<>();

    ListRoutes(Desk desk) {
        this.desk = desk;
    }

    void addTo(Router router) {
        desk.area(router, "lists", "POST", "", (request, path) -> create(request));
        desk.area(router, "lists", "POST", "/", (request, path) -> create(request));
        desk.area(router, "lists", "POST", "/search", (request, path) -> search(request));
        desk.area(router, "lists", "GET", "/object-type-id/{type}/name/{name}", (request, path) -> byName(path));
        desk.area(router, "lists", "GET", "", (request, path) -> byIds(request));
        desk.area(
                router,
                "lists",
                "GET",
                "/records/{type}/{record}/memberships",
                (request, path) -> listsOf(path.get("type"), path.get("record")));
        desk.area(router, "lists", "DELETE", "/{id}", (request, path) -> delete(path.get("id")));
        desk.area(router, "lists", "PUT", "/{id}/restore", (request, path) -> restore(path.get("id")));
        desk.area(router, "lists", "PUT", "/{id}/update-list-name", (request, path) -> rename(request, path.get("id")));
        desk.area(router, "lists", "DELETE", "/{id}/memberships", (request, path) -> empty(path.get("id")));
        desk.area(
                router,
                "lists",
                "GET",
                "/{id}/memberships/join-order",
                (request, path) -> membersByTime(request, path.get("id")));
        desk.area(router, "lists", "GET", "/{id}", (request, path) -> one(path.get("id")));
        desk.area(router, "lists", "GET", "/{id}/memberships", (request, path) -> members(request, path.get("id")));
        desk.area(
                router,
                "lists",
                "PUT",
                "/{id}/memberships/add",
                (request, path) -> change(path.get("id"), Bodies.any(request), null));
        desk.area(
                router,
                "lists",
                "PUT",
                "/{id}/memberships/remove",
                (request, path) -> change(path.get("id"), null, Bodies.any(request)));
        desk.area(router, "lists", "PUT", "/{id}/memberships/add-and-remove", (request, path) -> {
            JsonNode body = Bodies.object(request);
            return change(path.get("id"), body.path("recordIdsToAdd"), body.path("recordIdsToRemove"));
        });
    }

    private Response create(Request request) {
        JsonNode body = Bodies.object(request);
        String name = body.path("name").asText("");
        String type = body.path("processingType").asText("");
        if (name.isEmpty() || !body.path("objectTypeId").asText().equals("0-1")) {
            throw ApiException.validation("name and objectTypeId 0-1 are required");
        }
        if (!type.equals("MANUAL") && !type.equals("SNAPSHOT") && !type.equals("DYNAMIC")) {
            throw ApiException.validation("processingType must be MANUAL, SNAPSHOT or DYNAMIC");
        }
        if (find(name) != null) {
            throw ApiException.validation("A list named " + name + " already exists");
        }
        String id = Integer.toString(lists.size() + 101);
        lists.put(id, new ContactList(id, name, type, Contact.iso(desk.store().now())));
        return Response.json(200, Map.of("list", view(lists.get(id))));
    }

    private ContactList find(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return lists.values().stream()
                .filter(list ->
                        !list.deleted && list.name.toLowerCase(Locale.ROOT).equals(wanted))
                .findFirst()
                .orElse(null);
    }

    private ContactList require(String id) {
        ContactList list = lists.get(id);
        if (list == null || list.deleted) {
            throw new ApiException(404, "OBJECT_NOT_FOUND", "List does not exist with ID " + id + ".");
        }
        forgetGone(list);
        return list;
    }

    /** Archived contacts, and those that were merged away, are members of no list. */
    private void forgetGone(ContactList list) {
        list.joinedMs.keySet().removeIf(id -> !desk.store().contacts(false).containsKey(id));
    }

    private Response byIds(Request request) {
        List<Object> found = new ArrayList<>();
        for (String id : Bodies.list(request, "listIds")) {
            ContactList list = lists.get(id);
            if (list != null && !list.deleted) {
                forgetGone(list);
                found.add(view(list));
            }
        }
        return Response.json(200, Map.of("lists", found));
    }

    private Response listsOf(String type, String recordId) {
        Contact contact = type.equals("0-1") ? desk.store().byId(Bodies.id(recordId)) : null;
        List<Object> results = new ArrayList<>();
        for (ContactList list : lists.values()) {
            Long joined = contact == null || list.deleted ? null : list.joinedMs.get(contact.id());
            if (joined != null) {
                Map<String, Object> view = new LinkedHashMap<>();
                view.put("listId", list.id);
                view.put("listVersion", 1);
                view.put("isPublicList", false);
                view.put("firstAddedTimestamp", Contact.iso(joined));
                view.put("lastAddedTimestamp", Contact.iso(joined));
                results.add(view);
            }
        }
        return Response.json(200, Map.of("results", results, "total", results.size()));
    }

    private Response delete(String id) {
        require(id).deleted = true;
        return Response.empty(204);
    }

    private Response restore(String id) {
        ContactList list = lists.get(id);
        if (list == null) {
            return one(id);
        }
        list.deleted = false;
        return Response.empty(204);
    }

    private Response rename(Request request, String id) {
        ContactList list = require(id);
        String name = request.queryValue("listName");
        ContactList other = name == null || name.isBlank() ? list : find(name);
        if (other != null) {
            throw ApiException.validation("The name of a list must be given and must be unique");
        }
        list.name = name;
        return Response.json(200, Map.of("updatedList", view(list)));
    }

    private Response empty(String id) {
        ContactList list = requireManual(id);
        if (list.joinedMs.size() >= MAX_EMPTIED) {
            throw ApiException.validation("A list of 100000 members or more cannot be emptied");
        }
        list.joinedMs.clear();
        return Response.empty(204);
    }

    private ContactList requireManual(String id) {
        ContactList list = require(id);
        if (list.type.equals("DYNAMIC")) {
            throw ApiException.validation("Memberships of a DYNAMIC list cannot be changed");
        }
        return list;
    }

    /** Members by the time of joining; the token of a page is the number of members before it. */
    private Response membersByTime(Request request, String id) {
        ContactList list = require(id);
        int limit = Bodies.limit(request, 100, 250);
        String after = request.queryValue("after");
        int from = after == null || after.isEmpty() ? 0 : (int) Bodies.number(after, "after");
        List<Map.Entry<Long, Long>> members = new ArrayList<>(list.joinedMs.entrySet());
        members.sort(Map.Entry.comparingByValue());
        int end = Math.min(members.size(), from + limit);
        List<Object> results = new ArrayList<>();
        for (int i = from; i < end; i++) {
            results.add(membership(members.get(i)));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("results", results);
        body.put("total", members.size());
        if (end < members.size()) {
            body.put("paging", Map.of("next", Map.of("after", Integer.toString(end))));
        }
        return Response.json(200, body);
    }

    private static Map<String, String> membership(Map.Entry<Long, Long> member) {
        return Map.of(
                "recordId", Long.toString(member.getKey()), "membershipTimestamp", Contact.iso(member.getValue()));
    }

    private Response one(String id) {
        return Response.json(200, Map.of("list", view(require(id))));
    }

    private Response byName(Map<String, String> path) {
        ContactList list = path.get("type").equals("0-1") ? find(path.get("name")) : null;
        if (list == null) {
            throw new ApiException(404, "OBJECT_NOT_FOUND", "List does not exist with name " + path.get("name") + ".");
        }
        return Response.json(200, Map.of("list", view(list)));
    }

    private Response search(Request request) {
        JsonNode body = Bodies.object(request);
        String query = body.path("query").asText("").toLowerCase(Locale.ROOT);
        int count = body.path("count").asInt(20);
        int offset = body.path("offset").asInt(0);
        if (count > 500) {
            throw ApiException.validation("count must not be greater than 500");
        }
        List<ContactList> hits = lists.values().stream()
                .filter(list ->
                        !list.deleted && list.name.toLowerCase(Locale.ROOT).contains(query))
                .toList();
        int end = Math.min(hits.size(), offset + count);
        List<Object> page = new ArrayList<>();
        for (int i = offset; i < end; i++) {
            Map<String, Object> view = view(hits.get(i));
            view.put(
                    "additionalProperties",
                    Map.of("hs_list_size", Integer.toString(hits.get(i).joinedMs.size())));
            page.add(view);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("lists", page);
        answer.put("offset", end);
        answer.put("hasMore", end < hits.size());
        answer.put("total", hits.size());
        return Response.json(200, answer);
    }

    private static Map<String, Object> view(ContactList list) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("listId", list.id);
        view.put("name", list.name);
        view.put("objectTypeId", "0-1");
        view.put("processingType", list.type);
        view.put("processingStatus", "COMPLETE");
        view.put("listVersion", 1);
        view.put("size", list.joinedMs.size());
        view.put("createdAt", list.createdAt);
        view.put("updatedAt", list.createdAt);
        return view;
    }

    private Response members(Request request, String id) {
        ContactList list = require(id);
        int limit = Bodies.limit(request, 100, 250);
        String after = request.queryValue("after");
        long from = after == null || after.isEmpty() ? 0 : Bodies.number(after, "after");
        List<Object> results = new ArrayList<>();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("results", results);
        for (Map.Entry<Long, Long> member : list.joinedMs.tailMap(from, false).entrySet()) {
            if (results.size() == limit) {
                body.put("paging", Map.of("next", Map.of("after", Long.toString(from))));
                break;
            }
            from = member.getKey();
            results.add(membership(member));
        }
        body.put("total", list.joinedMs.size());
        return Response.json(200, body);
    }

    private Response change(String id, JsonNode toAdd, JsonNode toRemove) {
        ContactList list = requireManual(id);
        List<String> added = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String recordId : ids(toAdd)) {
            Contact contact = desk.store().byId(Bodies.id(recordId));
            if (contact == null) {
                missing.add(recordId);
            } else if (list.joinedMs.putIfAbsent(contact.id(), desk.store().now()) == null) {
                added.add(recordId);
            }
        }
        for (String recordId : ids(toRemove)) {
            if (list.joinedMs.remove(Bodies.id(recordId)) != null) {
                removed.add(recordId);
            }
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("recordsIdsAdded", added);
        body.put("recordIdsRemoved", removed);
        body.put("recordIdsMissing", missing);
        return Response.json(200, body);
    }

    private static List<String> ids(JsonNode array) {
        if (array == null) {
            return List.of();
        }
        if (!array.isArray()) {
            throw ApiException.validation("Invalid input JSON: an array of record ids was expected");
        }
        return Bodies.texts(array);
    }
}
