package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.apache.olingo.server.api.uri.UriInfo;

/** Reading and writing collections, rows and single columns. */
final class RowOperations {
    private final ServiceContext context;
    private final Organization organization;
    private final PredefinedQueries predefinedQueries;

    RowOperations(ServiceContext context) {
        this.context = context;
        this.organization = context.organization();
        this.predefinedQueries = new PredefinedQueries(context);
    }

    ApiResponse collection(RowStore store, UriInfo info, ApiRequest request) {
        Table table = store.table();
        switch (request.method()) {
            case "GET":
                context.privileges().require("Read", table);
                Query query = Query.of(table, info, context.queries(request));
                if (request.prefers("odata.track-changes") || request.options().containsKey("$deltatoken")) {
                    context.privileges().requireGlobalRead(table);
                } else {
                    ApiResponse predefined = predefinedQueries.run(store, query, request);
                    if (predefined != null) {
                        return predefined;
                    }
                }
                return context.reader()
                        .list(store, query, request, context.queries(request).compiler(table));
            case "POST":
                context.privileges().require("Create", table);
                ObjectNode body = Json.read(request.body());
                Selection selection =
                        Query.of(table, info, context.queries(request)).selection();
                WriteOptions options = context.writeOptions(request);
                Row row = organization.write(() -> context.writer().create(store, null, Map.of(), body, options));
                return written(store, row, true, null, request, selection);
            default:
                throw ServiceContext.notAllowed(request);
        }
    }

    ApiResponse row(References.Reference reference, UriInfo info, ApiRequest request) {
        RowStore store = reference.store();
        Query query = Query.of(store.table(), info, context.queries(request));
        switch (request.method()) {
            case "GET":
                context.privileges().require("Read", store.table());
                return context.reader().one(organization.read(() -> existing(reference)), query, request);
            case "PATCH":
                return upsert(reference, query.selection(), request);
            case "DELETE":
                context.privileges().require("Delete", store.table());
                organization.write(() -> {
                    Row row = existing(reference);
                    checkVersion(row, request.header("If-Match"));
                    context.writer().delete(store, row);
                    return row;
                });
                return ApiResponse.noContent();
            default:
                throw ServiceContext.notAllowed(request);
        }
    }

    private ApiResponse upsert(References.Reference reference, Selection selection, ApiRequest request) {
        RowStore store = reference.store();
        ObjectNode body = Json.read(request.body());
        WriteOptions options = context.writeOptions(request);
        String match = request.header("If-Match");
        boolean createOnly = "*".equals(request.header("If-None-Match"));
        boolean[] created = new boolean[1];
        Row row = organization.write(() -> {
            Row before = find(reference);
            if (before == null) {
                if (match != null) {
                    throw missing(reference);
                }
                created[0] = true;
                context.privileges().require("Create", store.table());
                return context.writer().create(store, reference.id(), reference.keyValues(), body, options);
            }
            if (createOnly) {
                throw RowWriter.duplicate(organization.behaviour());
            }
            context.privileges().require("Write", store.table());
            checkVersion(before, match);
            // Key columns in the body do not count on update.
            reference.keyValues().keySet().forEach(column -> body.remove(column.name()));
            return context.writer().update(store, before, body, options);
        });
        return written(store, row, created[0], reference, request, selection);
    }

    /** Reads a single column, sets it ({@code {"value": ...}}) or clears it. */
    ApiResponse property(References.Reference reference, String name, UriInfo info, ApiRequest request) {
        RowStore store = reference.store();
        if (info.getUriResourceParts().size() > 2) {
            throw ServiceException.unknownSegment(
                    info.getUriResourceParts().get(2).getSegmentValue());
        }
        switch (request.method()) {
            case "GET":
                context.privileges().require("Read", store.table());
                Row row = organization.read(() -> existing(reference));
                Object value = row.get(store.table().column(name));
                if (value == null) {
                    return ApiResponse.noContent();
                }
                return ApiResponse.json(200, Json.object(json -> {
                    json.writeStringField(
                            "@odata.context",
                            context.root() + "$metadata#" + store.table().entitySet() + "(" + row.id() + ")/" + name);
                    json.writeFieldName("value");
                    Values.write(json, value);
                }));
            case "PUT":
                JsonNode node = Json.read(request.body()).get("value");
                if (node == null) {
                    throw ServiceException.badRequest(
                            "0x80048d19", "Error identified in Payload provided by the user: 'value' is missing.");
                }
                return set(reference, name, node, request);
            case "DELETE":
                return set(reference, name, Json.MAPPER.nullNode(), request);
            default:
                throw ServiceContext.notAllowed(request);
        }
    }

    private ApiResponse set(References.Reference reference, String name, JsonNode value, ApiRequest request) {
        context.privileges().require("Write", reference.store().table());
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.set(name, value);
        WriteOptions options = context.writeOptions(request);
        organization.write(() -> {
            Row row = existing(reference);
            checkVersion(row, request.header("If-Match"));
            return context.writer().update(reference.store(), row, body, options);
        });
        return ApiResponse.noContent();
    }

    private static Row find(References.Reference reference) {
        return reference.id() == null ? null : reference.store().get(reference.id());
    }

    private ServiceException missing(References.Reference reference) {
        if (reference.id() == null) {
            return References.notFoundByKey(reference.store().table());
        }
        ServiceException known = ServiceException.notFound(reference.store().table(), reference.id());
        return organization.behaviour().emptyConditionalCodes()
                ? new ServiceException(known.status(), "", known.getMessage())
                : known;
    }

    /** The row named, which must be there. */
    static Row existing(References.Reference reference) {
        Row row = find(reference);
        if (row == null) {
            throw reference.id() == null
                    ? References.notFoundByKey(reference.store().table())
                    : ServiceException.notFound(reference.store().table(), reference.id());
        }
        return row;
    }

    private void checkVersion(Row row, String match) {
        if (match != null && !match.equals("*") && !match.equals(row.etag())) {
            throw new ServiceException(
                    412,
                    organization.behaviour().emptyConditionalCodes() ? "" : "0x80060882",
                    "The version of the existing record doesn't match the RowVersion property provided.");
        }
    }

    private ApiResponse written(
            RowStore store,
            Row row,
            boolean created,
            References.Reference reference,
            ApiRequest request,
            Selection selection) {
        if (request.prefers("return=representation")) {
            return context.reader()
                    .representation(created ? 201 : 200, selection, row)
                    .with("Preference-Applied", "return=representation");
        }
        ApiResponse response = ApiResponse.noContent();
        if (!created && !organization.behaviour().entityIdOnUpdate()) {
            return response;
        }
        String set = context.root() + store.table().entitySet();
        String address = set + "(" + row.id() + ")";
        boolean byKey = reference != null && !reference.keyValues().isEmpty();
        if (byKey) {
            // The service repeats the key of the request, which does not tell the id.
            String path = request.path();
            address = set + path.substring(path.indexOf('('));
        }
        return response.with("OData-EntityId", address);
    }
}
