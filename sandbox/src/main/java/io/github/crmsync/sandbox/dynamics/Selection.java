package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Columns and annotations of the rows of an answer. */
record Selection(Table table, String context, List<Column> columns, boolean formatted, boolean lookups) {
    private static final String FORMATTED = "OData.Community.Display.V1.FormattedValue";
    private static final String LOOKUP = "Microsoft.Dynamics.CRM.lookuplogicalname";

    static Selection of(Table table, String select, ApiRequest request) {
        String annotations = request.preference("odata.include-annotations");
        boolean all = "*".equals(annotations);
        boolean formatted = all || annotations != null && annotations.contains(FORMATTED);
        boolean lookups = all || annotations != null && annotations.contains(LOOKUP);
        if (select == null) {
            return new Selection(table, table.entitySet(), List.copyOf(table.columns()), formatted, lookups);
        }
        Set<Column> columns = new LinkedHashSet<>();
        List<String> names = new ArrayList<>();
        for (String name : select.split(",", -1)) {
            Column column = table.find(name.trim());
            if (column == null) {
                throw FilterParser.unknownProperty(table, name.trim());
            }
            columns.add(column);
            names.add(column.name());
            if (column.type() == ColumnType.MONEY) {
                columns.add(table.column("_transactioncurrencyid_value"));
            }
        }
        columns.add(table.key());
        String context = table.entitySet() + "(" + String.join(",", names) + ")";
        return new Selection(table, context, List.copyOf(columns), formatted, lookups);
    }

    /** Writes the members of a row into an open object. */
    void write(JsonGenerator json, Row row) throws IOException {
        json.writeStringField("@odata.etag", row.etag());
        for (Column column : columns) {
            Object value = row.get(column);
            if (formatted && value != null) {
                String label = column.format(value);
                if (label != null) {
                    json.writeStringField(column.name() + "@" + FORMATTED, label);
                }
            }
            if (lookups && value != null && column.type() == ColumnType.LOOKUP) {
                json.writeStringField(column.name() + "@" + LOOKUP, column.target());
            }
            json.writeFieldName(column.name());
            Values.write(json, value);
        }
    }
}
