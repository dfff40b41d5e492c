package io.github.crmsync.simulation.stack;

import io.github.crmsync.simulation.Choices;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** People at work in both apps. */
final class People {
    private final Stack stack;
    private final Choices choices;
    private int count;
    /** Values that fields had, by app, id and field. */
    private final Map<String, List<String>> past = new HashMap<>();
    /** Fields that somebody has cleared, by app, id and field. */
    private final Set<String> cleared = new HashSet<>();
    /** Deleted HubSpot contacts with their values. */
    private final Map<String, Map<Field, String>> bin = new HashMap<>();

    People(Stack stack) {
        this.stack = stack;
        this.choices = stack.choices();
    }

    boolean cleared(App app, String id, Field field) {
        return cleared.contains(app.name() + id + field);
    }

    /** What is there when the sync starts: people in one app or in both, with differences. */
    void begin() {
        int shared = 1 + choices.next(3);
        for (int i = 0; i < shared; i++) {
            Map<Field, String> one = person();
            Map<Field, String> other = new EnumMap<>(one);
            if (choices.chance(0.5)) {
                other.put(Field.FIRST, fresh(Field.FIRST));
            }
            if (choices.chance(0.3)) {
                other.remove(Field.JOB);
            }
            if (choices.chance(0.3)) {
                one.remove(Field.CITY);
            }
            create(stack.hubspot(), one);
            create(stack.dynamics(), other);
        }
        for (int i = choices.next(3); i > 0; i--) {
            create(stack.hubspot(), person());
        }
        for (int i = choices.next(3); i > 0; i--) {
            create(stack.dynamics(), person());
        }
    }

    /** Somebody does something. */
    void act() {
        App app = choices.chance(0.5) ? stack.hubspot() : stack.dynamics();
        Map<String, Map<Field, String>> records = app.records();
        int what = choices.next(100);
        if (records.isEmpty() || what < 8 && records.size() < 7) {
            newPerson(app, records);
            return;
        }
        String id = choices.of(List.copyOf(records.keySet()));
        if (app == stack.dynamics() && !stack.dynamics().active(id)) {
            return;
        }
        Map<Field, String> values = records.get(id);
        Field field = choices.of(Field.TEXTS);
        if (what < 45) {
            change(app, id, field, fresh(field), values);
        } else if (what < 55) {
            change(app, id, field, "", values);
        } else if (what < 65) {
            List<String> old = past.getOrDefault(app.name() + id + field, List.of());
            if (!old.isEmpty()) {
                change(app, id, field, choices.of(old), values);
            }
        } else if (what < 72) {
            copyFromOther(app, id, field, values);
        } else if (what < 78) {
            change(app, id, Field.EMAIL, fresh(Field.EMAIL), values);
        } else if (what < 81) {
            swap(app, records, id);
        } else if (what < 84) {
            change(app, id, Field.EMAIL, choices.chance(0.5) ? "" : anyEmail(), values);
        } else if (what < 88) {
            delete(app, id, values);
        } else {
            special(app, records, id);
        }
    }

    private void special(App app, Map<String, Map<Field, String>> records, String id) {
        if (app == stack.dynamics()) {
            if (stack.setup().leads() && choices.chance(0.4) && stack.dynamics().qualify(id)) {
                say("qualifies lead " + id);
                stack.findings().situation("qualified");
            }
            return;
        }
        HubSpot hubspot = stack.hubspot();
        int what = choices.next(4);
        if (what == 0 && records.size() > 1) {
            String loser = choices.of(List.copyOf(records.keySet()));
            String survivor = loser.equals(id) ? null : hubspot.merge(id, loser);
            if (survivor != null) {
                stack.watch().history().ambiguous(hubspot, survivor);
                stack.watch().disappeared(hubspot, loser);
                if (!survivor.equals(id)) {
                    stack.watch().disappeared(hubspot, id);
                }
                say("merges " + loser + " into " + id + ", which is now " + survivor);
                stack.findings().situation("merge");
                stack.watch().edited(survivor);
                for (Field field : Field.values()) {
                    if (cleared(hubspot, id, field) || cleared(hubspot, loser, field)) {
                        cleared.add(hubspot.name() + survivor + field);
                    }
                }
            }
        } else if (what == 1) {
            restore();
        } else if (what == 2) {
            String stage = choices.of(HubSpot.STAGES.subList(2, 6));
            if (hubspot.stage(id, stage)) {
                say("moves " + id + " to " + stage);
            }
        } else if (!stack.listId().isEmpty()) {
            boolean member = choices.chance(0.6);
            hubspot.member(stack.listId(), id, member);
            stack.watch().listed(id);
            say((member ? "adds " : "removes ") + id + (member ? " to" : " from") + " the list");
            stack.findings().situation("list membership");
        }
    }

    private void newPerson(App app, Map<String, Map<Field, String>> records) {
        Map<Field, String> person = person();
        int what = choices.next(10);
        if (what < 4) {
            person.put(Field.EMAIL, anyEmail());
        } else if (what == 4) {
            person.remove(Field.EMAIL);
        }
        person.values().removeIf(String::isEmpty);
        create(app, person);
    }

    /** An address that somebody has in either app. */
    private String anyEmail() {
        List<String> emails = new ArrayList<>();
        stack.hubspot().records().values().forEach(values -> emails.add(values.getOrDefault(Field.EMAIL, "")));
        stack.dynamics().records().values().forEach(values -> emails.add(values.getOrDefault(Field.EMAIL, "")));
        return emails.isEmpty() ? fresh(Field.EMAIL) : choices.of(emails);
    }

    private void create(App app, Map<Field, String> values) {
        String id = app.create(values);
        if (id != null) {
            say("creates " + app.name() + " " + id + " " + values);
            values.forEach((field, value) -> stack.watch().history().typed(app, id, field, value));
            remember(app, id, values);
            if (app == stack.hubspot()) {
                stack.watch().edited(id);
                if (!stack.listId().isEmpty() && choices.chance(0.8)) {
                    stack.hubspot().member(stack.listId(), id, true);
                    stack.watch().listed(id);
                }
            }
        }
    }

    private void change(App app, String id, Field field, String value, Map<Field, String> before) {
        if (value.equals(before.getOrDefault(field, "")) || !change(app, id, field, value)) {
            return;
        }
        say("changes " + app.name() + " " + id + " " + field + " from " + before.get(field) + " to " + value);
        stack.findings().situation(value.isEmpty() ? "cleared" : "edited");
        stack.watch().history().typed(app, id, field, value);
        if (value.isEmpty()) {
            cleared.add(app.name() + id + field);
        }
        remember(app, id, Map.of(field, before.getOrDefault(field, value)));
        if (app == stack.hubspot()) {
            stack.watch().edited(id);
        }
    }

    private boolean change(App app, String id, Field field, String value) {
        if (app == stack.hubspot() && field != Field.EMAIL && choices.chance(0.8)) {
            stack.hubspot().edit(id, Map.of(field, value));
            return true;
        }
        boolean changed = app.change(id, Map.of(field, value));
        if (changed && app == stack.hubspot()) {
            stack.watch().windows().editedByProgram(id);
        }
        return changed;
    }

    private void remember(App app, String id, Map<Field, String> values) {
        values.forEach((field, value) -> {
            if (!value.isEmpty()) {
                past.computeIfAbsent(app.name() + id + field, key -> new ArrayList<>())
                        .add(value);
            }
        });
    }

    /** Both type the same. */
    private void copyFromOther(App app, String id, Field field, Map<Field, String> values) {
        String email = values.get(Field.EMAIL);
        stack.other(app).records().values().stream()
                .filter(other -> email != null && email.equals(other.get(Field.EMAIL)))
                .map(other -> other.get(field))
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .ifPresent(value -> change(app, id, field, value, values));
    }

    private void swap(App app, Map<String, Map<Field, String>> records, String id) {
        String other = choices.of(List.copyOf(records.keySet()));
        String one = records.get(id).get(Field.EMAIL);
        String two = records.get(other).get(Field.EMAIL);
        if (other.equals(id) || one == null || two == null) {
            return;
        }
        change(app, id, Field.EMAIL, fresh(Field.EMAIL), records.get(id));
        change(app, other, Field.EMAIL, one, records.get(other));
        change(app, id, Field.EMAIL, two, Map.of());
        stack.findings().situation("addresses swapped");
    }

    private void delete(App app, String id, Map<Field, String> values) {
        if (app.delete(id)) {
            say("deletes " + app.name() + " " + id);
            stack.watch().disappeared(app, id);
            stack.findings().situation("deleted");
            if (app == stack.hubspot()) {
                bin.put(id, values);
            }
        }
    }

    private void restore() {
        if (bin.isEmpty()) {
            return;
        }
        String id = choices.of(bin.keySet().stream().sorted().toList());
        String email = bin.get(id).get(Field.EMAIL);
        boolean taken = stack.hubspot().records().values().stream()
                .anyMatch(values -> email != null && email.equals(values.get(Field.EMAIL)));
        bin.remove(id);
        if (!taken && stack.hubspot().restore(id)) {
            stack.watch().history().ambiguous(stack.hubspot(), id);
            stack.oddities().forget(id);
            say("restores " + id);
            stack.findings().situation("restored");
            stack.watch().edited(id);
        }
    }

    private Map<Field, String> person() {
        Map<Field, String> person = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            person.put(field, fresh(field));
        }
        return person;
    }

    private String fresh(Field field) {
        int number = ++count;
        return switch (field) {
            case EMAIL -> "p" + number + "@example.com";
            case PHONE -> "+3120555" + (1000 + number);
            default -> field.name().charAt(0) + field.name().substring(1).toLowerCase(java.util.Locale.ROOT) + number;
        };
    }

    private void say(String what) {
        stack.log(() -> "somebody " + what);
    }
}
