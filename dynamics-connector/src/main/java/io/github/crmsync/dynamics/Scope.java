package io.github.crmsync.dynamics;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Rows that take part: the members of a marketing list, or what a view shows. Neither changes a row when it comes or goes, so
 * the whole set is read anew from time to time. One thread only.
 */
final class Scope {
    private final Supplier<Set<String>> members;
    private final long intervalMs;
    private Set<String> known;
    private long due;

    /**
     * @param members asks for the ids of all rows in scope
     * @param intervalMs time between two readings
     */
    Scope(Supplier<Set<String>> members, long intervalMs) {
        this.members = members;
        this.intervalMs = intervalMs;
    }

    boolean contains(String id) {
        if (known == null) {
            known = members.get();
        }
        return known.contains(id);
    }

    boolean due(long now) {
        return now >= due;
    }

    /** Reads the set anew: ids of the rows that came or went since; at first those of all rows in scope. */
    Set<String> refresh(long now) {
        Set<String> before = known == null ? Set.of() : known;
        Set<String> after = members.get();
        Set<String> moved = new HashSet<>(after);
        if (due > 0) {
            moved.removeAll(before);
        }
        before.stream().filter(id -> !after.contains(id)).forEach(moved::add);
        known = after;
        due = now + intervalMs;
        return moved;
    }
}
