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
import java.util.Random;

/** The search call: a lagging index, at most 10,000 reachable hits. */
final class SearchRoutes {
    private static final int REACHABLE = 10_000;
    private static final int MAX_LENGTH = 3_000;
    private static final int MAX_PAGE = 200;
    private static final int MAX_GROUPS = 5;

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
        JsonNode body = Bodies.object(request);
        String query = body.path("query").asText("");
        boolean anyBody = desk.options().has(Quirk.LONG_SEARCH_BODIES);
        if (query.length() > MAX_LENGTH || (!anyBody && request.bodyText().length() > MAX_LENGTH)) {
            throw ApiException.validation(
                    "The " + (anyBody ? "query" : "request body") + " must not be longer than 3000 characters");
        }
        int limit = Bodies.integer(body, "limit", 10);
        if (limit < 0 || limit > MAX_PAGE) {
            throw ApiException.validation("limit must be between 0 and 200 but was " + limit);
        }
        String after = body.path("after").asText("");
        long offset = after.isEmpty() ? 0 : Bodies.number(after, "after");
        if (offset < 0 || offset + limit > REACHABLE) {
            throw ApiException.validation("Paging beyond 10000 results of one query is not possible");
        }
        SearchSort sort = SearchSort.of(Bodies.array(body, "sorts"), desk.catalog(), random.nextLong());
        List<List<SearchFilter>> groups = groups(body);
        Hits hits = hits(groups, query.toLowerCase(Locale.ROOT), sort, (int) offset, limit);
        return answer(hits, (int) offset, Bodies.texts(Bodies.array(body, "properties")));
    }

    private record Hits(int total, List<Contact> page) {}

    private Response answer(Hits hits, int offset, List<String> properties) {
        List<Object> results = new ArrayList<>();
        hits.page().forEach(contact -> results.add(desk.view().read(contact, properties)));
        if (!results.isEmpty() && desk.faults().takeEmptyPage()) {
            return Response.json(
                    200,
                    Map.of(
                            "total",
                            hits.total(),
                            "results",
                            List.of(),
                            "paging",
                            Map.of("next", Map.of("after", Integer.toString(offset)))));
        }
        int end = offset + results.size();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("total", hits.total());
        body.put("results", results);
        if (end < hits.total() && end > offset) {
            body.put("paging", Map.of("next", Map.of("after", Integer.toString(end))));
        }
        desk.stats().recordsRead(results.size());
        return Response.json(200, body);
    }

    private List<List<SearchFilter>> groups(JsonNode body) {
        List<List<SearchFilter>> groups = new ArrayList<>();
        JsonNode bare = Bodies.array(body, "filters");
        if (!bare.isEmpty()) {
            groups.add(filters(bare));
        }
        Bodies.array(body, "filterGroups").forEach(group -> groups.add(filters(Bodies.array(group, "filters"))));
        boolean more = desk.options().has(Quirk.MORE_SEARCH_FILTERS);
        int inGroup = more ? 10 : 6;
        int inAll = more ? 25 : 18;
        int all = groups.stream().mapToInt(List::size).sum();
        if (groups.size() > MAX_GROUPS || groups.stream().anyMatch(group -> group.size() > inGroup) || all > inAll) {
            throw ApiException.validation("There was a problem with the request: at most " + MAX_GROUPS
                    + " filter groups of " + inGroup + " filters, " + inAll + " filters in all");
        }
        return groups;
    }

    private List<SearchFilter> filters(JsonNode nodes) {
        List<SearchFilter> filters = new ArrayList<>();
        nodes.forEach(node -> filters.add(new SearchFilter(node, desk.catalog())));
        return filters;
    }

    private Hits hits(List<List<SearchFilter>> groups, String query, SearchSort sort, int offset, int limit) {
        if (groups.size() <= 1) {
            return hitsOfOne(groups.isEmpty() ? List.of() : groups.get(0), query, sort, offset, limit);
        }
        Map<Long, Contact> found = new LinkedHashMap<>();
        for (List<SearchFilter> group : groups) {
            for (Contact contact : matches(narrowest(group), group, query)) {
                found.put(contact.id(), contact);
            }
        }
        return new Hits(found.size(), sort.sortedPage(new ArrayList<>(found.values()), offset, limit));
    }

    /** Walks through as little of the index as the filters allow, and sorts only what is not in order yet. */
    private Hits hitsOfOne(List<SearchFilter> filters, String query, SearchSort sort, int offset, int limit) {
        SearchIndex.Range narrowest = narrowest(filters);
        SearchIndex.Range inOrder = sort.key() == null ? null : range(filters, sort.key());
        if (inOrder == null || inOrder.size() / 8 > narrowest.size()) {
            List<Contact> found = matches(narrowest, filters, query);
            return new Hits(found.size(), sort.sortedPage(found, offset, limit));
        }
        boolean covered = query.isEmpty()
                && filters.stream().allMatch(filter -> filter.isRange() && filter.property.equals(sort.property()));
        List<Contact> found = covered ? desk.store().index().contacts(inOrder) : matches(inOrder, filters, query);
        return new Hits(found.size(), sort.page(found, offset, limit));
    }

    private List<Contact> matches(SearchIndex.Range range, List<SearchFilter> filters, String query) {
        List<Contact> found = new ArrayList<>();
        for (Contact contact : desk.store().index().contacts(range)) {
            if (filters.stream().allMatch(filter -> filter.matches(contact)) && mentions(contact, query)) {
                found.add(contact);
            }
        }
        return found;
    }

    private SearchIndex.Range narrowest(List<SearchFilter> filters) {
        SearchIndex.Range narrowest = range(filters, SearchIndex.Key.ID);
        for (SearchIndex.Key key : SearchIndex.Key.values()) {
            SearchIndex.Range other = range(filters, key);
            narrowest = other.size() < narrowest.size() ? other : narrowest;
        }
        return narrowest;
    }

    private SearchIndex.Range range(List<SearchFilter> filters, SearchIndex.Key key) {
        long low = Long.MIN_VALUE;
        long high = Long.MAX_VALUE;
        for (SearchFilter filter : filters) {
            if (SearchIndex.Key.of(filter.property) == key) {
                low = Math.max(low, filter.low());
                high = Math.min(high, filter.high());
            }
        }
        return desk.store().index().range(key, low, high);
    }

    private static boolean mentions(Contact contact, String query) {
        if (query.isEmpty()) {
            return true;
        }
        for (String name : List.of("firstname", "lastname", "email", "phone", "hs_additional_emails", "company")) {
            String value = contact.get(name);
            if (value != null && value.toLowerCase(Locale.ROOT).contains(query)) {
                return true;
            }
        }
        return false;
    }
}
