package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.apache.olingo.server.api.uri.UriInfo;
import org.apache.olingo.server.api.uri.UriParameter;
import org.apache.olingo.server.api.uri.UriResource;
import org.apache.olingo.server.api.uri.UriResourceCount;
import org.apache.olingo.server.api.uri.UriResourceNavigation;
import org.apache.olingo.server.api.uri.UriResourceRef;

/** Rows behind the navigation properties of a row, and the references themselves. */
final class RelatedRows {
    private final ServiceContext context;
    private final Organization organization;

    RelatedRows(ServiceContext context) {
        this.context = context;
        this.organization = context.organization();
    }

    ApiResponse handle(References.Reference owner, UriInfo info, ApiRequest request) {
        List<UriResource> parts = info.getUriResourceParts();
        UriResourceNavigation step = (UriResourceNavigation) parts.get(1);
        Table table = owner.store().table();
        Navigation navigation = table.navigation(step.getProperty().getName());
        UriResource last = parts.get(parts.size() - 1);
        if (last instanceof UriResourceRef && parts.size() == 3) {
            return reference(owner, navigation, step, request);
        }
        ServiceContext.require(request, "GET");
        context.privileges().require("Read", table);
        context.privileges().require("Read", navigation.target());
        Row row = organization.read(() -> RowOperations.existing(owner));
        List<Row> rows = organization.read(() -> navigation.from(row));
        Query query = Query.of(navigation.target(), info, context.queries(request));
        if (last instanceof UriResourceCount && parts.size() == 3 && navigation.many()) {
            return RowReader.plain(
                    Integer.toString(Filter.select(rows, query.filter()).size()));
        }
        if (parts.size() > 2) {
            throw ServiceException.unknownSegment(parts.get(2).getSegmentValue());
        }
        if (navigation.many()) {
            return context.reader().related(rows, query);
        }
        return rows.isEmpty()
                ? ApiResponse.noContent()
                : context.reader().representation(200, query.selection(), rows.get(0));
    }

    private ApiResponse reference(
            References.Reference owner, Navigation navigation, UriResourceNavigation step, ApiRequest request) {
        Row row = organization.read(() -> RowOperations.existing(owner));
        switch (request.method()) {
            case "GET":
                return references(navigation, organization.read(() -> navigation.from(row)));
            case "PUT", "POST":
                boolean add = request.method().equals("POST");
                if (add != navigation.many()) {
                    throw ServiceContext.notAllowed(request);
                }
                String address = Json.read(request.body()).path("@odata.id").asText("");
                set(owner, navigation, address, request);
                return ApiResponse.noContent();
            case "DELETE":
                clear(owner, navigation, step, request);
                return ApiResponse.noContent();
            default:
                throw ServiceContext.notAllowed(request);
        }
    }

    private ApiResponse references(Navigation navigation, List<Row> rows) {
        String set = context.root() + navigation.target().entitySet();
        return ApiResponse.json(200, Json.object(json -> {
            String kind = navigation.many() ? "#Collection($ref)" : "#$ref";
            json.writeStringField("@odata.context", context.root() + "$metadata" + kind);
            if (!navigation.many()) {
                if (!rows.isEmpty()) {
                    json.writeStringField("@odata.id", set + "(" + rows.get(0).id() + ")");
                }
                return;
            }
            json.writeArrayFieldStart("value");
            for (Row row : rows) {
                json.writeStartObject();
                json.writeStringField("@odata.id", set + "(" + row.id() + ")");
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
    }

    private void set(References.Reference owner, Navigation navigation, String address, ApiRequest request) {
        if (navigation.column() == null) {
            throw membersOnly(navigation);
        }
        WriteOptions options = context.writeOptions(request);
        organization.write(() -> {
            Row row = RowOperations.existing(owner);
            if (navigation.many()) {
                References.Reference child = context.references().inBody(address, context.root());
                String back = nameOf(
                        child.store().table(),
                        navigation.column(),
                        owner.store().table());
                String own = owner.store().table().entitySet() + "(" + row.id() + ")";
                return bind(child, back, own, options);
            }
            return bind(owner, navigation.name(), address, options);
        });
    }

    /** Name of the property of a child that leads to its owner. */
    private static String nameOf(Table child, Column lookup, Table owner) {
        return child.navigations().stream()
                .filter(one -> !one.many() && lookup.equals(one.column()) && one.target() == owner)
                .map(Navigation::name)
                .findFirst()
                .orElseThrow(() -> ServiceException.badRequest("0x80048d19", "Invalid reference."));
    }

    private Row bind(References.Reference reference, String name, String address, WriteOptions options) {
        context.privileges().require("Write", reference.store().table());
        ObjectNode body = Json.MAPPER.createObjectNode();
        if (address == null) {
            body.putNull(name + "@odata.bind");
        } else {
            body.put(name + "@odata.bind", address);
        }
        return context.writer().update(reference.store(), RowOperations.existing(reference), body, options);
    }

    private void clear(
            References.Reference owner, Navigation navigation, UriResourceNavigation step, ApiRequest request) {
        if (navigation.column() == null) {
            throw membersOnly(navigation);
        }
        WriteOptions options = context.writeOptions(request);
        organization.write(() -> {
            if (!navigation.many()) {
                return bind(owner, navigation.name(), null, options);
            }
            List<UriParameter> keys = step.getKeyPredicates();
            java.util.UUID id = keys.isEmpty() ? null : Values.guid(keys.get(0).getText());
            RowStore children = organization.storeOf(navigation.target().logicalName());
            if (id == null) {
                throw ServiceException.badQuery("The key of the reference to remove is missing.");
            }
            References.Reference child = new References.Reference(children, id, Map.of(), "");
            return bind(
                    child,
                    nameOf(children.table(), navigation.column(), owner.store().table()),
                    null,
                    options);
        });
    }

    private static ServiceException membersOnly(Navigation navigation) {
        return ServiceException.badRequest(
                "0x80040203",
                "Associate and disassociate are not supported for '" + navigation.name()
                        + "'; use AddMemberList and RemoveMemberList.");
    }
}
