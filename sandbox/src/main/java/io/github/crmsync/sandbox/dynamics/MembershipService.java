package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Marketing lists and system views, as far as reading them goes: their rows are put in from outside. */
final class MembershipService {
    private static final Pattern PATH =
            Pattern.compile("(lists|savedqueries)\\(([^)]*)\\)(?:/(listcontact_association|listlead_association))?");
    private static final int MAX_PAGE = 5000;

    /** A list or a view over one table. */
    record Members(String logicalName, boolean dynamic, Set<UUID> ids) {}

    private final Organization organization;
    private final String root;
    private final Map<UUID, Members> lists = new ConcurrentHashMap<>();
    private final Map<UUID, Members> views = new ConcurrentHashMap<>();

    MembershipService(Organization organization, String root) {
        this.organization = organization;
        this.root = root;
    }

    void putList(UUID id, Members members) {
        lists.put(id, members);
    }

    void putView(UUID id, Members members) {
        views.put(id, members);
    }

    /** The answer to a request for a list, its members, a view or its rows; null if the request is for none of them. */
    ApiResponse handle(ApiRequest request) {
        Matcher path = PATH.matcher(request.path());
        if (path.matches()) {
            boolean list = path.group(1).equals("lists");
            Members members = find(list ? lists : views, path.group(2), list ? "list" : "savedquery");
            if (!request.method().equals("GET")) {
                throw new ServiceException(405, "0x80060888", "Only reading is supported.");
            }
            if (path.group(3) == null) {
                return list ? list(path.group(2), members) : view(path.group(2), members);
            }
            boolean fits = path.group(3).equals("list" + members.logicalName() + "_association");
            return rows(members.logicalName(), fits && !members.dynamic() ? members.ids() : Set.of(), request);
        }
        String saved = request.method().equals("GET") ? request.options().get("savedQuery") : null;
        if (saved == null || organization.store(request.path()) == null) {
            return null;
        }
        Members view = find(views, saved, "savedquery");
        if (!organization.storeOf(view.logicalName()).table().entitySet().equals(request.path())) {
            throw ServiceException.badQuery("The saved query is for another table.");
        }
        return rows(view.logicalName(), view.ids(), request);
    }

    private static Members find(Map<UUID, Members> all, String text, String kind) {
        UUID id = Values.guid(text);
        Members members = id == null ? null : all.get(id);
        if (members == null) {
            throw new ServiceException(404, "0x80040217", kind + " With Id = " + text + " Does Not Exist");
        }
        return members;
    }

    private ApiResponse list(String id, Members list) {
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", root + "$metadata#lists/$entity");
            json.writeStringField("listid", id);
            json.writeStringField("listname", "List " + id);
            json.writeNumberField("createdfromcode", list.logicalName().equals("lead") ? 4 : 2);
            json.writeBooleanField("type", list.dynamic());
        }));
    }

    private ApiResponse view(String id, Members view) {
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", root + "$metadata#savedqueries/$entity");
            json.writeStringField("savedqueryid", id);
            json.writeStringField("name", "View " + id);
            json.writeStringField("returnedtypecode", view.logicalName());
        }));
    }

    private ApiResponse rows(String logicalName, Set<UUID> ids, ApiRequest request) {
        RowStore store = organization.storeOf(logicalName);
        String token = request.options().getOrDefault("$skiptoken", "0");
        int from = token.matches("\\d{1,9}") ? Integer.parseInt(token) : 0;
        String wanted = request.preference("odata.maxpagesize");
        int size = wanted == null ? MAX_PAGE : Math.min(MAX_PAGE, Integer.parseInt(wanted));
        List<Row> present = organization.read(() -> {
            List<Row> found = new ArrayList<>();
            for (UUID id : new LinkedHashSet<>(ids)) {
                Row row = store.get(id);
                if (row != null) {
                    found.add(row);
                }
            }
            return found;
        });
        List<Row> page = present.subList(Math.min(from, present.size()), Math.min(from + size, present.size()));
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", root + "$metadata#" + request.path());
            if (from + size < present.size()) {
                String query = request.rawQuery().replaceAll("&?\\$skiptoken=\\d+", "");
                json.writeStringField(
                        "@odata.nextLink", root + request.path() + "?" + query + "&$skiptoken=" + (from + size));
            }
            json.writeArrayFieldStart("value");
            for (Row row : page) {
                write(json, store.table(), row);
            }
            json.writeEndArray();
        }));
    }

    /** Results of saved queries leave empty columns out. */
    private static void write(JsonGenerator json, Table table, Row row) throws IOException {
        json.writeStartObject();
        json.writeStringField("@odata.etag", row.etag());
        json.writeStringField(table.key().name(), row.id().toString());
        Object name = row.get(table.column("fullname"));
        if (name != null) {
            json.writeStringField("fullname", name.toString());
        }
        json.writeEndObject();
    }
}
