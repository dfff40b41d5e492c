package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Answers queries on collections and single rows. */
final class RowReader {
    static final int MAX_PAGE = 5000;
    private static final Set<String> NOT_TRACKED =
            Set.of("$filter", "$orderby", "$expand", "$top", "$apply", "savedQuery", "userQuery", "fetchXml");

    private final Organization organization;
    private final String root;
    private final Meter meter;

    RowReader(Organization organization, String root, Meter meter) {
        this.organization = organization;
        this.root = root;
        this.meter = meter;
    }

    /** The answer with one row, or 304 if the caller has it already. */
    ApiResponse one(Row row, Query query, ApiRequest request) {
        String known = request.header("If-None-Match");
        boolean plain =
                query.selection().expansions().isEmpty() && request.preference("odata.include-annotations") == null;
        if (known != null && known.equals(row.etag()) && plain) {
            return ApiResponse.of(304, new byte[0]).with("ETag", row.etag());
        }
        meter.read(1);
        return representation(200, query.selection(), row);
    }

    ApiResponse representation(int status, Selection selection, Row row) {
        byte[] body = organization.read(() -> Json.object(json -> {
            String set = selection.address(selection.table().entitySet());
            json.writeStringField("@odata.context", root + "$metadata#" + set + "/$entity");
            selection.write(json, row, false);
        }));
        return ApiResponse.json(status, body).with("ETag", row.etag());
    }

    ApiResponse count(RowStore store, Query query, ApiRequest request) {
        Map<String, String> options = request.options();
        long count = organization.read(() -> {
            if (options.containsKey("$deltatoken")) {
                DeltaToken token = validToken(options.get("$deltatoken"));
                ChangeFeed feed = store.changes();
                long now = organization.version();
                return feed.changed(token.version(), now).size()
                        + feed.deleted(token.version(), now).size();
            }
            return Math.min(
                    MAX_PAGE,
                    query.filter() == null
                            ? store.size()
                            : Filter.select(store, query.filter()).size());
        });
        return plain(Long.toString(count));
    }

    static ApiResponse plain(String text) {
        return ApiResponse.of(200, text.getBytes(StandardCharsets.UTF_8)).with("Content-Type", "text/plain");
    }

    ApiResponse list(RowStore store, Query query, ApiRequest request, FilterCompiler filters) {
        Map<String, String> options = request.options();
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
            requireTracking(store.table(), delta);
        }
        if (query.apply() != null) {
            return aggregated(store, query, filters);
        }
        Integer pageSize = pageSize(request);
        ApiResponse response = delta
                ? changes(store, query, request, cookie, pageSize == null ? MAX_PAGE : pageSize)
                : rows(store, query, request, cookie, pageSize, tracked);
        if (tracked) {
            response.with("Preference-Applied", "odata.track-changes");
        } else if (pageSize != null) {
            response.with("Preference-Applied", "odata.maxpagesize=" + pageSize);
        }
        return response;
    }

    private void requireTracking(Table table, boolean delta) {
        boolean fails = delta || organization.behaviour().untrackedReadFails();
        if (fails && !organization.tracking(table)) {
            throw ServiceException.badRequest(
                    "0x80072491", "Entity " + table.logicalName() + " isn't enabled for change tracking.");
        }
    }

    private ApiResponse aggregated(RowStore store, Query query, FilterCompiler filters) {
        List<Map<String, Object>> lines = organization.read(
                () -> new Aggregation(store.table(), filters).run(query.apply(), Filter.select(store, query.filter())));
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField(
                    "@odata.context", root + "$metadata#" + store.table().entitySet());
            json.writeArrayFieldStart("value");
            for (Map<String, Object> line : lines) {
                Aggregation.write(json, line);
            }
            json.writeEndArray();
        }));
    }

    private ApiResponse rows(
            RowStore store, Query query, ApiRequest request, Cookie cookie, Integer pageSize, boolean tracked) {
        boolean topped = pageSize == null && query.top() != null;
        int limit = pageSize == null ? MAX_PAGE : pageSize;
        int wanted = topped ? Math.min(limit, query.top()) : limit;
        List<Row> page = new ArrayList<>();
        long[] seen = new long[2];
        byte[] body = organization.read(() -> {
            seen[0] = cookie != null && cookie.tracked() >= 0 ? cookie.tracked() : organization.version();
            if (query.counted()) {
                seen[1] = query.filter() == null
                        ? store.size()
                        : Filter.select(store, query.filter()).size();
            }
            page.addAll(fetch(store, query, cookie, wanted + 1));
            boolean more = page.size() > wanted;
            if (more) {
                page.remove(wanted);
            }
            return Json.object(json -> {
                Selection selection = query.selection();
                json.writeStringField(
                        "@odata.context",
                        root + "$metadata#" + selection.address(store.table().entitySet()));
                writeCounts(json, query, seen[1]);
                if (more && !topped) {
                    Cookie next = Order.cookie(
                            cookie == null ? 2 : cookie.page() + 1,
                            query.orders(),
                            store.table(),
                            page.get(page.size() - 1),
                            tracked ? seen[0] : -1);
                    json.writeStringField("@odata.nextLink", link(request, "$skiptoken", next.encode()));
                } else if (tracked && organization.tracking(store.table())) {
                    String token = new DeltaToken(seen[0], organization.now()).encode();
                    json.writeStringField("@odata.deltaLink", link(request, "$deltatoken", token));
                }
                writeRows(json, selection, page, false);
            });
        });
        meter.read(page.size());
        return ApiResponse.json(200, body);
    }

    private static void writeCounts(JsonGenerator json, Query query, long found) throws IOException {
        if (query.counted()) {
            json.writeNumberField("@odata.count", Math.min(MAX_PAGE, found));
        }
        if (query.selection().annotations().counts()) {
            json.writeNumberField(
                    "@Microsoft.Dynamics.CRM.totalrecordcount", query.counted() ? Math.min(MAX_PAGE, found) : -1);
            json.writeBooleanField("@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded", found > MAX_PAGE);
        }
    }

    private static void writeRows(JsonGenerator json, Selection selection, List<Row> rows, boolean open)
            throws IOException {
        json.writeArrayFieldStart("value");
        for (Row row : rows) {
            selection.writeObject(json, row);
        }
        if (!open) {
            json.writeEndArray();
        }
    }

    private static List<Row> fetch(RowStore store, Query query, Cookie cookie, int limit) {
        Filter filter = query.filter();
        Row last = cookie == null ? null : Order.position(cookie, query.orders(), store.table());
        boolean byKey = query.orders().stream()
                .allMatch(order -> order.column().type() == ColumnType.KEY && !order.descending());
        if (byKey && (filter == null || filter.candidates(store) == null)) {
            List<Row> found = new ArrayList<>();
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
        Comparator<Row> order = Order.comparator(query.orders());
        return Filter.select(store, filter).stream()
                .filter(row -> last == null || order.compare(row, last) > 0)
                .sorted(order)
                .limit(limit)
                .toList();
    }

    private ApiResponse changes(RowStore store, Query query, ApiRequest request, Cookie cookie, int limit) {
        DeltaToken token = validToken(request.options().get("$deltatoken"));
        Tracked page = organization.read(
                () -> Tracked.page(store.changes(), token.version(), cookie, organization.version(), limit));
        meter.read(page.rows().size() + page.deleted().size());
        Selection selection = query.selection();
        String set = store.table().entitySet();
        boolean quiet = page.rows().isEmpty() && page.deleted().isEmpty();
        byte[] body = organization.read(() -> Json.object(json -> {
            json.writeStringField("@odata.context", root + "$metadata#" + selection.address(set) + "/$delta");
            if (page.next() != null) {
                json.writeStringField(
                        "@odata.nextLink",
                        link(request, "$skiptoken", page.next().encode()));
            } else if (!quiet || organization.behaviour().quietDeltaLink()) {
                String next = new DeltaToken(page.end(), organization.now()).encode();
                json.writeStringField("@odata.deltaLink", link(request, "$deltatoken", next));
            }
            writeRows(json, selection, page.rows(), true);
            for (UUID id : page.deleted()) {
                json.writeStartObject();
                json.writeStringField("@odata.context", root + "$metadata#" + set + "/$deletedEntity");
                json.writeStringField("id", id.toString());
                json.writeStringField("reason", "deleted");
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
        return ApiResponse.json(200, body);
    }

    /** Rows reached over a collection-valued navigation property. */
    ApiResponse related(List<Row> rows, Query query) {
        List<Row> found = Filter.select(rows, query.filter()).stream()
                .sorted(Order.comparator(query.orders()))
                .limit(query.top() == null ? MAX_PAGE : query.top())
                .toList();
        meter.read(found.size());
        Selection selection = query.selection();
        return ApiResponse.json(
                200,
                organization.read(() -> Json.object(json -> {
                    json.writeStringField(
                            "@odata.context",
                            root + "$metadata#"
                                    + selection.address(selection.table().entitySet()));
                    writeCounts(json, query, rows.size());
                    writeRows(json, selection, found, false);
                })));
    }

    /** Rows of a predefined query: columns without a value are left out. */
    ApiResponse predefined(FetchXml.Result result, Selection selection) {
        meter.read(result.rows().size());
        return ApiResponse.json(
                200,
                organization.read(() -> Json.object(json -> {
                    json.writeStringField(
                            "@odata.context",
                            root + "$metadata#"
                                    + selection.address(selection.table().entitySet()));
                    if (result.cookie() != null) {
                        json.writeStringField("@Microsoft.Dynamics.CRM.fetchxmlpagingcookie", result.cookie());
                    }
                    json.writeArrayFieldStart("value");
                    for (Row row : result.rows()) {
                        json.writeStartObject();
                        selection.write(json, row, true);
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                })));
    }

    private DeltaToken validToken(String text) {
        DeltaToken token = DeltaToken.decode(text);
        if (organization.deltaExpired(token.version(), token.issued())) {
            throw new ServiceException(
                    organization.behaviour().expiredTokenStatus(),
                    "0x80044352",
                    "Version stamp associated with the client has expired. Please perform a full sync.");
        }
        return token;
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

    private static Integer pageSize(ApiRequest request) {
        String text = request.preference("odata.maxpagesize");
        if (text == null) {
            return null;
        }
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) == 0) {
            throw ServiceException.badQuery("Invalid value '" + text + "' for odata.maxpagesize found.");
        }
        return Math.min(MAX_PAGE, Integer.parseInt(text));
    }
}
