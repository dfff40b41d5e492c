package io.github.crmsync.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The contacts of one app, with its rules. HubSpot: an e-mail address and a link key belong to one contact, writes are
 * unconditional, and two changes may share a version. Dynamics: addresses repeat, writes may carry the version that they
 * expect, the caller may choose the key of a new row.
 */
final class Crm {
    static final List<String> FIELDS = List.of("name", "phone", "email");
    static final String EMAIL = "email";

    /**
     * A value that a field had.
     *
     * @param operation id of the sync's intent behind it; null for a user's edit
     */
    record Entry(String value, String operation, long version) {
        boolean bySync() {
            return operation != null;
        }
    }

    /** A contact. Empty values are empty texts. */
    static final class Row {
        final String id;
        final int order;
        final Map<String, String> values = new HashMap<>();
        final Map<String, List<Entry>> history = new HashMap<>();
        long version;
        long modified;
        String linkKey;
        /** Winner of the merge that ended this one; null if it was not merged. */
        String mergedInto;
        /** Source record that a sink created it for; null for a user's own. */
        String createdFor;

        Row(String id, int order) {
            this.id = id;
            this.order = order;
        }

        String value(String field) {
            return values.get(field);
        }

        List<Entry> history(String field) {
            return history.computeIfAbsent(field, f -> new ArrayList<>());
        }
    }

    final String app;
    final Map<String, Row> rows = new LinkedHashMap<>();
    final Map<String, Row> deleted = new LinkedHashMap<>();
    /** Ids of records that changed since the source last sent them. */
    final Set<String> changed = new LinkedHashSet<>();

    int syncWrites;
    private final LongSupplier clock;
    private long version;
    private int sequence;
    private boolean ties;
    private boolean observed;

    Crm(String app, LongSupplier clock) {
        this.app = app;
        this.clock = clock;
    }

    /** Whoever reads takes longer than the millisecond in which two changes can share a version. */
    void observed() {
        observed = true;
    }

    /** Lets the next changes share the version of the one before. */
    void ties(boolean on) {
        ties = on && isHubspot();
    }

    boolean isHubspot() {
        return app.equals("hubspot");
    }

    long version() {
        return version;
    }

    Optional<Row> byEmail(String email) {
        return rows.values().stream()
                .filter(row -> !email.isEmpty() && row.value(EMAIL).equals(email))
                .findFirst();
    }

    Optional<Row> byLinkKey(String key) {
        return rows.values().stream().filter(row -> key.equals(row.linkKey)).findFirst();
    }

    Collection<Row> all(String id) {
        List<Row> found = new ArrayList<>();
        if (rows.containsKey(id)) {
            found.add(rows.get(id));
        }
        if (deleted.containsKey(id)) {
            found.add(deleted.get(id));
        }
        return found;
    }

    Row create(String chosenId, Map<String, String> values, String operation) {
        Row row = new Row(
                chosenId != null ? chosenId : app.charAt(0) + String.valueOf(++sequence), rows.size() + deleted.size());
        rows.put(row.id, row);
        for (String field : FIELDS) {
            row.values.put(field, "");
        }
        set(row, values, operation);
        for (String field : FIELDS) {
            if (row.history(field).isEmpty()) {
                row.history(field).add(new Entry("", operation, row.version));
            }
        }
        return row;
    }

    void update(Row row, Map<String, String> values, String operation) {
        set(row, values, operation);
    }

    private void set(Row row, Map<String, String> values, String operation) {
        touch(row);
        values.forEach((field, value) -> {
            row.values.put(field, value);
            row.history(field).add(new Entry(value, operation, row.version));
        });
        if (operation != null) {
            syncWrites++;
        }
    }

    /** A change of no field that the sync knows. */
    void touch(Row row) {
        if (!ties || observed) {
            version++;
            observed = false;
        }
        row.version = version;
        row.modified = clock.getAsLong();
        changed.add(row.id);
    }

    void delete(Row row) {
        version++;
        rows.remove(row.id);
        row.version = version;
        deleted.put(row.id, row);
        changed.add(row.id);
    }

    /** The loser's values fill the winner's empty fields, and its id ends. */
    void merge(Row loser, Row winner) {
        Map<String, String> filled = new HashMap<>();
        for (String field : FIELDS) {
            if (winner.value(field).isEmpty() && !loser.value(field).isEmpty()) {
                filled.put(field, loser.value(field));
            }
        }
        loser.mergedInto = winner.id;
        delete(loser);
        set(winner, filled, null);
    }

    void restore(Row row) {
        deleted.remove(row.id);
        rows.put(row.id, row);
        touch(row);
    }
}
