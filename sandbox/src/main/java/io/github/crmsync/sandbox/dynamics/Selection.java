package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Columns, annotations and related rows of the rows of an answer.
 *
 * @param names columns as asked for; empty for all
 */
record Selection(
        Table table,
        List<String> names,
        List<Column> columns,
        List<Expansion> expansions,
        Annotations annotations,
        Model model) {

    /** All columns of a table, nothing else. */
    static Selection all(Table table, ApiRequest request, Model model) {
        return new Selection(table, List.of(), List.copyOf(table.columns()), List.of(), Annotations.of(request), model);
    }

    /** What stands in parentheses after the entity set in a context address; empty for everything. */
    String context() {
        List<String> parts = new ArrayList<>(names);
        expansions.forEach(expansion -> parts.add(expansion.context()));
        return String.join(",", parts);
    }

    /** The entity set with what is selected. */
    String address(String set) {
        String context = context();
        return context.isEmpty() ? set : set + "(" + context + ")";
    }

    void writeObject(JsonGenerator json, Row row) throws IOException {
        json.writeStartObject();
        write(json, row, false);
        json.writeEndObject();
    }

    /** Writes the members of a row into an open object. */
    void write(JsonGenerator json, Row row, boolean omitNulls) throws IOException {
        if (row.version() > 0) {
            json.writeStringField("@odata.etag", row.etag());
        }
        for (Column column : columns) {
            Object value = shown(row, column);
            if (value == null && omitNulls) {
                continue;
            }
            if (value != null) {
                annotate(json, column, value);
            }
            json.writeFieldName(column.name());
            Values.write(json, value);
        }
        for (Expansion expansion : expansions) {
            expansion.write(json, row);
        }
    }

    private Object shown(Row row, Column column) {
        Object value = row.get(column);
        return model == null ? value : model.security().shown(table, column, value);
    }

    private void annotate(JsonGenerator json, Column column, Object value) throws IOException {
        if (annotations.formatted()) {
            String label = column.type().isLookup() ? nameOf(column, value) : column.format(value);
            if (label != null) {
                json.writeStringField(column.name() + "@" + Annotations.FORMATTED, label);
            }
        }
        if (annotations.lookups() && column.type().isLookup()) {
            String target = model.targetOf(column, value);
            for (Column.Target one : column.targets()) {
                if (one.table().equals(target) && !one.navigation().isEmpty()) {
                    json.writeStringField(
                            column.name() + "@Microsoft.Dynamics.CRM.associatednavigationproperty", one.navigation());
                }
            }
            json.writeStringField(column.name() + "@Microsoft.Dynamics.CRM.lookuplogicalname", target);
        }
    }

    private String nameOf(Column column, Object id) {
        RowStore store = model.named(model.targetOf(column, id));
        Row row = store == null ? null : store.get((UUID) id);
        Column name = row == null ? null : store.table().find(store.table().primaryName());
        return name == null ? null : (String) row.get(name);
    }
}
