package io.github.crmsync.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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
    static final String STAGE = "stage";
    static final List<String> STAGES = List.of("subscriber", "lead", "opportunity", "customer");

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
        /** Whether a filter lets it through. */
        boolean inScope = true;
        /** Place in {@link #STAGES}; -1 for none. */
        int stage = -1;
        /** Version at which somebody last set the stage. */
        long stageVersion;
        /** Winner of the merge that ended this one; null if it was not merged. */
        String mergedInto;
        /** Source record that a sink created it for; null for a user's own. */
        String createdFor;

        Row(String id, int order) {
            this.id = id;
            this.order = order;
        }

        /** What the value means, whatever the form in which the app stores it. */
        String value(String field) {
            return meaning(values.get(field));
        }

        List<Entry> history(String field) {
            return history.computeIfAbsent(field, f -> new ArrayList<>());
        }
    }

    final String app;
    final Map<String, Row> rows = new LinkedHashMap<>();
    final Map<String, Row> deleted = new LinkedHashMap<>();
    private final Set<String> onceDeleted = new HashSet<>();
    private final Set<String> restored = new HashSet<>();
    /** Ids of records that changed since the source last sent them. */
    final Set<String> changed = new LinkedHashSet<>();

    int syncWrites;
    private final LongSupplier clock;
    private long version;
    private int sequence;
    private final boolean forms;
    private boolean ties;
    private boolean observed;

    /** @param forms whether it stores values in a form of its own */
    Crm(String app, LongSupplier clock, boolean forms) {
        this.app = app;
        this.forms = forms;
        this.clock = clock;
    }

    /** A sink that reads or writes takes longer than the millisecond in which two changes of people can share a version. */
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

    long now() {
        return clock.getAsLong();
    }

    Optional<Row> byEmail(String email) {
        return rows.values().stream()
                .filter(row -> !email.isEmpty() && row.value(EMAIL).equals(meaning(email)))
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
        if (operation != null) {
            observed();
        }
        touch(row);
        if (operation != null) {
            observed();
        }
        values.forEach((field, value) -> {
            row.values.put(field, stored(field, value));
            row.history(field).add(new Entry(meaning(value), operation, row.version));
        });
        if (operation != null) {
            syncWrites++;
        }
    }

    static String meaning(String value) {
        return value.toLowerCase(Locale.ROOT).replaceAll("[ ()-]", "");
    }

    /** The app's own form of a value, whoever writes it. */
    private String stored(String field, String value) {
        if (!forms || value.isEmpty()) {
            return value;
        }
        return switch (field) {
            case "name" -> isHubspot() ? value.strip() : value.strip().toUpperCase(Locale.ROOT);
            case "phone" ->
                isHubspot()
                        ? meaning(value).replace("phone", "phone-")
                        : "(" + meaning(value).toUpperCase(Locale.ROOT) + ")";
            default -> isHubspot() ? meaning(value) : value.strip();
        };
    }

    /** Sets the stage. */
    void stage(Row row, int stage) {
        touch(row);
        row.stage = stage;
        row.stageVersion = row.version;
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

    /** Whether a row is there and was so all the time: of one that was away no history is read. */
    boolean hasStayed(String id) {
        return rows.containsKey(id) && !restored.contains(id);
    }

    void delete(Row row) {
        version++;
        rows.remove(row.id);
        row.version = version;
        deleted.put(row.id, row);
        onceDeleted.add(row.id);
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
        restored.add(row.id);
        rows.put(row.id, row);
        touch(row);
    }

    /** Whether the record was ever deleted, though it may be back. */
    boolean wasDeleted(String id) {
        return onceDeleted.contains(id);
    }
}
