package io.github.crmsync.simulation.stack;

import io.github.crmsync.core.ledger.Ledger.Stored;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.simulation.stack.History.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold once everything has come to rest. */
final class Verdict {
    private final Stack stack;
    private final People people;

    Verdict(Stack stack, People people) {
        this.stack = stack;
        this.people = people;
    }

    void check(String when) {
        Map<String, Map<Field, String>> hubspot = stack.hubspot().records();
        Map<String, Map<Field, String>> dynamics = stack.dynamics().records();
        links().forEach((h, d) -> {
            if (hubspot.containsKey(h) && dynamics.containsKey(d)) {
                compare(when, h, hubspot.get(h), d, dynamics.get(d), hubspot);
            }
        });
        if (stack.setup().into("dynamics")) {
            hubspot.forEach((id, values) -> served(when, stack.dynamics(), id, values));
        }
        if (stack.setup().into("hubspot")) {
            dynamics.forEach((id, values) -> served(when, stack.hubspot(), id, values));
        }
        hubspot.keySet().forEach(id -> isolated(when, stack.hubspot(), id));
        dynamics.keySet().forEach(id -> isolated(when, stack.dynamics(), id));
        if (!stack.ledger().index().open().isEmpty()) {
            violation(when, "I20 an intent stays open");
        }
        stack.sinks().stream()
                .filter(sink -> !sink.settled())
                .forEach(sink -> violation(when, "I20 " + sink + " is never done"));
    }

    /** Open links, HubSpot id to Dynamics id. */
    private Map<String, String> links() {
        Map<String, String> links = new TreeMap<>();
        for (Stored stored : stack.ledger().index().all()) {
            LedgerEntry entry = stored.entry();
            if (entry.state() == LedgerEntry.State.LINKED && !outOfScope(entry) && !hasPassedOn(entry)) {
                links.put(entry.hubspotId(), entry.dynamicsId());
            }
        }
        for (Stored stored : stack.ledger().index().all()) {
            LedgerEntry entry = stored.entry();
            if (entry.state() == LedgerEntry.State.TOMBSTONED || entry.isLink() && outOfScope(entry)) {
                links.remove(entry.hubspotId(), entry.dynamicsId());
            }
        }
        return links;
    }

    /** Whether one of the two has a link with another record by now, because its partner was deleted. */
    private boolean hasPassedOn(LedgerEntry link) {
        return stack.ledger().index().touching(link.hubspotId(), link.dynamicsId()).stream()
                .map(Stored::entry)
                .anyMatch(other -> other.isLink()
                        && other.life() > link.life()
                        && other.hubspotId().equals(link.hubspotId())
                                != other.dynamicsId().equals(link.dynamicsId()));
    }

    private static boolean outOfScope(LedgerEntry entry) {
        return entry.excluded() != null;
    }

    private void compare(
            String when,
            String h,
            Map<Field, String> one,
            String d,
            Map<Field, String> other,
            Map<String, Map<Field, String>> contacts) {
        for (Field field : Field.values()) {
            String inHubspot = one.getOrDefault(field, "");
            String inDynamics = other.getOrDefault(field, "");
            fewWrites(when, h, d, field);
            if (inHubspot.equalsIgnoreCase(inDynamics)) {
                winner(when, h, d, field, inHubspot);
                continue;
            }
            boolean held = inHubspot.isEmpty() && people.cleared(stack.hubspot(), h, field)
                    || inDynamics.isEmpty() && people.cleared(stack.dynamics(), d, field);
            boolean refused = field == Field.EMAIL && takenByAnother(inDynamics, h, contacts);
            if (held) {
                stack.findings().situation("ends with a held clear");
            } else if (refused) {
                stack.findings().situation("ends with a refused address");
            } else if (ownValue(h, d, field)) {
                stack.findings().situation("ends with a value of the target's own");
            } else {
                violation(
                        when,
                        "I1 " + field + " of " + h + " is '" + inHubspot + "', of " + d + " '" + inDynamics + "'",
                        h,
                        d,
                        field);
            }
        }
    }

    /** One way, a value that somebody typed into the target, or merged into it, stays until the source's changes. */
    private boolean ownValue(String h, String d, Field field) {
        if (stack.readOnly() == null) {
            return false;
        }
        boolean fromHubspot = stack.readOnly() == stack.hubspot();
        App target = stack.other(stack.readOnly());
        String id = fromHubspot ? d : h;
        List<Entry> history = stack.watch().history().of(target, id, field);
        return stack.watch().history().isAmbiguous(target, id)
                || !history.isEmpty() && !history.get(history.size() - 1).bySync();
    }

    /** The sync writes a field no more often than people do. */
    private void fewWrites(String when, String h, String d, Field field) {
        History history = stack.watch().history();
        if (history.isAmbiguous(stack.hubspot(), h)) {
            return;
        }
        List<Entry> all = both(h, d, field);
        long written = all.stream().filter(Entry::bySync).count();
        long typed = all.size() - written;
        if (written > typed + givenBack(history.of(stack.hubspot(), h, field))) {
            violation(
                    when,
                    "I2 " + field + " of " + h + " and " + d + " was written " + written + " times after " + typed
                            + " edits",
                    h,
                    d,
                    field);
        }
    }

    private List<Entry> both(String h, String d, Field field) {
        History history = stack.watch().history();
        List<Entry> all = new ArrayList<>(history.of(stack.hubspot(), h, field));
        all.addAll(history.of(stack.dynamics(), d, field));
        return all;
    }

    /** Writes that only undo one of our own, which had replaced a value that nobody had read. */
    private static long givenBack(List<Entry> history) {
        long count = 0;
        for (int i = 2; i < history.size(); i++) {
            // Meanwhile somebody may have typed once more.
            int ours = i - 1;
            while (ours > 1 && !history.get(ours).bySync()) {
                ours--;
            }
            if (history.get(i).bySync()
                    && history.get(ours).bySync()
                    && history.get(i).value().equals(history.get(ours - 1).value())) {
                count++;
            }
        }
        return count;
    }

    /** The value is one that nobody replaced knowingly and, of several such, one of the default app's. */
    private void winner(String when, String h, String d, Field field, String value) {
        History history = stack.watch().history();
        List<Entry> all = both(h, d, field);
        Set<String> typed =
                all.stream().filter(entry -> !entry.bySync()).map(Entry::value).collect(Collectors.toSet());
        if (value.isEmpty()
                || typed.contains("")
                || history.repeated(typed)
                || history.isAmbiguous(stack.hubspot(), h)
                || history.isAmbiguous(stack.dynamics(), d)) {
            return;
        }
        stack.findings().situation("value judged");
        Set<String> newest = new TreeSet<>(typed);
        typed.forEach(edit -> newest.removeAll(history.edit(edit).saw()));
        if (!newest.contains(value)) {
            String what = "I3 " + field + " of " + h + " and " + d + " is " + value + ", not one of " + newest;
            violation(when, what, h, d, field);
            return;
        }
        if (newest.size() > 1) {
            stack.findings().situation("true conflict");
        }
        Set<String> preferred = new TreeSet<>(newest);
        preferred.removeIf(
                edit -> !history.edit(edit).app().equals(stack.setup().defaultApp()));
        // Whether another contact had the address at the time is not known any more.
        if (stack.setup().twoWay() && field != Field.EMAIL && !preferred.isEmpty() && !preferred.contains(value)) {
            String what = "I4 " + field + " of " + h + " and " + d + " is " + value + ", not one of " + preferred;
            violation(when, what, h, d, field);
        }
    }

    /** Nobody writes to a record that is linked to none. */
    private void isolated(String when, App app, String id) {
        boolean linked = !stack
                .ledger()
                .index()
                .touching(app == stack.hubspot() ? id : null, app == stack.hubspot() ? null : id)
                .stream()
                .filter(stored -> stored.entry().isLink()
                        || stored.entry().movedTo() != null
                        || stored.entry().state() == LedgerEntry.State.TOMBSTONED)
                .toList()
                .isEmpty();
        boolean written = Stream.of(Field.values())
                .anyMatch(field ->
                        stack.watch().history().of(app, id, field).stream().anyMatch(Entry::bySync));
        if (!linked && written && !stack.watch().history().isAmbiguous(app, id)) {
            String what = "I14 " + app.name() + " " + id + " was written and is linked to none";
            stack.log(() -> "VIOLATION " + what);
            stack.findings()
                    .violation(
                            what + " " + when,
                            app.name(),
                            id,
                            Stream.of(Field.values()).map(Field::name));
        }
    }

    private boolean takenByAnother(String email, String id, Map<String, Map<Field, String>> contacts) {
        Map<String, String> more = stack.hubspot().values("hs_additional_emails");
        String wanted = email.toLowerCase(Locale.ROOT);
        return contacts.entrySet().stream()
                        .anyMatch(contact -> !contact.getKey().equals(id)
                                && wanted.equals(contact.getValue().get(Field.EMAIL)))
                || more.values().stream().anyMatch(list -> list.contains(wanted));
    }

    /** Each record with an address is linked, or the ledger says why not. */
    private void served(String when, App target, String id, Map<Field, String> values) {
        boolean inScope = stack.listId().isEmpty();
        if (!values.containsKey(Field.EMAIL) || !inScope) {
            return;
        }
        LedgerEntry own = entry(target.name(), id);
        boolean told = own != null
                && (own.state() != LedgerEntry.State.NONE || own.excluded() != null || own.movedTo() != null);
        boolean touched = target == stack.dynamics()
                ? !stack.ledger().index().touching(id, null).isEmpty()
                : !stack.ledger().index().touching(null, id).isEmpty();
        Outcome.Kind decided = stack.watch().decided(target, id);
        boolean explained = decided == Outcome.Kind.EXCLUDED || decided == Outcome.Kind.FAILED;
        if (!told && !touched && !explained) {
            violation(when, "I20 " + stack.other(target).name() + " " + id + " is forgotten");
        }
    }

    private LedgerEntry entry(String owner, String id) {
        Stored stored = stack.ledger().index().get(new LedgerEntry.Key(owner, id));
        return stored == null ? null : stored.entry();
    }

    private void violation(String when, String what) {
        stack.log(() -> "VIOLATION " + what);
        stack.findings().violation(what + " " + when);
    }

    private void violation(String when, String what, String h, String d, Field field) {
        stack.log(() -> "VIOLATION " + what);
        stack.findings().violation(what + " " + when, h, d, field.name());
    }
}
