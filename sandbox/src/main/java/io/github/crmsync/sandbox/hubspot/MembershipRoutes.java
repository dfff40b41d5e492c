package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Calls about the members of lists. */
final class MembershipRoutes {
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 250;
    private static final int MAX_EMPTIED = 100_000;
    private static final int MAX_BATCH = 100;

    private final Desk desk;
    private final ListBook book;

    MembershipRoutes(Desk desk, ListBook book) {
        this.desk = desk;
        this.book = book;
    }

    void addTo(Router router) {
        add(router, "POST", "/records/memberships/batch/read", (request, path) -> ofMany(request));
        add(router, "GET", "/records/{type}/{record}/memberships", (request, path) -> {
            List<Object> results = of(path.get("type"), path.get("record"));
            return Response.json(200, Map.of("results", results, "total", results.size()));
        });
        String members = "/{id}/memberships";
        add(router, "GET", members, (request, path) -> byId(request, book.requireEvenDeleted(path.get("id"))));
        add(router, "GET", members + "/join-order", (request, path) -> byTime(request, book.require(path.get("id"))));
        add(router, "DELETE", members, (request, path) -> empty(path.get("id")));
        add(router, "PUT", members + "/add", (request, path) -> {
            return change(path.get("id"), Bodies.ids(Bodies.any(request)), List.of());
        });
        add(router, "PUT", members + "/remove", (request, path) -> {
            return change(path.get("id"), List.of(), Bodies.ids(Bodies.any(request)));
        });
        add(router, "PUT", members + "/add-and-remove", (request, path) -> {
            JsonNode body = Bodies.object(request);
            return change(
                    path.get("id"),
                    Bodies.texts(Bodies.array(body, "recordIdsToAdd")),
                    Bodies.texts(Bodies.array(body, "recordIdsToRemove")));
        });
        add(router, "PUT", members + "/add-from/{source}", (request, path) -> {
            long now = desk.store().now();
            ContactList list = requireChangeable(path.get("id"));
            book.require(path.get("source")).joinedMs.keySet().forEach(id -> list.join(id, now));
            return Response.empty(204);
        });
    }

    private void add(Router router, String method, String suffix, Router.Handler handler) {
        desk.area(router, "lists", method, suffix, (request, path) -> {
            book.advance();
            return handler.handle(request, path);
        });
    }

    private ContactList requireChangeable(String id) {
        ContactList list = book.require(id);
        if (list.isDynamic()) {
            throw ApiException.validation("Memberships of a DYNAMIC list cannot be changed");
        }
        return list;
    }

    private Response empty(String id) {
        ContactList list = requireChangeable(id);
        if (list.joinedMs.size() >= MAX_EMPTIED) {
            throw ApiException.validation("A list of 100000 members or more cannot be emptied");
        }
        List.copyOf(list.joinedMs.keySet()).forEach(list::leave);
        return Response.empty(204);
    }

    private Response change(String id, List<String> toAdd, List<String> toRemove) {
        ContactList list = requireChangeable(id);
        List<String> added = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String recordId : toAdd) {
            Contact contact = desk.store().byId(Bodies.id(recordId));
            if (contact == null) {
                missing.add(recordId);
            } else if (list.join(contact.id(), desk.store().now())) {
                added.add(recordId);
            }
        }
        for (String recordId : toRemove) {
            if (list.leave(Bodies.id(recordId))) {
                removed.add(recordId);
            }
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("recordsIdsAdded", added);
        body.put("recordIdsRemoved", removed);
        body.put("recordIdsMissing", missing);
        return Response.json(200, body);
    }

    /** Members by ascending id; the token of a page is the id at its edge. */
    private Response byId(Request request, ContactList list) {
        int limit = Bodies.limit(request, PAGE, MAX_PAGE);
        String before = request.queryValue("before");
        List<Map.Entry<Long, Long>> page = new ArrayList<>();
        if (before != null && !before.isEmpty()) {
            take(list.joinedMs.headMap(Bodies.number(before, "before"), false).descendingMap(), limit, page);
            Collections.reverse(page);
        } else {
            String after = request.queryValue("after");
            long from = after == null || after.isEmpty() ? Long.MIN_VALUE : Bodies.number(after, "after");
            take(list.joinedMs.tailMap(from, false), limit, page);
        }
        Map<String, Object> paging = new LinkedHashMap<>();
        if (!page.isEmpty()) {
            long first = page.get(0).getKey();
            long last = page.get(page.size() - 1).getKey();
            if (list.joinedMs.higherKey(last) != null) {
                paging.put("next", Map.of("after", Long.toString(last)));
            }
            if (list.joinedMs.lowerKey(first) != null) {
                paging.put("prev", Map.of("before", Long.toString(first)));
            }
        }
        return members(page, list.joinedMs.size(), paging);
    }

    private static void take(Map<Long, Long> members, int limit, List<Map.Entry<Long, Long>> page) {
        for (Map.Entry<Long, Long> member : members.entrySet()) {
            if (page.size() == limit) {
                return;
            }
            page.add(member);
        }
    }

    /** Members by the time of joining; the token of a page is the number of members before it. */
    private Response byTime(Request request, ContactList list) {
        int limit = Bodies.limit(request, PAGE, MAX_PAGE);
        String after = request.queryValue("after");
        int from = after == null || after.isEmpty() ? 0 : (int) Bodies.number(after, "after");
        List<Map.Entry<Long, Long>> members = new ArrayList<>(list.joinedMs.entrySet());
        members.sort(Map.Entry.comparingByValue());
        int start = Math.min(members.size(), Math.max(0, from));
        int end = Math.min(members.size(), start + limit);
        Map<String, Object> paging =
                end < members.size() ? Map.of("next", Map.of("after", Integer.toString(end))) : Map.of();
        return members(members.subList(start, end), members.size(), paging);
    }

    private static Response members(List<Map.Entry<Long, Long>> page, int total, Map<String, Object> paging) {
        List<Object> results = new ArrayList<>();
        for (Map.Entry<Long, Long> member : page) {
            results.add(Map.of(
                    "recordId", Long.toString(member.getKey()), "membershipTimestamp", Contact.iso(member.getValue())));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("results", results);
        body.put("total", total);
        if (!paging.isEmpty()) {
            body.put("paging", paging);
        }
        return Response.json(200, body);
    }

    /** The memberships of one contact. */
    private List<Object> of(String type, String recordId) {
        Contact contact = type.equals("0-1") ? desk.store().byId(Bodies.id(recordId)) : null;
        List<Object> results = new ArrayList<>();
        for (ContactList list : book.all()) {
            Map<String, Object> membership = contact == null ? null : list.membership(contact.id());
            if (membership != null) {
                results.add(membership);
            }
        }
        return results;
    }

    private Response ofMany(Request request) {
        String started = Contact.iso(desk.store().now());
        List<Object> results = new ArrayList<>();
        for (JsonNode input : Bodies.inputs(Bodies.object(request), MAX_BATCH)) {
            String type = input.path("objectTypeId").asText();
            String record = input.path("recordId").asText();
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("objectTypeId", type);
            result.put("recordId", record);
            result.put("recordListMemberships", of(type, record));
            results.add(result);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", "COMPLETE");
        body.put("results", results);
        body.put("startedAt", started);
        body.put("completedAt", Contact.iso(desk.store().now()));
        return Response.json(200, body);
    }
}
