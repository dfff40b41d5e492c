package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The actions of tables, rows and the service root. */
final class Actions {
    private static final String METADATA = "$metadata#" + Table.NAMESPACE;

    private final ServiceContext context;
    private final Organization organization;
    private final RowWriter writer;

    Actions(ServiceContext context) {
        this.context = context;
        this.organization = context.organization();
        this.writer = context.writer();
    }

    /** CreateMultiple and its like: all rows or none. */
    ApiResponse onTable(RowStore store, String name, ApiRequest request) {
        if (name.equals("DeleteMultiple")) {
            throw ServiceException.badRequest("0x80040203", "DeleteMultiple has not yet been implemented.");
        }
        if (!organization.behaviour().bulkMessages() || !available(store.table(), name)) {
            throw ServiceException.badRequest(
                    "0x80040800",
                    "'" + name + "' is not supported for entities of type '"
                            + store.table().logicalName() + "'.");
        }
        List<ObjectNode> targets = targets(store.table(), request);
        WriteOptions options = context.writeOptions(request);
        List<Row> rows = organization.write(() -> targets.stream()
                .map(target -> one(store, name, target, options))
                .toList());
        if (!name.equals("CreateMultiple")) {
            return ApiResponse.noContent();
        }
        return ids("CreateMultipleResponse", rows.stream().map(Row::id).toList());
    }

    private boolean available(Table table, String message) {
        RowStore filters = organization.storeOf("sdkmessagefilter");
        Column name = filters.table().column("name");
        Column type = filters.table().column("primaryobjecttypecode");
        return filters.all().stream()
                .anyMatch(row ->
                        message.equals(row.get(name)) && table.logicalName().equals(row.get(type)));
    }

    private Row one(RowStore store, String name, ObjectNode target, WriteOptions options) {
        switch (name) {
            case "CreateMultiple":
                context.privileges().require("Create", store.table());
                return writer.create(store, null, Map.of(), target, options);
            case "UpdateMultiple":
                context.privileges().require("Write", store.table());
                References.Reference existing = identify(store, target);
                if (existing == null || existing.id() == null || store.get(existing.id()) == null) {
                    String text = target.path(store.table().key().name()).asText("");
                    throw new ServiceException(
                            404, "0x80040217", store.table().schemaName() + " With Ids = " + text + " Do Not Exist");
                }
                return writer.update(store, store.get(existing.id()), target, options);
            default:
                context.privileges().require("Create", store.table());
                context.privileges().require("Write", store.table());
                References.Reference found = identify(store, target);
                Row row = found == null || found.id() == null ? null : store.get(found.id());
                if (row != null) {
                    found.keyValues().keySet().forEach(column -> target.remove(column.name()));
                    return writer.update(store, row, target, options);
                }
                return writer.create(
                        store,
                        found == null ? null : found.id(),
                        found == null ? Map.of() : found.keyValues(),
                        target,
                        options);
        }
    }

    /** The row that an element names by its key or by {@code @odata.id}; null if by nothing. */
    private References.Reference identify(RowStore store, ObjectNode target) {
        JsonNode address = target.get("@odata.id");
        if (address != null) {
            return context.references().inBody(address.asText(), context.root());
        }
        JsonNode key = target.get(store.table().key().name());
        UUID id = BodyReader.id(key);
        if (key != null && id == null) {
            throw ServiceException.badRequest(
                    "0x80048d19",
                    "Error identified in Payload provided by the user: the key '" + key.asText() + "' is no GUID.");
        }
        return id == null ? null : new References.Reference(store, id, Map.of(), "");
    }

    private static List<ObjectNode> targets(Table table, ApiRequest request) {
        JsonNode array = Json.read(request.body()).path("Targets");
        List<ObjectNode> targets = new ArrayList<>();
        for (JsonNode element : array) {
            if (!(element instanceof ObjectNode target) || !target.has("@odata.type")) {
                throw ServiceException.badRequest(
                        "0x80048d19",
                        "Error identified in Payload provided by the user: every element of 'Targets' must have"
                                + " '@odata.type'.");
            }
            BodyReader.checkType(table, target.get("@odata.type"));
            targets.add(target);
        }
        if (targets.isEmpty()) {
            throw ServiceException.badRequest("0x80040203", "The required parameter 'Targets' is missing or empty.");
        }
        return targets;
    }

    private ApiResponse ids(String type, List<UUID> ids) {
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", context.root() + METADATA + type);
            json.writeArrayFieldStart("Ids");
            for (UUID id : ids) {
                json.writeString(id.toString());
            }
            json.writeEndArray();
        }));
    }

    ApiResponse onRow(Row row, RowStore store, String name, ApiRequest request) {
        ObjectNode body = request.body().length == 0 ? Json.MAPPER.createObjectNode() : Json.read(request.body());
        WriteOptions options = context.writeOptions(request);
        context.privileges().require("Write", store.table());
        ListMembership members = new ListMembership(organization, writer);
        switch (name) {
            case "QualifyLead":
                return qualified(
                        organization.write(() ->
                                new LeadQualification(organization, writer).run(store.get(row.id()), body, options)),
                        request);
            case "AddMemberList":
                UUID added = organization.write(
                        () -> members.add(row.id(), ListMembership.reference(body.get("EntityId")), options.caller()));
                return id("AddMemberListResponse", "AddListMemberId", added);
            case "RemoveMemberList":
                organization.write(() -> {
                    members.remove(row.id(), ListMembership.reference(body.get("EntityId")), options.caller());
                    return row;
                });
                return ApiResponse.noContent();
            default:
                boolean publish = name.equals("PublishDuplicateRule");
                Map<String, Object> state = Map.of("statecode", publish ? 1 : 0, "statuscode", publish ? 2 : 0);
                organization.write(() -> writer.internal(store, store.get(row.id()), state, options.caller()));
                return publish
                        ? id("PublishDuplicateRuleResponse", "JobId", UUID.randomUUID())
                        : ApiResponse.noContent();
        }
    }

    private ApiResponse id(String type, String name, UUID id) {
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", context.root() + METADATA + type);
            json.writeStringField(name, id.toString());
        }));
    }

    private ApiResponse qualified(List<LeadQualification.Created> created, ApiRequest request) {
        return ApiResponse.json(
                200,
                organization.read(() -> Json.object(json -> {
                    json.writeStringField(
                            "@odata.context",
                            context.root() + "$metadata#Collection(" + Table.NAMESPACE + "crmbaseentity)");
                    json.writeArrayFieldStart("value");
                    for (LeadQualification.Created one : created) {
                        json.writeStartObject();
                        json.writeStringField("@odata.type", "#" + one.table().typeName());
                        Selection.all(one.table(), request, organization.model())
                                .write(json, one.row(), false);
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                })));
    }

    ApiResponse unbound(String name, ApiRequest request) {
        ListMembership members = new ListMembership(organization, writer);
        context.privileges().require("Write", organization.storeOf("list").table());
        ObjectNode body = Json.read(request.body());
        UUID caller = context.caller(request);
        List<UUID> added = organization.write(() -> members.addAll(body, caller));
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", context.root() + METADATA + name + "Response");
            json.writeNumberField("Count", added.size());
        }));
    }
}
