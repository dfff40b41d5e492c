package io.github.crmsync.simulation;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a run has shown: violated invariants, those that fall into a window which the protocol names as inherent, and how
 * often each named situation came up.
 */
public final class Findings {
    private final Set<String> violations = new LinkedHashSet<>();
    private final Set<String> inherent = new LinkedHashSet<>();
    private final Map<String, Integer> situations = new TreeMap<>();
    private final Map<String, Set<String>> fieldExcuses = new HashMap<>();
    private final Set<String> runExcuses = new TreeSet<>();

    public void violation(String what) {
        if (runExcuses.isEmpty()) {
            violations.add(what);
        } else {
            inherent.add(what + " " + runExcuses);
        }
    }

    /** A violation that concerns a field of a pair, which a window may excuse. */
    public void violation(String what, String hubspotId, String dynamicsId, String field) {
        Set<String> excuses = new TreeSet<>(excuses("hubspot", hubspotId, field));
        excuses.addAll(excuses("dynamics", dynamicsId, field));
        violation(what, excuses);
    }

    /** A violation that concerns a record, which a window on one of its fields may excuse. */
    public void violation(String what, String app, String id, Stream<String> fields) {
        violation(
                what, fields.flatMap(field -> excuses(app, id, field).stream()).collect(Collectors.toSet()));
    }

    /** A violation that windows may excuse. */
    void violation(String what, Set<String> excuses) {
        if (excuses.isEmpty()) {
            violation(what);
        } else {
            inherent.add(what + " " + excuses);
        }
    }

    private Set<String> excuses(String app, String id, String field) {
        return fieldExcuses.getOrDefault(app + id + field, Set.of());
    }

    public void excuse(String app, String id, String field, String window) {
        fieldExcuses.computeIfAbsent(app + id + field, f -> new TreeSet<>()).add(window);
        situation("window " + window);
    }

    /** What a window excuses by itself. */
    public void inherent(String what, String window) {
        inherent.add(what + " [" + window + "]");
    }

    public void excuseRun(String window) {
        runExcuses.add(window);
        situation("window " + window);
    }

    boolean excused(String window) {
        return fieldExcuses.values().stream().anyMatch(windows -> windows.contains(window));
    }

    public void situation(String name) {
        situations.merge(name, 1, Integer::sum);
    }

    public Set<String> violations() {
        return violations;
    }

    public Set<String> inherent() {
        return inherent;
    }

    public Map<String, Integer> situations() {
        return situations;
    }
}
