package io.github.crmsync.simulation;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.Ledger.Stored;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LinkView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Checks the invariants of the protocol once everything is quiet. It knows what people saw and meant; the sync does not. */
final class Oracle {
    private final World world;
    private final Users users;
    private final Findings findings;
    private final Ledger ledger;
    private final Map<String, String> toDynamics;
    private final Map<String, String> toHubspot = new TreeMap<>();
    private final Set<String> tombstoned = new HashSet<>();
    /** Keys of records that had, or have taken over, the link of one that was deleted. */
    private final Set<String> passedOn;

    Oracle(World world, Users users) {
        this.world = world;
        this.users = users;
        this.findings = world.findings;
        this.toDynamics = world.links();
        this.passedOn = world.passedOn();
        this.ledger = new LogLedger(world.ledger(), "oracle", "0", what -> {});
        toDynamics.forEach((hubspot, dynamics) -> {
            if (toHubspot.put(dynamics, hubspot) != null) {
                findings.violation("I13 two contacts linked to one row");
            }
        });
    }

    void check() {
        for (Stored stored : world.ledger().index().all()) {
            LedgerEntry entry = stored.entry();
            if (entry.intent() != null) {
                findings.violation("I20 intent left open");
            }
            if (entry.isLink()
                    && entry.hubspotId() != null
                    && LinkView.of(ledger, "dynamics", entry.hubspotId(), entry.dynamicsId())
                            .tombstoned()) {
                tombstoned.add(entry.hubspotId());
            }
        }
        checkRecords(world.hubspot, toDynamics, toHubspot);
        checkRecords(world.dynamics, toHubspot, toDynamics);
        toDynamics.forEach((hubspot, dynamics) -> {
            Crm.Row left = world.hubspot.rows.get(hubspot);
            Crm.Row right = world.dynamics.rows.get(dynamics);
            if (left == null || right == null) {
                return;
            }
            if (tombstoned.contains(hubspot)) {
                findings.violation("I10 live pair tombstoned");
                return;
            }
            if (!world.sticky && !(left.inScope && right.inScope)) {
                return;
            }
            if (left.stage < right.stage) {
                findings.violation("B21 a promotion never arrived");
            }
            Crm.FIELDS.forEach(field -> checkField(left, right, field));
        });
    }

    /** Creations, isolation of duplicates, and that nobody in scope was left out. */
    private void checkRecords(Crm crm, Map<String, String> links, Map<String, String> back) {
        Crm other = world.other(crm);
        Map<String, List<Crm.Row>> children = new TreeMap<>();
        List<Crm.Row> everyone = new ArrayList<>(crm.rows.values());
        everyone.addAll(crm.deleted.values());
        for (Crm.Row row : everyone) {
            if (row.createdFor != null) {
                children.computeIfAbsent(row.createdFor, id -> new ArrayList<>())
                        .add(row);
                boolean merged = crm.all(row.id).stream().anyMatch(r -> r.mergedInto != null)
                        || other.all(row.createdFor).stream().anyMatch(r -> r.mergedInto != null);
                if (!merged
                        && !world.everPassedOn(crm.app + row.id)
                        && links.containsKey(row.id)
                        && !links.get(row.id).equals(row.createdFor)) {
                    findings.violation("I12 a created record is linked to another one");
                }
                if (other.all(row.createdFor).stream().anyMatch(parent -> parent.createdFor != null)) {
                    findings.violation("I12 own create echoed into a third record");
                }
            }
        }
        children.forEach((parent, rows) -> {
            if (rows.stream().filter(row -> crm.rows.get(row.id) == row).count() > 1) {
                findings.violation("I11 two counterparts created for one record");
            } else if (rows.size() > 1) {
                findings.violation("I10 resurrected");
            }
        });
        for (Crm.Row row : crm.rows.values()) {
            if (links.containsKey(row.id) || passedOn.contains(crm.app + row.id)) {
                continue;
            }
            if (Crm.FIELDS.stream()
                    .anyMatch(field -> row.history(field).stream().anyMatch(Crm.Entry::bySync))) {
                findings.violation("I14 an unlinked record was written");
            }
            boolean duplicate = other.rows.values().stream()
                    .anyMatch(twin -> twin.value(Crm.EMAIL).equals(row.value(Crm.EMAIL))
                            && back.containsKey(twin.id)
                            && LinkView.deletedPartner(ledger, other.app, twin.id) == null);
            if (!row.value(Crm.EMAIL).isEmpty() && !duplicate && row.inScope) {
                findings.violation("I20 a record was never synced");
            }
        }
    }

    private void checkField(Crm.Row left, Crm.Row right, String field) {
        List<Crm.Entry> all = new ArrayList<>(left.history(field));
        all.addAll(right.history(field));
        erased(left.history(field));
        erased(right.history(field));
        long typed = all.stream().filter(entry -> !entry.bySync()).count();
        long written = all.stream().filter(Crm.Entry::bySync).count();
        // A pair that was merged or opened again takes over values that nobody typed into it.
        // What a request of which the end was not seen has stored is known by what was sent: its form travels once
        // more.
        long forms = world.scenario().has(Scenario.Feature.FORMS) ? world.uncertain() : 0;
        boolean former = passedOn.contains("hubspot" + left.id) || passedOn.contains("dynamics" + right.id);
        if (!world.scenario().restores() && !former && written > typed + givenBack(left.history(field)) + forms) {
            findings.violation("I2 more writes by the sync than edits by people", left.id, right.id, field);
        }
        String value = left.value(field);
        String partner = right.value(field);
        if (!value.equals(partner)) {
            if (value.isEmpty() || partner.isEmpty()) {
                List<Crm.Entry> empty = (value.isEmpty() ? left : right).history(field);
                // To a pair that was merged, a field that the winner never had looks like one that somebody emptied.
                if (!world.scenario().restores()
                        && !former
                        && empty.stream()
                                .skip(1)
                                .noneMatch(entry -> entry.value().isEmpty() && !entry.bySync())) {
                    findings.violation("I1 an empty side was never filled", left.id, right.id, field);
                }
            } else if (!refusedAddress(left, field, partner)) {
                world.log(() -> left.id + " and " + right.id + " differ in " + field);
                findings.violation("I1 not converged", left.id, right.id, field);
            }
            return;
        }
        boolean cleared = all.stream().anyMatch(entry -> entry.value().isEmpty());
        Set<String> edits = Users.typed(all);
        if (value.isEmpty()
                || cleared
                || passedOn.contains("hubspot" + left.id)
                || passedOn.contains("dynamics" + right.id)
                || users.ambiguous("hubspot", left.id, field)
                || users.ambiguous("dynamics", right.id, field)
                || users.ambiguous(edits)) {
            return;
        }
        checkWinner(left, right, field, value, edits);
    }

    /** Writes that only undo one of our own, which had replaced a value that nobody had read; repeated if no answer came. */
    private long givenBack(List<Crm.Entry> history) {
        long count = 0;
        boolean back = false;
        for (int i = 2; i < history.size(); i++) {
            Crm.Entry entry = history.get(i);
            boolean repeated = back && history.get(i - 1).value().equals(entry.value());
            // Meanwhile somebody may have typed once more.
            int ours = i - 1;
            while (ours > 1 && !history.get(ours).bySync()) {
                ours--;
            }
            Crm.Entry replaced = history.get(ours - 1);
            back = entry.bySync()
                    && history.get(ours).bySync()
                    && (repeated || !replaced.bySync() && replaced.value().equals(entry.value()));
            if (back) {
                count++;
                findings.situation("given back");
            }
        }
        return count;
    }

    private void erased(List<Crm.Entry> history) {
        for (int i = 1; i < history.size(); i++) {
            if (history.get(i).bySync()
                    && history.get(i).value().isEmpty()
                    && !history.get(i - 1).value().isEmpty()) {
                findings.violation("I6 an empty value erased a filled one");
            }
        }
    }

    /** HubSpot refuses an address that another contact has: the difference is on record as failed. */
    private boolean refusedAddress(Crm.Row left, String field, String wanted) {
        return field.equals(Crm.EMAIL)
                && world.hubspot.byEmail(wanted).filter(row -> row != left).isPresent();
    }

    /** The value is one that nobody replaced knowingly and, of several such, one of the default app's. */
    private void checkWinner(Crm.Row left, Crm.Row right, String field, String value, Set<String> edits) {
        Set<String> newest = new HashSet<>(edits);
        edits.forEach(edit -> newest.removeAll(users.edit(edit).saw()));
        if (!newest.contains(value)) {
            world.log(() -> left.id + " and " + right.id + " have " + value + ", expected one of " + newest);
            findings.violation("I3 lost update", left.id, right.id, field);
            return;
        }
        if (newest.size() > 1) {
            findings.situation("true conflict");
        }
        Set<String> preferred = new HashSet<>(newest);
        preferred.removeIf(edit -> !users.edit(edit).app().equals(world.defaultApp));
        if (!preferred.isEmpty() && !preferred.contains(value) && !addressWasTaken(left, right, field)) {
            world.log(() -> left.id + " and " + right.id + " have " + value + ", expected one of " + preferred);
            findings.violation("I4 conflict not decided by the default app", left.id, right.id, field);
        }
    }

    private boolean addressWasTaken(Crm.Row left, Crm.Row right, String field) {
        if (!field.equals(Crm.EMAIL)) {
            return false;
        }
        Set<String> elsewhere = new HashSet<>();
        List<Crm.Row> everyone = new ArrayList<>(world.hubspot.rows.values());
        everyone.addAll(world.hubspot.deleted.values());
        everyone.stream()
                .filter(row -> row != left)
                .forEach(row -> row.history(field).forEach(entry -> elsewhere.add(entry.value())));
        return right.history(field).stream().anyMatch(entry -> elsewhere.contains(entry.value()));
    }
}
