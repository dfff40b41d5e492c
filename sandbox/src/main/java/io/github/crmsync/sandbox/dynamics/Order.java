package io.github.crmsync.sandbox.dynamics;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One column of a sort order. */
record Order(Column column, boolean descending) {

    /** The order with the key as last resort. */
    static Comparator<Row> comparator(List<Order> orders) {
        Comparator<Row> all = (a, b) -> 0;
        for (Order order : orders) {
            Comparator<Row> one = (a, b) -> Filter.compare(a.get(order.column), b.get(order.column));
            all = all.thenComparing(order.descending ? one.reversed() : one);
        }
        return all.thenComparing(Row::id);
    }

    static Cookie cookie(int page, List<Order> orders, Table table, Row row, long tracked) {
        Map<String, String> last = new LinkedHashMap<>();
        for (Order order : orders) {
            Object value = row.get(order.column);
            if (value != null) {
                last.put(order.column.name(), value.toString());
            }
        }
        last.put(table.key().name(), "{" + row.id() + "}");
        return new Cookie(page, last, tracked);
    }

    /** A stand-in for the last row delivered, good for comparisons. */
    static Row position(Cookie cookie, List<Order> orders, Table table) {
        Object[] values = new Object[table.width()];
        for (Order order : orders) {
            String text = cookie.last().get(order.column.name());
            if (text != null && order.column.type() != ColumnType.KEY) {
                values[order.column.ordinal()] = Values.parse(order.column.type(), text);
            }
        }
        String key = cookie.last().getOrDefault(table.key().name(), "");
        UUID id = key.length() == 38 ? Values.guid(key.substring(1, 37)) : null;
        if (id == null) {
            throw Cookie.malformed();
        }
        values[table.key().ordinal()] = id;
        return Row.of(id, 0, values);
    }
}
