package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.sandbox.http.Faults;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Creates, changes and deletes rows. Every method runs inside {@link Organization#write}. */
final class RowWriter {
    private final Organization organization;
    private final Meter meter;
    private final BodyReader bodies;
    private final ComputedColumns computed;
    private final DuplicateDetection duplicates;
    private final StringPool pool = new StringPool();

    RowWriter(Organization organization, Faults faults, Meter meter, References references, String root) {
        this.organization = organization;
        this.meter = meter;
        this.bodies = new BodyReader(organization, faults, references, root, this);
        this.computed = new ComputedColumns(organization.model());
        this.duplicates = new DuplicateDetection(organization);
    }

    /**
     * Creates a row; the id in the address, if any, gives way to one in the body.
     *
     * @param keyValues columns of the alternate key in the address; they too give way to the body
     */
    Row create(RowStore store, UUID urlId, Map<Column, Object> keyValues, ObjectNode body, WriteOptions options) {
        Table table = store.table();
        Object[] values = new Object[table.width()];
        for (Column column : table.columns()) {
            values[column.ordinal()] = column.defaultValue();
        }
        keyValues.forEach((column, value) -> values[column.ordinal()] = value);
        bodies.apply(table, values, body, true, options);
        allowed(table, values, body, true, options);
        checkRequired(table, values);
        Object own = values[table.key().ordinal()];
        UUID id = own != null ? (UUID) own : urlId != null ? urlId : organization.newId();
        if (store.get(id) != null) {
            throw duplicate(organization.behaviour());
        }
        values[table.key().ordinal()] = id;
        stamp(table, values, options.caller());
        Row row = finish(store, id, values, options);
        meter.written(1);
        bodies.createChildren(table, row, body, options);
        return logic(store, row, options, "create");
    }

    /** Asks column security, then the plug-ins that run before the row is stored. */
    private void allowed(Table table, Object[] values, ObjectNode body, boolean creating, WriteOptions options) {
        organization.model().security().check(table, body, creating, options.caller());
        if (!options.bypassLogic()) {
            organization
                    .behaviour()
                    .refusals()
                    .forEach(refusal -> refusal.check(table, values, body, creating ? "create" : "update"));
        }
    }

    private void stamp(Table table, Object[] values, UUID caller) {
        Column overridden = table.find("overriddencreatedon");
        Object created = overridden == null ? null : values[overridden.ordinal()];
        ComputedColumns.set(table, values, "createdon", created == null ? organization.now() : created);
        ComputedColumns.set(table, values, "_createdby_value", caller);
        ComputedColumns.set(table, values, "_createdonbehalfby_value", onBehalf(caller));
        setIfAbsent(table, values, "_ownerid_value", caller);
        ComputedColumns.set(table, values, "_owningbusinessunit_value", organization.businessUnitId());
    }

    Row update(RowStore store, Row before, ObjectNode body, WriteOptions options) {
        Table table = store.table();
        Column state = table.find("statecode");
        boolean reopened =
                body.path("statecode").isInt() && body.path("statecode").intValue() == 0;
        boolean closed = table.logicalName().equals("lead") && !Objects.equals(before.get(state), 0);
        if (closed && !reopened && organization.behaviour().closedLeadsReadOnly()) {
            throw ServiceException.badRequest(
                    "0x80040203", "The lead is read-only because it is qualified or disqualified.");
        }
        Object[] values = before.values();
        bodies.apply(table, values, body, false, options);
        allowed(table, values, body, false, options);
        values[table.key().ordinal()] = before.id();
        Row row = finish(store, before.id(), values, options);
        meter.written(1);
        return logic(store, row, options, "update");
    }

    void delete(RowStore store, Row row) {
        store.remove(row, organization.nextVersion());
        meter.written(1);
        RowStore links = organization.storeOf("listmember");
        Column member = links.table().column("_entityid_value");
        links.rowsBy(member, row.id()).forEach(link -> links.remove(link, organization.nextVersion()));
    }

    /** Changes columns the API itself cannot set; a null in the map clears one. */
    Row internal(RowStore store, Row before, Map<String, Object> changes, UUID caller) {
        Object[] values = before.values();
        changes.forEach((name, value) -> values[store.table().column(name).ordinal()] = value);
        return finish(store, before.id(), values, WriteOptions.internal(caller));
    }

    /** Creates a row with columns the API itself cannot set. */
    Row internal(RowStore store, UUID id, Map<String, Object> columns, UUID caller) {
        Table table = store.table();
        Object[] values = new Object[table.width()];
        for (Column column : table.columns()) {
            values[column.ordinal()] = column.defaultValue();
        }
        columns.forEach((name, value) -> values[table.column(name).ordinal()] = value);
        values[table.key().ordinal()] = id;
        stamp(table, values, caller);
        return finish(store, id, values, WriteOptions.internal(caller));
    }

    /** Puts a row of the initial fill, with the time of its last change if it names one. */
    void load(RowStore store, Map<String, Object> columns) {
        Table table = store.table();
        Object[] values = new Object[table.width()];
        for (Column column : table.columns()) {
            values[column.ordinal()] = column.defaultValue();
        }
        columns.forEach((name, value) -> {
            Column column = table.column(name);
            Object read = Values.fromObject(table, column, value);
            values[column.ordinal()] = read instanceof String text ? pool.share(text) : read;
        });
        Column key = table.key();
        UUID id = values[key.ordinal()] instanceof UUID given ? given : organization.newId();
        values[key.ordinal()] = id;
        Column modifiedOn = table.column("modifiedon");
        Object modified = values[modifiedOn.ordinal()];
        Object created = values[table.column("createdon").ordinal()];
        stamp(table, values, organization.systemUserId());
        if (created != null) {
            ComputedColumns.set(table, values, "createdon", created);
        }
        computed.fill(table, values);
        author(table, values, organization.systemUserId());
        if (modified != null) {
            values[modifiedOn.ordinal()] = modified;
        }
        put(store, id, values);
    }

    static ServiceException duplicate(Behaviour behaviour) {
        return new ServiceException(
                412,
                behaviour.emptyConditionalCodes() ? "" : "0x80040237",
                "A record with matching key values already exists.");
    }

    private Row finish(RowStore store, UUID id, Object[] values, WriteOptions options) {
        Table table = store.table();
        computed.fill(table, values);
        author(table, values, options.caller());
        Row candidate = Row.of(id, 0, values);
        if (!organization.behaviour().pendingKeys()) {
            checkKeys(store, candidate);
        }
        if (options.detectDuplicates() && organization.behaviour().duplicateDetection()) {
            duplicates.check(table, id, candidate);
        }
        return put(store, id, values);
    }

    private void author(Table table, Object[] values, UUID caller) {
        ComputedColumns.set(table, values, "modifiedon", organization.now());
        ComputedColumns.set(table, values, "_modifiedby_value", caller);
        ComputedColumns.set(table, values, "_modifiedonbehalfby_value", onBehalf(caller));
    }

    private Row put(RowStore store, UUID id, Object[] values) {
        long version = organization.nextVersion();
        ComputedColumns.set(store.table(), values, "versionnumber", version);
        Row row = Row.of(id, version, values);
        store.put(row);
        return row;
    }

    private static void checkKeys(RowStore store, Row row) {
        for (Map.Entry<AlternateKey, KeyIndex> entry : store.keys().entrySet()) {
            Object key = entry.getValue().key(row);
            boolean taken =
                    key != null && entry.getValue().find(key).stream().anyMatch(other -> !other.equals(row.id()));
            if (taken) {
                AlternateKey violated = entry.getKey();
                throw new ServiceException(
                        412,
                        "0x80060892",
                        "Entity Key " + violated.schemaName() + " violated. A record with the same value for "
                                + String.join(
                                        ", ",
                                        violated.columns().stream()
                                                .map(Column::schemaName)
                                                .toList())
                                + " already exists. A duplicate record cannot be created. Select one or more unique"
                                + " values and try again.");
            }
        }
    }

    private static void checkRequired(Table table, Object[] values) {
        for (Column column : table.columns()) {
            boolean needed = column.required().equals("SystemRequired")
                    && column.creatable()
                    && column.type() != ColumnType.KEY
                    && column.type() != ColumnType.OWNER;
            if (needed && values[column.ordinal()] == null) {
                throw ServiceException.badRequest(
                        "0x80040203", "Required field '" + column.logicalName() + "' is missing.");
            }
        }
    }

    /** Runs the custom logic that the switches describe. */
    private Row logic(RowStore store, Row row, WriteOptions options, String message) {
        Row now = row;
        if (options.bypassLogic()) {
            return now;
        }
        for (Behaviour.Plugin plugin : organization.behaviour().plugins(store.table())) {
            if (plugin.when().isEmpty() || plugin.when().equals(message)) {
                Column column = store.table().find(plugin.column());
                Map<String, Object> changes = new java.util.HashMap<>();
                if (column != null) {
                    changes.put(column.name(), Values.fromJson(store.table(), column, plugin.value()));
                }
                now = internal(store, now, changes, organization.systemUserId());
            }
        }
        return now;
    }

    private UUID onBehalf(UUID caller) {
        boolean impersonated = !caller.equals(organization.userId()) && !caller.equals(organization.systemUserId());
        return impersonated ? organization.userId() : null;
    }

    private static void setIfAbsent(Table table, Object[] values, String column, Object value) {
        Column found = table.find(column);
        if (found != null && values[found.ordinal()] == null) {
            values[found.ordinal()] = value;
        }
    }
}
