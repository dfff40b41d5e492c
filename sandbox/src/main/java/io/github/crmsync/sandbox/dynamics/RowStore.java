package io.github.crmsync.sandbox.dynamics;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Rows of one table with their indexes. Callers hold the lock of the organization. */
final class RowStore {
    private final Table table;
    private final TreeMap<UUID, Row> rows = new TreeMap<>();
    private final Map<Column, KeyIndex> single = new LinkedHashMap<>();
    private final Map<AlternateKey, KeyIndex> keys = new LinkedHashMap<>();
    private final ChangeFeed changes = new ChangeFeed();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private boolean recording;

    RowStore(Table table) {
        this.table = table;
        for (Column column : table.columns()) {
            if (column.indexed()) {
                single.put(column, new KeyIndex(List.of(column)));
            }
        }
    }

    Table table() {
        return table;
    }

    ChangeFeed changes() {
        return changes;
    }

    Row get(UUID id) {
        return rows.get(id);
    }

    int size() {
        return rows.size();
    }

    Collection<Row> all() {
        return rows.values();
    }

    /** Rows in key order after the given key, or from the start. */
    NavigableMap<UUID, Row> after(UUID id) {
        return id == null ? rows : rows.tailMap(id, false);
    }

    /** Whether rows can be found by a column's value. */
    boolean indexed(Column column) {
        return column.type() == ColumnType.KEY || single.containsKey(column);
    }

    /** Ids of rows whose indexed column has this value. */
    Set<UUID> find(Column column, Object value) {
        return column.type() == ColumnType.KEY
                ? Set.of((UUID) value)
                : single.get(column).find(Filter.fold(value));
    }

    /** Rows whose indexed column has this value. */
    List<Row> rowsBy(Column column, Object value) {
        List<Row> found = new ArrayList<>();
        if (!indexed(column)) {
            rows.values().stream().filter(row -> value.equals(row.get(column))).forEach(found::add);
            return found;
        }
        find(column, value).stream().sorted().map(rows::get).forEach(found::add);
        return found;
    }

    Map<AlternateKey, KeyIndex> keys() {
        return keys;
    }

    /** Builds the index of a new key; false if rows that are there violate it. */
    boolean addKey(AlternateKey key) {
        KeyIndex index = new KeyIndex(key.columns());
        boolean unique = true;
        for (Row row : rows.values()) {
            Object value = index.key(row);
            unique &= value == null || index.find(value).isEmpty();
            index.add(row);
        }
        if (unique) {
            keys.put(key, index);
        }
        return unique;
    }

    boolean dropKey(String name) {
        return keys.keySet().removeIf(key -> key.name().equalsIgnoreCase(name));
    }

    void put(Row row) {
        Row before = rows.get(row.id());
        Long tombstone = changes.tombstone(row.id());
        replace(row.id(), before, row, null);
        remember(() -> replace(row.id(), row, before, tombstone));
    }

    void remove(Row row, long version) {
        replace(row.id(), row, null, version);
        remember(() -> replace(row.id(), null, row, null));
    }

    /** Starts to remember how to take changes back. */
    void begin() {
        undo.clear();
        recording = true;
    }

    void commit() {
        undo.clear();
        recording = false;
    }

    void rollback() {
        recording = false;
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }

    private void remember(Runnable reverse) {
        if (recording) {
            undo.push(reverse);
        }
    }

    private void replace(UUID id, Row before, Row after, Long tombstone) {
        if (before != null) {
            changes.forget(before.version());
            single.values().forEach(index -> index.remove(before));
            keys.values().forEach(index -> index.remove(before));
        }
        changes.bury(id, after == null ? tombstone : null);
        if (after == null) {
            rows.remove(id);
        } else {
            rows.put(id, after);
            changes.record(after);
            single.values().forEach(index -> index.add(after));
            keys.values().forEach(index -> index.add(after));
        }
    }
}
