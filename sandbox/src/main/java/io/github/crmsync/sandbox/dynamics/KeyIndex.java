package io.github.crmsync.sandbox.dynamics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Ids of rows by the values of one or several columns. Rows with a null among them are not in it. */
final class KeyIndex {
    private final List<Column> columns;
    /** A UUID, or a set of them, by the folded value or the list of folded values. */
    private final Map<Object, Object> ids = new HashMap<>();

    KeyIndex(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    List<Column> columns() {
        return columns;
    }

    Set<UUID> find(Object key) {
        Object found = ids.get(key);
        if (found == null) {
            return Set.of();
        }
        return found instanceof UUID id ? Set.of(id) : Collections.unmodifiableSet(set(found));
    }

    /** The row's key, or null if one of its values is null. */
    Object key(Row row) {
        if (columns.size() == 1) {
            return Filter.fold(row.get(columns.get(0)));
        }
        List<Object> key = new ArrayList<>();
        for (Column column : columns) {
            Object value = Filter.fold(row.get(column));
            if (value == null) {
                return null;
            }
            key.add(value);
        }
        return key;
    }

    void add(Row row) {
        Object key = key(row);
        if (key != null) {
            ids.merge(key, row.id(), (old, added) -> {
                if (old instanceof UUID first) {
                    Set<UUID> both = new HashSet<>();
                    both.add(first);
                    both.add((UUID) added);
                    return both;
                }
                set(old).add((UUID) added);
                return old;
            });
        }
    }

    void remove(Row row) {
        Object key = key(row);
        if (key != null) {
            ids.computeIfPresent(key, (same, old) -> {
                if (old instanceof UUID) {
                    return null;
                }
                set(old).remove(row.id());
                return set(old).isEmpty() ? null : old;
            });
        }
    }

    @SuppressWarnings("unchecked")
    private static Set<UUID> set(Object set) {
        return (Set<UUID>) set;
    }
}
