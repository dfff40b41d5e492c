package io.github.crmsync.simulation.stack;

import io.github.crmsync.core.ledger.Ledger.Stored;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.sink.Outcome;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

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
        hubspot.forEach((id, values) -> served(when, stack.dynamics(), id, values));
        dynamics.forEach((id, values) -> served(when, stack.hubspot(), id, values));
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
            if (entry.state() == LedgerEntry.State.LINKED && !outOfScope(entry)) {
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
            if (inHubspot.equalsIgnoreCase(inDynamics)) {
                continue;
            }
            boolean held = inHubspot.isEmpty() && people.cleared(stack.hubspot(), h, field)
                    || inDynamics.isEmpty() && people.cleared(stack.dynamics(), d, field);
            boolean refused = field == Field.EMAIL && takenByAnother(inDynamics, h, contacts);
            if (held) {
                stack.findings().situation("ends with a held clear");
            } else if (refused) {
                stack.findings().situation("ends with a refused address");
            } else {
                violation(
                        when,
                        "I1 " + field + " of " + h + " is '" + inHubspot + "', of " + d + " '" + inDynamics + "'");
            }
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
}
