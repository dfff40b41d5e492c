package io.github.crmsync.simulation.stack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each field of each record has been, who wrote it, and what people had seen when they typed. Most values are unique, so
 * that each edit's causes are known; where a value was typed twice, only convergence can be told.
 */
final class History {
    /** A value that a field had; empty for none. */
    record Entry(String value, boolean bySync) {}

    /** An edit: where it was made, and all values that it knew of. */
    record Edit(String app, Set<String> saw) {}

    private final Map<String, List<Entry>> entries = new HashMap<>();
    private final Map<String, Edit> edits = new HashMap<>();
    private final Set<String> ambiguousValues = new HashSet<>();
    private final Set<String> ambiguousRecords = new HashSet<>();

    /** Somebody has typed a value. */
    void typed(App app, String id, Field field, String value) {
        List<Entry> earlier = of(app, id, field);
        if (!value.isEmpty()) {
            Set<String> saw = new HashSet<>();
            for (Entry entry : earlier) {
                if (!entry.value().equals(value)) {
                    saw.add(entry.value());
                    Edit edit = edits.get(entry.value());
                    saw.addAll(edit == null ? Set.of() : edit.saw());
                }
            }
            if (edits.put(value, new Edit(app.name(), saw)) != null) {
                ambiguousValues.add(value);
            }
        }
        earlier.add(new Entry(value, false));
    }

    /** The sync has written a value. */
    void written(App app, String id, Field field, String value) {
        of(app, id, field).add(new Entry(value, true));
    }

    /** The record has taken values over from another one, or was away for a while. */
    void ambiguous(App app, String id) {
        ambiguousRecords.add(app.name() + id);
    }

    boolean isAmbiguous(App app, String id) {
        return ambiguousRecords.contains(app.name() + id);
    }

    /** Whether some of these values were typed more than once. */
    boolean repeated(Set<String> values) {
        return values.stream().anyMatch(ambiguousValues::contains);
    }

    Edit edit(String value) {
        return edits.get(value);
    }

    /** Oldest first. */
    List<Entry> of(App app, String id, Field field) {
        return entries.computeIfAbsent(app.name() + id + field, key -> new ArrayList<>());
    }
}
