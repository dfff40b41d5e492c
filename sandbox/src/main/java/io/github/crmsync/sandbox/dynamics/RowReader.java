package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Answers queries on collections and single rows. */
final class RowReader {
    private static final int MAX_PAGE = 5000;
    private static final Set<String> OPTIONS =
            Set.of("$select", "$filter", "$orderby", "$top", "$count", "$skiptoken", "$deltatoken");
    private static final Set<String> NOT_TRACKED = Set.of("$filter", "$orderby", "$expand", "$top");

    private final Organization organization;
    private final String root;
    private final Meter meter;

    RowReader(Organization organization, String root, Meter meter) {
        this.organization = organization;
        this.root = root;
        this.meter = meter;
    }

    ApiResponse one(RowStore store, UUID id, ApiRequest request) {
        Map<String, String> options = checkedOptions(request);
        Selection selection = Selection.of(store.table(), options.get("$select"), request);
        Row row = organization.read(() -> store.get(id));
        if (row == null) {
            throw ServiceException.notFound(store.table(), id);
        }
        String known = request.header("If-None-Match");
        if (known != null && known.equals(row.etag())) {
            return ApiResponse.of(304, new byte[0]).with("ETag", row.etag());
        }
        meter.read(1);
        return representation(200, selection, row);
    }

    ApiResponse representation(int status, Selection selection, Row row) {
        byte[] body = Json.object(json -> {
            json.writeStringField("@odata.context", root + "$metadata#" + selection.context() + "/$entity");
            selection.write(json, row);
        });
        return ApiResponse.json(status, body).with("ETag", row.etag());
    }

    ApiResponse count(RowStore store, ApiRequest request) {
        Map<String, String> options = checkedOptions(request);
        long count = organization.read(() -> {
            if (options.containsKey("$deltatoken")) {
                DeltaToken token = validToken(options.get("$deltatoken"));
                ChangeFeed feed = store.changes();
                long now = organization.version();
                return feed.changed(token.version(), now).size()
                        + feed.deleted(token.version(), now).size();
            }
            Filter filter = filter(store.table(), options);
            return Math.min(
                    MAX_PAGE,
                    filter == null ? store.size() : Filter.select(store, filter).size());
        });
        return ApiResponse.of(200, Long.toString(count).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .with("Content-Type", "text/plain");
    }

    ApiResponse list(RowStore store, ApiRequest request) {
        Map<String, String> options = checkedOptions(request);
        Selection selection = Selection.of(store.table(), options.get("$select"), request);
        Cookie cookie = options.containsKey("$skiptoken") ? Cookie.decode(options.get("$skiptoken")) : null;
        boolean delta = options.containsKey("$deltatoken");
        boolean tracked = delta || request.prefers("odata.track-changes") || cookie != null && cookie.tracked() >= 0;
        if (tracked) {
            for (String name : NOT_TRACKED) {
                if (options.containsKey(name)) {
                    throw ServiceException.badQuery(
                            "The \"" + name + "\" query parameter isn't supported when Change Tracking is enabled.");
                }
            }
        }
        Integer pageSize = pageSize(request);
        int limit = pageSize == null ? MAX_PAGE : pageSize;
        ApiResponse response = delta
                ? changes(store, request, options, selection, cookie, limit)
                : rows(store, request, options, selection, cookie, limit, pageSize == null, tracked);
        if (tracked) {
            response.with("Preference-Applied", "odata.track-changes");
        } else if (pageSize != null) {
            response.with("Preference-Applied", "odata.maxpagesize=" + pageSize);
        }
        return response;
    }

    private ApiResponse rows(
            RowStore store,
            ApiRequest request,
            Map<String, String> options,
            Selection selection,
            Cookie cookie,
            int limit,
            boolean topCounts,
            boolean tracked) {
        Table table = store.table();
        Filter filter = filter(table, options);
        List<Order> orders = Order.parse(table, options.get("$orderby"));
        String top = options.get("$top");
        int wanted = top == null ? limit : topCounts ? Math.min(limit, positive("$top", top)) : limit;
        boolean counted = flag(options.get("$count"));
        List<Row> page = new ArrayList<>();
        long[] seen = new long[2];
        organization.read(() -> {
            seen[0] = cookie != null && cookie.tracked() >= 0 ? cookie.tracked() : organization.version();
            if (counted) {
                seen[1] = filter == null
                        ? store.size()
                        : Filter.select(store, filter).size();
            }
            page.addAll(fetch(store, filter, orders, cookie, wanted + 1));
            return page;
        });
        boolean more = page.size() > wanted;
        if (more) {
            page.remove(wanted);
        }
        meter.read(page.size());
        byte[] body = Json.object(json -> {
            json.writeStringField("@odata.context", root + "$metadata#" + selection.context());
            if (counted) {
                json.writeNumberField("@odata.count", Math.min(MAX_PAGE, seen[1]));
                json.writeNumberField("@Microsoft.Dynamics.CRM.totalrecordcount", Math.min(MAX_PAGE, seen[1]));
                json.writeBooleanField("@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded", seen[1] > MAX_PAGE);
            }
            if (more && !(topCounts && top != null)) {
                Cookie next = Order.cookie(
                        cookie == null ? 2 : cookie.page() + 1,
                        orders,
                        table,
                        page.get(page.size() - 1),
                        tracked ? seen[0] : -1);
                json.writeStringField("@odata.nextLink", link(request, "$skiptoken", next.encode()));
            } else if (tracked && organization.tracking(table)) {
                String token = new DeltaToken(seen[0], organization.now()).encode();
                json.writeStringField("@odata.deltaLink", link(request, "$deltatoken", token));
            }
            json.writeArrayFieldStart("value");
            for (Row row : page) {
                writeRow(json, selection, row);
            }
            json.writeEndArray();
        });
        return ApiResponse.json(200, body);
    }

    private static List<Row> fetch(RowStore store, Filter filter, List<Order> orders, Cookie cookie, int limit) {
        Row last = cookie == null ? null : Order.position(cookie, orders, store.table());
        List<Row> found = new ArrayList<>();
        if (orders.isEmpty() && (filter == null || filter.candidates(store) == null)) {
            for (Row row : store.after(last == null ? null : last.id()).values()) {
                if (filter == null || Boolean.TRUE.equals(filter.test(row))) {
                    found.add(row);
                    if (found.size() == limit) {
                        break;
                    }
                }
            }
            return found;
        }
        Comparator<Row> order = Order.comparator(orders);
        return Filter.select(store, filter).stream()
                .filter(row -> last == null || order.compare(row, last) > 0)
                .sorted(order)
                .limit(limit)
                .toList();
    }

    private ApiResponse changes(
            RowStore store,
            ApiRequest request,
            Map<String, String> options,
            Selection selection,
            Cookie cookie,
            int limit) {
        if (!organization.tracking(store.table())) {
            throw ServiceException.badRequest(
                    "0x80072491", "Entity " + store.table().logicalName() + " isn't enabled for change tracking.");
        }
        DeltaToken token = validToken(options.get("$deltatoken"));
        List<Row> rows = new ArrayList<>();
        List<UUID> deleted = new ArrayList<>();
        long[] state = new long[3];
        boolean more = organization.read(() -> {
            long end = cookie == null ? organization.version() : cookie.tracked();
            long live = cookie == null ? token.version() : position(cookie, "changed");
            long dead = cookie == null ? token.version() : position(cookie, "deleted");
            for (Map.Entry<Long, UUID> change :
                    store.changes().changed(live, end).entrySet()) {
                if (rows.size() == limit) {
                    fill(state, live, dead, end);
                    return true;
                }
                rows.add(store.get(change.getValue()));
                live = change.getKey();
            }
            for (Map.Entry<Long, UUID> change :
                    store.changes().deleted(dead, end).entrySet()) {
                if (rows.size() + deleted.size() == limit) {
                    fill(state, end, dead, end);
                    return true;
                }
                deleted.add(change.getValue());
                dead = change.getKey();
            }
            fill(state, end, end, end);
            return false;
        });
        meter.read(rows.size() + deleted.size());
        byte[] body = Json.object(json -> {
            json.writeStringField("@odata.context", root + "$metadata#" + selection.context() + "/$delta");
            if (more) {
                Map<String, String> last = new LinkedHashMap<>();
                last.put("changed", Long.toString(state[0]));
                last.put("deleted", Long.toString(state[1]));
                Cookie next = new Cookie(cookie == null ? 2 : cookie.page() + 1, last, state[2]);
                json.writeStringField("@odata.nextLink", link(request, "$skiptoken", next.encode()));
            } else {
                String next = new DeltaToken(state[2], organization.now()).encode();
                json.writeStringField("@odata.deltaLink", link(request, "$deltatoken", next));
            }
            json.writeArrayFieldStart("value");
            for (Row row : rows) {
                writeRow(json, selection, row);
            }
            for (UUID id : deleted) {
                json.writeStartObject();
                json.writeStringField(
                        "@odata.context", root + "$metadata#" + store.table().entitySet() + "/$deletedEntity");
                json.writeStringField("id", id.toString());
                json.writeStringField("reason", "deleted");
                json.writeEndObject();
            }
            json.writeEndArray();
        });
        return ApiResponse.json(200, body);
    }

    private static void fill(long[] state, long live, long dead, long end) {
        state[0] = live;
        state[1] = dead;
        state[2] = end;
    }

    private static long position(Cookie cookie, String name) {
        String value = cookie.last().get(name);
        if (value == null || !value.matches("\\d{1,18}")) {
            throw Cookie.malformed();
        }
        return Long.parseLong(value);
    }

    private DeltaToken validToken(String text) {
        DeltaToken token = DeltaToken.decode(text);
        if (organization.deltaExpired(token.version(), token.issued())) {
            throw ServiceException.badRequest(
                    "0x80044352", "Version stamp associated with the client has expired. Please perform a full sync.");
        }
        return token;
    }

    private static void writeRow(JsonGenerator json, Selection selection, Row row) throws IOException {
        json.writeStartObject();
        selection.write(json, row);
        json.writeEndObject();
    }

    /** The called address with all options but the old position, then the new one. */
    private String link(ApiRequest request, String name, String encoded) {
        StringBuilder query = new StringBuilder();
        for (String pair : request.rawQuery().split("&")) {
            String option = ApiRequest.decode(pair.split("=", 2)[0]);
            boolean position = option.equals("$skiptoken") || option.equals(name);
            if (!pair.isEmpty() && !position) {
                query.append(pair).append('&');
            }
        }
        return root + request.path() + "?" + query + name + "=" + encoded;
    }

    private static Filter filter(Table table, Map<String, String> options) {
        String filter = options.get("$filter");
        return filter == null ? null : FilterParser.parse(table, filter, options);
    }

    static Map<String, String> checkedOptions(ApiRequest request) {
        Map<String, String> options = request.options();
        for (String name : options.keySet()) {
            if (name.startsWith("$") && !OPTIONS.contains(name)) {
                throw ServiceException.badQuery("The query parameter " + name + " is not supported.");
            }
            if (!name.startsWith("$") && !name.startsWith("@") && !name.equals("tag")) {
                throw ServiceException.badQuery("The query parameter " + name + " is not supported.");
            }
        }
        return options;
    }

    private static Integer pageSize(ApiRequest request) {
        String text = request.preference("odata.maxpagesize");
        if (text == null) {
            return null;
        }
        return Math.min(MAX_PAGE, positive("odata.maxpagesize", text));
    }

    private static int positive(String name, String text) {
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) == 0) {
            throw ServiceException.badQuery("Invalid value '" + text + "' for " + name + " found.");
        }
        return Integer.parseInt(text);
    }

    private static boolean flag(String text) {
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw ServiceException.badQuery("Invalid value '" + text + "' for $count query option found.");
        }
        return "true".equals(text);
    }
}
