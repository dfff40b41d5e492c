package io.github.crmsync.simulation;

import io.github.crmsync.core.ledger.Agreement;
import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.Ledger.Stored;
import io.github.crmsync.core.ledger.LedgerEntry;
import java.util.Map;
import java.util.Objects;

/**
 * Looks at every entry of the ledger: a link never changes, and a recovered intent was judged rightly. A wrong judgement is one
 * of the windows that the protocol leaves open; what follows from it is excused.
 */
final class LinkWatch implements LedgerLog.Watcher {
    private final World world;

    LinkWatch(World world) {
        this.world = world;
    }

    @Override
    public void appended(LedgerEntry before, LedgerEntry after) {
        world.log(() -> "ledger " + after.owner() + ":" + after.sourceId() + " -> " + after.targetId() + " "
                + after.state()
                + (after.intent() == null ? "" : " intends " + after.intent().kind()) + " seen " + after.seen()
                + (after.differs() ? " differs" : "") + " base " + after.base().keySet());
        if (after.movedTo() != null) {
            // A merge takes no lock: whoever writes to its winner at that moment may link it as well.
            boolean busy = world.ledger().index().touching(after.hubspotId(), null).stream()
                    .anyMatch(other -> other.entry().intent() != null
                            && !other.entry().key().equals(after.key()));
            if (busy) {
                world.findings.excuseRun("W10");
            }
        }
        if (after.isLink()) {
            for (Stored other : world.ledger().index().touching(after.hubspotId(), after.dynamicsId())) {
                LedgerEntry entry = other.entry();
                boolean same = Objects.equals(after.hubspotId(), entry.hubspotId())
                        && Objects.equals(after.dynamicsId(), entry.dynamicsId());
                boolean shares = Objects.equals(after.hubspotId(), entry.hubspotId())
                        || Objects.equals(after.dynamicsId(), entry.dynamicsId());
                if (entry.isLink() && shares && !same && after.movedTo() == null) {
                    passedOn(entry, after);
                }
            }
        }
        if (before != null && before.intent() != null && after.intent() == null) {
            closed(before, after);
        }
    }

    /** A link may pass on once one of the two was deleted: what the ledger has of the former one counts no more. */
    private void passedOn(LedgerEntry former, LedgerEntry after) {
        boolean wasDeleted =
                world.hubspot.wasDeleted(former.hubspotId()) || world.dynamics.wasDeleted(former.dynamicsId());
        if (former.life() < after.life() && wasDeleted) {
            world.passesOn(former, after);
            world.findings.situation("link of a deleted record passed on");
        } else if (former.life() <= after.life() || !world.passedOn(after)) {
            world.findings.violation("I13 a link is not one-to-one, or has changed");
        }
    }

    private void closed(LedgerEntry before, LedgerEntry after) {
        Intent intent = before.intent();
        if (intent.changes().values().stream().noneMatch(Intent.Change::writes)) {
            return;
        }
        boolean creation = intent.kind() == Intent.Kind.CREATE;
        boolean judgedLanded = after.state() == LedgerEntry.State.LINKED && (creation || agreed(intent, after.base()));
        boolean landed = world.hasLanded(intent.id());
        if (judgedLanded && world.isUncertain(intent.id()) && world.scenario().has(Scenario.Feature.FORMS)) {
            // What the app made of the values that were sent looks like an edit.
            String changed = after.targetId();
            intent.changes()
                    .keySet()
                    .forEach(name -> world.findings.excuse(after.owner(), changed, name.split("~")[0], "W11"));
        }
        if (judgedLanded == landed || !world.isUncertain(intent.id())) {
            return;
        }
        // Nothing can be asked of a record that is gone, but it may come back.
        boolean gone = after.state() == LedgerEntry.State.TOMBSTONED;
        if (creation && gone) {
            return;
        }
        if (creation) {
            excuseCreation(before, landed);
        } else if (after.owner().equals("hubspot")
                && world.scenario().historyCheck()
                && world.hubspot.hasStayed(before.targetId())) {
            world.log(() -> "HubSpot's histories were misread for " + before.targetId());
        } else if (intent.kind() == Intent.Kind.LINK && !gone) {
            // The record may be linked to another one now.
            world.findings.excuseRun("W2");
        } else {
            String app = after.owner();
            intent.changes()
                    .keySet()
                    .forEach(name -> world.findings.excuse(app, before.targetId(), name.split("~")[0], "W2"));
        }
    }

    private void excuseCreation(LedgerEntry entry, boolean landed) {
        Crm crm = entry.owner().equals("hubspot") ? world.hubspot : world.dynamics;
        boolean alive =
                crm.rows.values().stream().anyMatch(row -> entry.sourceId().equals(row.createdFor));
        boolean findsById = !crm.isHubspot() || world.scenario().linkProperty();
        if (landed && !alive) {
            world.findings.excuseRun("W3");
        } else if (!findsById) {
            world.findings.excuseRun(landed ? "W4" : "W5");
        }
    }

    private static boolean agreed(Intent intent, Map<String, Agreement> base) {
        return intent.changes().entrySet().stream().allMatch(change -> {
            Agreement agreement = base.get(change.getKey());
            return agreement != null
                    && (agreement.hubspotVersion() == intent.sourceVersion()
                            || agreement.dynamicsVersion() == intent.sourceVersion());
        });
    }
}
