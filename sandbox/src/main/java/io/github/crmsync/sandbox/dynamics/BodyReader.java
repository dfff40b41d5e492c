package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.sandbox.http.Faults;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Takes the values of a request body over into a row. */
final class BodyReader {
    private final Organization organization;
    private final Faults faults;
    private final References references;
    private final String root;
    private final RowWriter writer;

    BodyReader(Organization organization, Faults faults, References references, String root, RowWriter writer) {
        this.organization = organization;
        this.faults = faults;
        this.references = references;
        this.root = root;
        this.writer = writer;
    }

    void apply(Table table, Object[] values, ObjectNode body, boolean creating, WriteOptions options) {
        for (Map.Entry<String, JsonNode> property : body.properties()) {
            String name = property.getKey();
            JsonNode value = property.getValue();
            if (name.endsWith("@odata.bind")) {
                bind(table, values, name.substring(0, name.indexOf('@')), value);
            } else if (name.equals("@odata.type")) {
                checkType(table, value);
            } else if (name.contains("@")) {
                continue;
            } else if (creating && value.isObject() && table.navigation(name) != null) {
                createParent(table, values, table.navigation(name), (ObjectNode) value, options);
            } else if (!creating || !value.isArray() || table.navigation(name) == null) {
                assign(table, values, name, value, creating);
            }
        }
        checkState(table, values, body, creating);
    }

    static void checkType(Table table, JsonNode type) {
        if (!type.asText().replaceFirst("^#", "").equals(table.typeName())) {
            throw ServiceException.badRequest(
                    "0x80048d19",
                    "A type named '" + type.asText() + "' is not compatible with the expected type '" + table.typeName()
                            + "'.");
        }
    }

    private void createParent(
            Table table, Object[] values, Navigation navigation, ObjectNode body, WriteOptions options) {
        if (navigation.many() || navigation.column() == null) {
            throw undeclared(table, navigation.name());
        }
        RowStore store = organization.storeOf(navigation.target().logicalName());
        values[navigation.column().ordinal()] =
                writer.create(store, null, Map.of(), body, options).id();
    }

    /** Deep insert: rows under collection-valued navigation properties, which point to their owner. */
    void createChildren(Table table, Row owner, ObjectNode body, WriteOptions options) {
        for (Map.Entry<String, JsonNode> property : body.properties()) {
            Navigation navigation = table.navigation(property.getKey());
            if (navigation == null || !navigation.many() || !property.getValue().isArray()) {
                continue;
            }
            if (navigation.column() == null) {
                throw undeclared(table, navigation.name());
            }
            RowStore store = organization.storeOf(navigation.target().logicalName());
            for (JsonNode child : property.getValue()) {
                if (!(child instanceof ObjectNode object)) {
                    throw undeclared(table, navigation.name());
                }
                writer.create(store, null, Map.of(navigation.column(), owner.id()), object, options);
            }
        }
    }

    private void assign(Table table, Object[] values, String name, JsonNode node, boolean creating) {
        Column column = table.find(name);
        if (column == null || column.type().isLookup() && !name.startsWith("_")) {
            throw ServiceException.badRequest(
                    "0x0", "Invalid property '" + name + "' was found in entity '" + table.typeName() + "'.");
        }
        if (node.isValueNode() && faults.rejects(name, node.asText())) {
            throw ServiceException.badRequest(
                    "0x80040265", "The value of '" + name + "' was refused by a business rule of the organization.");
        }
        if (column.type() == ColumnType.KEY && !creating) {
            return;
        }
        boolean settable = creating ? column.creatable() : column.updatable();
        if (!settable || column.type().isLookup()) {
            if (organization.behaviour().rejectReadOnlyColumns()) {
                throw ServiceException.badRequest(
                        "0x80040203",
                        "The property '" + name + "' of entity '" + table.logicalName() + "' cannot be set on "
                                + (creating ? "create." : "update."));
            }
            return;
        }
        Object value = Values.fromJson(table, column, node);
        boolean needed = column.required().equals("SystemRequired") || column.type() == ColumnType.STATUS;
        if (value == null && needed) {
            throw ServiceException.badRequest("0x80040203", "The property '" + name + "' cannot be null.");
        }
        values[column.ordinal()] = value;
    }

    /** Sets a lookup by the name of a navigation property; null clears it. */
    void bind(Table table, Object[] values, String name, JsonNode target) {
        Navigation navigation = table.navigation(name);
        if (navigation == null || navigation.many()) {
            throw undeclared(table, name);
        }
        Column lookup = navigation.column();
        if (target.isNull()) {
            if (lookup.required().equals("SystemRequired")) {
                throw ServiceException.badRequest("0x80040203", "The property '" + name + "' cannot be null.");
            }
            values[lookup.ordinal()] = null;
            return;
        }
        References.Reference found = references.inBody(target.asText(), root);
        String table2 = found.store().table().logicalName();
        boolean fits = table2.equals(navigation.target().logicalName())
                || lookup.type() == ColumnType.OWNER
                        && lookup.targets().stream().anyMatch(one -> one.table().equals(table2));
        if (!fits) {
            throw ServiceException.badRequest(
                    "0x80048d19",
                    "Invalid reference '" + target.asText() + "' for the navigation property '" + name + "'.");
        }
        if (found.id() == null) {
            throw References.notFoundByKey(found.store().table());
        }
        if (lookup.type() != ColumnType.OWNER) {
            Privileges privileges = new Privileges(organization);
            privileges.require("Append", table);
            privileges.require("AppendTo", found.store().table());
        }
        boolean people = table2.equals("systemuser") || table2.equals("team") || table2.equals("transactioncurrency");
        if (!people && found.store().get(found.id()) == null) {
            throw ServiceException.notFound(found.store().table(), found.id());
        }
        values[lookup.ordinal()] = found.id();
    }

    private static ServiceException undeclared(Table table, String name) {
        return ServiceException.badRequest(
                "0x80048d19",
                "Error identified in Payload provided by the user for Entity :'" + table.entitySet()
                        + "': An undeclared property '" + name
                        + "' which only has property annotations in the payload but no property value was found in"
                        + " the payload. In OData, only declared navigation properties and declared named streams"
                        + " can be represented as properties without values.");
    }

    private static void checkState(Table table, Object[] values, ObjectNode body, boolean creating) {
        if (!body.has("statecode") && !body.has("statuscode")) {
            return;
        }
        Column status = table.column("statuscode");
        Object state = values[table.column("statecode").ordinal()];
        if (!body.has("statuscode") && !creating) {
            values[status.ordinal()] = status.stateOf().entrySet().stream()
                    .filter(entry -> entry.getValue().equals(state))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
        }
        Object chosen = values[status.ordinal()];
        if (!Objects.equals(status.stateOf().get(chosen), state)) {
            throw ServiceException.badRequest(
                    "0x80048408",
                    chosen + " is not a valid status code for state code " + table.schemaName() + "State." + state
                            + " on " + table.logicalName() + ".");
        }
    }

    static UUID id(JsonNode node) {
        return node != null && node.isTextual() ? Values.guid(node.textValue()) : null;
    }
}
