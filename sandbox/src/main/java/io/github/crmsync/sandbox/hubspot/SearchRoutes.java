package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** The search call: a lagging index, at most 10,000 reachable hits. */
final class SearchRoutes {
    private static final int REACHABLE = 10_000;
    private static final int MAX_BODY = 3_000;

    private final Desk desk;
    private final Random random;

    SearchRoutes(Desk desk) {
        this.desk = desk;
        random = new Random(desk.options().seed() + 3);
    }

    void addTo(Router router) {
        desk.contacts(router, "POST", "/search", (request, path) -> search(request));
    }

    private Response search(Request request) {
        if (request.bodyText().length() > MAX_BODY) {
            throw ApiException.validation("The request body must not be longer than 3000 characters");
        }
        JsonNode body = Bodies.object(request);
        int limit = body.path("limit").asInt(10);
        if (limit < 0 || limit > 200) {
            throw ApiException.validation("limit must be between 0 and 200 but was " + limit);
        }
        String after = body.path("after").asText("");
        long offset = after.isEmpty() ? 0 : Bodies.number(after, "after");
        if (offset < 0 || offset + limit > REACHABLE) {
            throw ApiException.validation("Paging beyond 10000 results of one query is not possible");
        }
        List<List<SearchFilter>> groups = groups(body);
        Comparator<Contact> order = order(body.path("sorts"));
        List<Contact> hits = hits(groups, body.path("query").asText(""));
        if (order != null) {
            hits.sort(order);
        }
        return answer(hits, (int) offset, limit, Bodies.texts(body.path("properties")), request);
    }

    private Response answer(List<Contact> hits, int offset, int limit, List<String> properties, Request request) {
        List<Object> results = new ArrayList<>();
        int end = Math.min(hits.size(), offset + limit);
        for (int i = offset; i < end; i++) {
            results.add(desk.view().read(hits.get(i), properties));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("total", hits.size());
        body.put("results", results);
        if (end < hits.size() && end > offset) {
            body.put("paging", Map.of("next", Map.of("after", Integer.toString(end))));
        }
        desk.stats().recordsRead(results.size());
        return Response.json(200, body);
    }

    private List<List<SearchFilter>> groups(JsonNode body) {
        List<List<SearchFilter>> groups = new ArrayList<>();
        if (body.path("filters").isArray() && !body.path("filters").isEmpty()) {
            groups.add(filters(body.path("filters")));
        }
        body.path("filterGroups").forEach(group -> groups.add(filters(group.path("filters"))));
        int all = groups.stream().mapToInt(List::size).sum();
        if (groups.size() > 5 || groups.stream().anyMatch(group -> group.size() > 6) || all > 18) {
            throw ApiException.validation(
                    "There was a problem with the request: at most 5 filter groups of 6 filters, 18 filters in all");
        }
        return groups;
    }

    private List<SearchFilter> filters(JsonNode nodes) {
        List<SearchFilter> filters = new ArrayList<>();
        nodes.forEach(node -> filters.add(new SearchFilter(node, desk.catalog())));
        return filters;
    }

    private List<Contact> hits(List<List<SearchFilter>> groups, String query) {
        Map<Long, Contact> found = new LinkedHashMap<>();
        List<List<SearchFilter>> alternatives = groups.isEmpty() ? List.of(List.of()) : groups;
        for (List<SearchFilter> group : alternatives) {
            for (Contact contact : candidates(group)) {
                if (group.stream().allMatch(filter -> filter.matches(contact)) && mentions(contact, query)) {
                    found.put(contact.id(), contact);
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    private Collection<Contact> candidates(List<SearchFilter> group) {
        if (group.stream().anyMatch(filter -> filter.property.equals("hs_lastmodifieddate"))) {
            return List.of();
        }
        SearchIndex index = desk.store().index();
        long[] modified = range(group, "lastmodifieddate");
        return modified[0] == Long.MIN_VALUE && modified[1] == Long.MAX_VALUE
                ? index.byId(range(group, "hs_object_id")[0], range(group, "hs_object_id")[1])
                : index.byModification(modified[0], modified[1]);
    }

    private static long[] range(List<SearchFilter> group, String property) {
        long low = Long.MIN_VALUE;
        long high = Long.MAX_VALUE;
        for (SearchFilter filter : group) {
            if (filter.property.equals(property)) {
                low = Math.max(low, filter.low());
                high = Math.min(high, filter.high());
            }
        }
        return new long[] {low, high};
    }

    private static boolean mentions(Contact contact, String query) {
        if (query.isEmpty()) {
            return true;
        }
        String wanted = query.toLowerCase(Locale.ROOT);
        for (String name : List.of("firstname", "lastname", "email", "phone", "hs_additional_emails", "company")) {
            String value = contact.get(name);
            if (value != null && value.toLowerCase(Locale.ROOT).contains(wanted)) {
                return true;
            }
        }
        return false;
    }

    private Comparator<Contact> order(JsonNode sorts) {
        if (sorts.size() > 1) {
            throw ApiException.validation("There was a problem with the request: only one sort is supported");
        }
        String property = "createdate";
        boolean descending = false;
        if (sorts.size() == 1) {
            JsonNode sort = sorts.get(0);
            property = sort.isTextual()
                    ? sort.asText().replaceFirst("^-", "")
                    : sort.path("propertyName").asText();
            descending = sort.isTextual()
                    ? sort.asText().startsWith("-")
                    : sort.path("direction").asText("ASCENDING").equals("DESCENDING");
        }
        PropertyDefinition definition = desk.catalog().live(property);
        if (definition == null) {
            throw ApiException.validation("There was a problem with the request: unknown sort property " + property);
        }
        Comparator<Contact> order = ascending(property, definition.type().equals("number"));
        long salt = random.nextLong();
        return (descending ? order.reversed() : order).thenComparingLong(contact -> shuffled(contact.id(), salt));
    }

    /** Contacts that the sort finds equal come in another order with each query. */
    private static long shuffled(long id, long salt) {
        long mixed = (id ^ salt) * 0x9E3779B97F4A7C15L;
        return (mixed ^ mixed >>> 32) * 0x9E3779B97F4A7C15L;
    }

    private static Comparator<Contact> ascending(String property, boolean numeric) {
        switch (property) {
            case "createdate":
                return Comparator.comparingLong(Contact::createdMs);
            case "lastmodifieddate":
                return Comparator.comparingLong(Contact::modifiedMs);
            case "hs_object_id":
                return Comparator.comparingLong(Contact::id);
            default:
                Comparator<String> values =
                        numeric ? Comparator.comparingDouble(Double::parseDouble) : String.CASE_INSENSITIVE_ORDER;
                return Comparator.comparing(contact -> contact.get(property), Comparator.nullsFirst(values));
        }
    }
}
