package io.github.crmsync.sandbox.dynamics;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Rows of one table with their indexes. Callers hold the lock of the organization. */
final class RowStore {
    private final Table table;
    private final Column email;
    private final TreeMap<UUID, Row> rows = new TreeMap<>();
    private final Map<String, Object> idsByEmail = new HashMap<>();
    private final ChangeFeed changes = new ChangeFeed();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private boolean recording;

    RowStore(Table table) {
        this.table = table;
        this.email = table.column("emailaddress1");
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

    Set<UUID> withEmail(String address) {
        Object found = idsByEmail.get(address.toLowerCase(Locale.ROOT));
        if (found == null) {
            return Set.of();
        }
        return found instanceof UUID id ? Set.of(id) : Collections.unmodifiableSet(ids(found));
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
            unindex(before);
        }
        changes.bury(id, after == null ? tombstone : null);
        if (after == null) {
            rows.remove(id);
        } else {
            rows.put(id, after);
            changes.record(after.version(), id);
            index(after);
        }
    }

    private void index(Row row) {
        if (row.get(email) instanceof String address) {
            idsByEmail.merge(address.toLowerCase(Locale.ROOT), row.id(), (old, added) -> {
                if (old instanceof UUID first) {
                    Set<UUID> both = new HashSet<>();
                    both.add(first);
                    both.add((UUID) added);
                    return both;
                }
                ids(old).add((UUID) added);
                return old;
            });
        }
    }

    private void unindex(Row row) {
        if (row.get(email) instanceof String address) {
            idsByEmail.computeIfPresent(address.toLowerCase(Locale.ROOT), (key, old) -> {
                if (old instanceof UUID) {
                    return null;
                }
                ids(old).remove(row.id());
                return ids(old).isEmpty() ? null : old;
            });
        }
    }

    @SuppressWarnings("unchecked")
    private static Set<UUID> ids(Object set) {
        return (Set<UUID>) set;
    }
}
