package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.sandbox.http.Faults;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Creates, changes and deletes rows. Every method runs inside {@link Organization#write}. */
final class RowWriter {
    private static final Pattern BIND = Pattern.compile("(?:https?://[^/]+/api/data/v9\\.2/|/)?(\\w+)\\(([^)]*)\\)");

    private final Organization organization;
    private final Faults faults;
    private final Meter meter;

    RowWriter(Organization organization, Faults faults, Meter meter) {
        this.organization = organization;
        this.faults = faults;
        this.meter = meter;
    }

    /** Creates a row; the id in the address, if any, gives way to one in the body. */
    Row create(RowStore store, UUID urlId, ObjectNode body, UUID caller) {
        Table table = store.table();
        Object[] values = table.emptyValues();
        for (Column column : table.columns()) {
            values[column.ordinal()] = column.defaultValue();
        }
        apply(table, values, body, true);
        Object own = values[table.key().ordinal()];
        UUID id = own != null ? (UUID) own : urlId != null ? urlId : UUID.randomUUID();
        if (store.get(id) != null) {
            throw duplicate();
        }
        values[table.key().ordinal()] = id;
        set(table, values, "createdon", organization.now());
        Object overridden = values[table.column("overriddencreatedon").ordinal()];
        if (overridden != null) {
            set(table, values, "createdon", overridden);
        }
        set(table, values, "_createdby_value", caller);
        set(table, values, "_createdonbehalfby_value", onBehalf(caller));
        setIfAbsent(table, values, "_ownerid_value", caller);
        setIfAbsent(table, values, "_owninguser_value", caller);
        set(table, values, "_owningbusinessunit_value", organization.businessUnitId());
        Row row = finish(store, id, values, caller);
        meter.written(1);
        return row;
    }

    Row update(RowStore store, Row before, ObjectNode body, UUID caller) {
        Table table = store.table();
        Column state = table.column("statecode");
        boolean reopened =
                body.path("statecode").isInt() && body.path("statecode").intValue() == 0;
        if (table.logicalName().equals("lead") && !Objects.equals(before.get(state), 0) && !reopened) {
            throw ServiceException.badRequest(
                    "0x80040203", "The lead is read-only because it is qualified or disqualified.");
        }
        Object[] values = table.copy(before.values());
        apply(table, values, body, false);
        values[table.key().ordinal()] = before.id();
        Row row = finish(store, before.id(), values, caller);
        meter.written(1);
        return row;
    }

    void delete(RowStore store, Row row) {
        store.remove(row, organization.nextVersion());
        meter.written(1);
    }

    /** Changes columns the API itself cannot set. */
    Row internal(RowStore store, Row before, Map<String, Object> changes, UUID caller) {
        Object[] values = store.table().copy(before.values());
        changes.forEach((name, value) -> set(store.table(), values, name, value));
        Row row = finish(store, before.id(), values, caller);
        meter.written(1);
        return row;
    }

    /** Puts a row of the initial fill. */
    void load(RowStore store, ObjectNode body) {
        Table table = store.table();
        Object[] values = table.emptyValues();
        for (Column column : table.columns()) {
            JsonNode value = body.get(column.name());
            values[column.ordinal()] = value == null ? column.defaultValue() : Values.fromJson(table, column, value);
        }
        Column key = table.key();
        UUID id = values[key.ordinal()] instanceof UUID given ? given : UUID.randomUUID();
        values[key.ordinal()] = id;
        setIfAbsent(table, values, "createdon", organization.now());
        for (String column : List.of("_createdby_value", "_ownerid_value", "_owninguser_value")) {
            setIfAbsent(table, values, column, organization.businessUnitId());
        }
        Object modified = values[table.column("modifiedon").ordinal()];
        Row row = finish(store, id, values, organization.businessUnitId());
        if (modified != null) {
            set(table, row.values(), "modifiedon", modified);
        }
    }

    static ServiceException duplicate() {
        return new ServiceException(412, "0x80040237", "A record with matching key values already exists.");
    }

    private Row finish(RowStore store, UUID id, Object[] values, UUID caller) {
        Table table = store.table();
        set(table, values, "fullname", join(table, values, " ", "firstname", "middlename", "lastname"));
        String place = join(table, values, ", ", "address1_city", "address1_stateorprovince", "address1_postalcode");
        String lines = join(table, values, "\r\n", "address1_line1", "address1_line2", "address1_line3");
        String country = (String) values[table.column("address1_country").ordinal()];
        String composite =
                Stream.of(lines, place, country).filter(Objects::nonNull).collect(Collectors.joining("\r\n"));
        set(table, values, "address1_composite", composite.isEmpty() ? null : composite);
        set(table, values, "modifiedon", organization.now());
        set(table, values, "_modifiedby_value", caller);
        set(table, values, "_modifiedonbehalfby_value", onBehalf(caller));
        long version = organization.nextVersion();
        set(table, values, "versionnumber", version);
        Row row = new Row(id, version, values);
        store.put(row);
        return row;
    }

    private UUID onBehalf(UUID caller) {
        boolean impersonated = !caller.equals(organization.userId()) && !caller.equals(organization.businessUnitId());
        return impersonated ? organization.userId() : null;
    }

    private static String join(Table table, Object[] values, String separator, String... columns) {
        String joined = Stream.of(columns)
                .map(name -> (String) values[table.column(name).ordinal()])
                .filter(Objects::nonNull)
                .collect(Collectors.joining(separator));
        return joined.isEmpty() ? null : joined;
    }

    private static void set(Table table, Object[] values, String column, Object value) {
        values[table.column(column).ordinal()] = value;
    }

    private static void setIfAbsent(Table table, Object[] values, String column, Object value) {
        int ordinal = table.column(column).ordinal();
        if (values[ordinal] == null) {
            values[ordinal] = value;
        }
    }

    private void apply(Table table, Object[] values, ObjectNode body, boolean creating) {
        for (Map.Entry<String, JsonNode> property : body.properties()) {
            String name = property.getKey();
            if (name.endsWith("@odata.bind")) {
                bind(table, values, name.substring(0, name.indexOf('@')), property.getValue());
            } else if (name.equals("@odata.type")) {
                checkType(table, property.getValue());
            } else if (!name.contains("@")) {
                assign(table, values, name, property.getValue(), creating);
            }
        }
        checkState(table, values, body, creating);
    }

    private static void checkType(Table table, JsonNode type) {
        if (!type.asText().replaceFirst("^#", "").equals(table.typeName())) {
            throw ServiceException.badRequest(
                    "0x80048d19",
                    "A type named '" + type.asText() + "' is not compatible with the expected type '" + table.typeName()
                            + "'.");
        }
    }

    private void assign(Table table, Object[] values, String name, JsonNode node, boolean creating) {
        Column column = table.find(name);
        if (column == null) {
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
        if (!(creating ? column.creatable() : column.updatable())) {
            if (organization.rejectReadOnly()) {
                throw ServiceException.badRequest(
                        "0x80040203",
                        "The property '" + name + "' of entity '" + table.logicalName() + "' cannot be set on "
                                + (creating ? "create." : "update."));
            }
            return;
        }
        Object value = Values.fromJson(table, column, node);
        if (value == null && column.type().isOption() && column.type() != ColumnType.CHOICE) {
            throw ServiceException.badRequest("0x80040203", "The property '" + name + "' cannot be null.");
        }
        values[column.ordinal()] = value;
    }

    private void bind(Table table, Object[] values, String name, JsonNode target) {
        Table.Navigation navigation = table.navigation(name);
        if (navigation == null) {
            throw ServiceException.badRequest(
                    "0x80048d19",
                    "Error identified in Payload provided by the user for Entity :'" + table.entitySet()
                            + "': An undeclared property '" + name
                            + "' which only has property annotations in the payload but no property value was found in"
                            + " the payload. In OData, only declared navigation properties and declared named streams"
                            + " can be represented as properties without values.");
        }
        Object id = null;
        if (!target.isNull()) {
            Matcher matcher = BIND.matcher(target.asText());
            boolean shaped = matcher.matches();
            boolean setFits = shaped && matcher.group(1).equals(navigation.targetSet());
            boolean team = shaped && name.equals("ownerid") && matcher.group(1).equals("teams");
            id = setFits || team ? Values.guid(matcher.group(2)) : null;
            if (id == null) {
                throw ServiceException.badRequest(
                        "0x80048d19",
                        "Invalid reference '" + target.asText() + "' for the navigation property '" + name + "'.");
            }
            RowStore store = organization.store(navigation.targetSet());
            if (setFits && store != null && store.get((UUID) id) == null) {
                throw ServiceException.notFound(store.table(), id);
            }
        }
        set(table, values, navigation.column(), id);
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
}
