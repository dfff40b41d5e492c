package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** Rows that come along with a row over a navigation property. */
record Expansion(Navigation navigation, Query query) {
    void write(JsonGenerator json, Row owner) throws IOException {
        List<Row> rows = Filter.select(navigation.from(owner), query.filter());
        json.writeFieldName(navigation.name());
        if (!navigation.many()) {
            if (rows.isEmpty()) {
                json.writeNull();
            } else {
                query.selection().writeObject(json, rows.get(0));
            }
            return;
        }
        rows = rows.stream()
                .sorted(Order.comparator(query.orders()))
                .limit(query.top() == null ? RowReader.MAX_PAGE : query.top())
                .toList();
        json.writeStartArray();
        for (Row row : rows) {
            query.selection().writeObject(json, row);
        }
        json.writeEndArray();
    }

    /** The part of a context address that names what is expanded. */
    String context() {
        String columns = query.selection().context();
        return navigation.name() + "(" + columns + ")";
    }
}
