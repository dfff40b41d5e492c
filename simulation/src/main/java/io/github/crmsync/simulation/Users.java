package io.github.crmsync.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * People who work in both apps, and what they had seen when they typed.
 *
 * <p>Most values are unique, so that the oracle knows each edit's causes; reverts and copies are not, and mark their field as
 * one of which only convergence can be told.
 */
final class Users {
    /** An edit: where it was made, and all values that it knew of. */
    record Edit(String app, Set<String> saw) {}

    private final World world;
    private final Choices choices;
    private final Map<String, Edit> edits = new HashMap<>();
    private final Set<String> ambiguousFields = new HashSet<>();
    private final Set<String> ambiguousValues = new HashSet<>();
    private int values;

    Users(World world) {
        this.world = world;
        this.choices = world.choices();
    }

    Edit edit(String value) {
        return edits.get(value);
    }

    boolean ambiguous(String app, String id, String field) {
        return ambiguousFields.contains(app + id + field);
    }

    boolean ambiguous(Set<String> typed) {
        return typed.stream().anyMatch(ambiguousValues::contains);
    }

    String fresh(String field) {
        values++;
        return field.equals(Crm.EMAIL) ? "u" + values + "@x" : field + values;
    }

    /** A person with some empty fields. */
    Map<String, String> person() {
        Map<String, String> person = new LinkedHashMap<>();
        for (String field : Crm.FIELDS) {
            person.put(field, field.equals(Crm.EMAIL) || !choices.chance(0.2) ? fresh(field) : "");
        }
        return person;
    }

    void create(Crm crm, Map<String, String> person) {
        if (crm.isHubspot() && crm.byEmail(person.get(Crm.EMAIL)).isPresent()) {
            return;
        }
        Crm.Row row = crm.create(null, person, null);
        person.forEach((field, value) -> note(crm, row, field, value));
        world.log(() -> "user creates " + row.id + " " + person);
    }

    /** Changes fields; false if the app refuses it. */
    boolean change(Crm crm, Crm.Row row, Map<String, String> changes, boolean repeated) {
        String email = changes.getOrDefault(Crm.EMAIL, "");
        if (crm.isHubspot() && crm.byEmail(email).filter(other -> other != row).isPresent()) {
            return false;
        }
        crm.update(row, changes, null);
        world.log(() -> "user changes " + row.id + " " + changes + " -> v" + row.version);
        changes.forEach((field, value) -> {
            if (repeated) {
                ambiguousFields.add(crm.app + row.id + field);
            } else {
                note(crm, row, field, value);
            }
        });
        return true;
    }

    private void note(Crm crm, Crm.Row row, String field, String value) {
        if (value.isEmpty()) {
            return;
        }
        Set<String> saw = new HashSet<>();
        List<Crm.Entry> history = row.history(field);
        for (Crm.Entry earlier : history.subList(0, history.size() - 1)) {
            if (!earlier.value().isEmpty() && !earlier.value().equals(value)) {
                saw.add(earlier.value());
                if (edits.containsKey(earlier.value())) {
                    saw.addAll(edits.get(earlier.value()).saw());
                }
            }
        }
        if (edits.put(value, new Edit(crm.app, saw)) != null) {
            ambiguousValues.add(value);
        }
    }

    /** One of the things that people do. */
    void act() {
        Crm crm = choices.next(2) == 0 ? world.hubspot : world.dynamics;
        List<Crm.Row> rows = new ArrayList<>(crm.rows.values());
        int what = choices.next(100);
        if (rows.isEmpty() || what >= 92) {
            if (rows.size() < 4) {
                newPerson(crm, rows);
            }
            return;
        }
        Crm.Row row = choices.of(rows);
        if (world.scenario().has(Scenario.Feature.FILTERS) && choices.chance(0.25)) {
            scope(crm, row);
            return;
        }
        if (what >= 89) {
            crm.delete(row);
            world.log(() -> "user deletes " + row.id);
        } else if (what >= 81) {
            change(crm, row, Map.of(choices.of(Crm.FIELDS.subList(0, 2)), ""), false);
        } else if (what >= 77) {
            crm.touch(row);
            world.log(() -> row.id + " gets v" + row.version + " without a change");
        } else if (what >= 65) {
            revert(crm, row, choices.of(Crm.FIELDS.subList(0, 2)));
        } else if (what >= 61) {
            copy(crm, row, choices.of(Crm.FIELDS.subList(0, 2)));
        } else if (what >= 58 && !crm.isHubspot()) {
            String email = choices.of(rows).value(Crm.EMAIL);
            if (!email.isEmpty() && !email.equals(row.value(Crm.EMAIL))) {
                change(crm, row, Map.of(Crm.EMAIL, email), true);
            }
        } else if (what >= 52 && !crm.deleted.isEmpty() && world.scenario().restores()) {
            restore(crm);
        } else if (what >= 47
                && crm.isHubspot()
                && rows.size() > 1
                && world.scenario().merges()) {
            merge(crm, row, choices.of(rows));
        } else if (what >= 11) {
            String field = choices.of(Crm.FIELDS);
            change(crm, row, Map.of(field, fresh(field)), false);
        } else {
            Map<String, String> both = new LinkedHashMap<>();
            Crm.FIELDS.subList(0, 2).forEach(field -> both.put(field, fresh(field)));
            change(crm, row, both, false);
        }
    }

    /** The record leaves the filter, or comes back; or its stage is changed, in HubSpot in either direction. */
    private void scope(Crm crm, Crm.Row row) {
        if (choices.next(2) == 0) {
            row.inScope = !row.inScope;
            crm.touch(row);
            world.findings.situation(row.inScope ? "back in scope" : "out of scope");
            world.log(() -> row.id + (row.inScope ? " is in scope" : " is out of scope") + " v" + row.version);
        } else {
            crm.stage(row, choices.next(Crm.STAGES.size()));
            world.log(() -> row.id + " gets stage " + row.stage + " v" + row.version);
        }
    }

    private void newPerson(Crm crm, List<Crm.Row> rows) {
        Map<String, String> person = person();
        List<Crm.Row> others = new ArrayList<>(world.other(crm).rows.values());
        if (choices.chance(0.4) && !others.isEmpty()) {
            String same = choices.of(others).value(Crm.EMAIL);
            if (!same.isEmpty()) {
                person.put(Crm.EMAIL, same);
            }
        } else if (!crm.isHubspot() && choices.chance(0.2) && !rows.isEmpty()) {
            String twice = choices.of(rows).value(Crm.EMAIL);
            if (!twice.isEmpty()) {
                person.put(Crm.EMAIL, twice);
            }
        }
        create(crm, person);
    }

    private void merge(Crm crm, Crm.Row loser, Crm.Row winner) {
        if (loser != winner) {
            crm.merge(loser, winner);
            Crm.FIELDS.forEach(field -> ambiguousFields.add(crm.app + winner.id + field));
            world.log(() -> "user merges " + loser.id + " into " + winner.id);
        }
    }

    private void restore(Crm crm) {
        Crm.Row row = choices.of(new ArrayList<>(crm.deleted.values()));
        String email = row.value(Crm.EMAIL);
        if (row.mergedInto != null || crm.isHubspot() && crm.byEmail(email).isPresent()) {
            return;
        }
        crm.restore(row);
        world.log(() -> "user restores " + row.id);
    }

    /** Types an older value of the field again. */
    void revert(Crm crm, Crm.Row row, String field) {
        String value = choices.of(row.history(field)).value();
        if (!value.isEmpty() && !value.equals(row.value(field))) {
            change(crm, row, Map.of(field, value), true);
        }
    }

    /** Types what the other side shows. */
    void copy(Crm crm, Crm.Row row, String field) {
        Map<String, String> links = world.links();
        String partner = crm.isHubspot()
                ? links.get(row.id)
                : links.entrySet().stream()
                        .filter(link -> link.getValue().equals(row.id))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(null);
        Crm.Row other = partner == null ? null : world.other(crm).rows.get(partner);
        if (other != null
                && !other.value(field).isEmpty()
                && !other.value(field).equals(row.value(field))) {
            change(crm, row, Map.of(field, other.value(field)), true);
        }
    }

    /** Values that people typed into a field of a pair. */
    static Set<String> typed(List<Crm.Entry> entries) {
        return entries.stream()
                .filter(entry -> !entry.bySync())
                .map(Crm.Entry::value)
                .collect(Collectors.toSet());
    }
}
