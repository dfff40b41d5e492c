package io.github.crmsync.core.sink;

import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LedgerEntry.State;
import io.github.crmsync.core.ledger.LinkView;
import io.github.crmsync.core.ledger.TakenOverException;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.RetriableException;

/** Deleted, merged and restored records. */
final class Deletions {
    private final Round round;
    private final Ledger ledger;
    private final String owner;
    /** Ids that take part in a merge of which the ledger does not know yet. */
    private final Set<String> merging = new HashSet<>();
    /** Images of merged records whose link is to pass on. */
    private final List<Step> moves = new ArrayList<>();

    Deletions(Round round, Ledger ledger, String owner) {
        this.round = round;
        this.ledger = ledger;
        this.owner = owner;
    }

    /**
     * A merged record hands its link to the one that took its place, unless that one has a link already.
     *
     * @param otherIsCreating whether a HubSpot contact may have been created whose link is not in the ledger yet
     */
    void decide(Step step, boolean otherIsCreating) {
        LinkView view = step.view;
        if (view.passedOn()) {
            // Whoever takes its place after a merge has no link to get from it.
            staysOut(round, step, view);
            round.finish(step.work, Kind.TOMBSTONED, null, "the record was deleted");
            return;
        }
        String successor = successor(step.image);
        if (successor != null && (merging.contains(step.image.id()) || merging.contains(successor))) {
            // Another link of the same chain comes first.
            round.retry(step.work);
            return;
        }
        if (successor != null) {
            merging.addAll(List.of(step.image.id(), successor));
        }
        if (successor != null && otherIsCreating) {
            // Either of the two may be the contact that is being created.
            round.finish(step.work, Kind.PARKED, view.targetId(), "the other direction is creating contacts");
            return;
        }
        if (view.targetId() == null) {
            round.append(
                    step.work, view.own().shut(State.GONE, step.work.place()).withIds(null, successor));
            round.finish(step.work, Kind.TOMBSTONED, null, "the record was deleted");
            return;
        }
        LinkView next = successor == null ? null : LinkView.of(ledger, owner, successor, null);
        if (next != null && (next.own().intent() != null || !next.othersOpen().isEmpty())) {
            round.finish(step.work, Kind.PARKED, view.targetId(), "the record that took its place is being written");
        } else if (next != null && next.targetId() == null) {
            step.intent = Intent.of(
                    Intent.Kind.MOVE,
                    UUID.randomUUID().toString(),
                    Map.of(),
                    step.image.version(),
                    0,
                    step.work.partition(),
                    step.work.place(),
                    successor);
            moves.add(step);
        } else {
            round.append(step.work, tombstone(step));
            round.finish(step.work, Kind.TOMBSTONED, view.targetId(), "the record was deleted");
        }
    }

    /** Hands links over, each under a lock: the record that takes the place may just be getting a link of its own. */
    void move(WriteDeadlines deadlines) {
        if (moves.isEmpty()) {
            return;
        }
        Deadline deadline = deadlines.begin();
        for (Step step : moves) {
            deadlines.recording(step.intent, deadline);
            round.append(step.work, step.view.own().withIntent(step.view.targetId(), step.intent));
        }
        try {
            round.flush();
            ledger.catchUp();
        } catch (RetriableException e) {
            round.withdrawAll(moves, e);
            throw e;
        }
        moves.forEach(this::settle);
        round.flush();
    }

    private void settle(Step step) {
        Ledger.Stored mine = ledger.get(step.view.own().key());
        if (mine.entry().by() != null
                && mine.entry().by() != step.work.partition().partition()) {
            // Another partition's task was faster with an image of this record: the request counts for nothing.
            round.retry(step.work);
            return;
        }
        Intent intent = mine.entry().intent();
        if (intent == null || !intent.id().equals(step.intent.id())) {
            throw new TakenOverException(step.work.partition(), null);
        }
        LinkView now = LinkView.of(ledger, owner, step.image.id(), null);
        LinkView next = LinkView.of(ledger, owner, intent.successor(), step.view.targetId());
        boolean granted = !now.behindAnother()
                && next.othersOpen().stream().noneMatch(other -> other < mine.position())
                && step.view.targetId().equals(now.targetId())
                && !now.tombstoned()
                && LinkView.of(ledger, owner, intent.successor(), null).targetId() == null;
        if (granted) {
            round.append(step.work, now.own().moved(now.targetId(), now.base(), intent.successor()));
            round.finish(step.work, Kind.MOVED, now.targetId(), "the record was merged into another one");
        } else {
            round.withdraw(step);
            round.retry(step.work);
        }
    }

    /**
     * A record whose former link has passed on keeps its tombstone, with the place of the last image that it was kept out with: an
     * earlier one, delivered once more, is handled before.
     */
    static void staysOut(Round round, Step step, LinkView view) {
        LedgerEntry former = view.former();
        boolean alive = !step.image.deleted();
        long version = alive ? step.image.version() : former.seen();
        if (former.seen() != version
                || former.differs() != alive
                || round.unfinished().contains(step.image.id())) {
            round.append(step.work, former.seen(version, alive).at(step.work.place()));
        }
    }

    /** The own entry once one of the two records is deleted, with the place of the image that told of it. */
    static LedgerEntry tombstone(Step step) {
        String source = step.image.sourceApp();
        String gone = step.image.deleted() ? source : source.equals("hubspot") ? "dynamics" : "hubspot";
        LedgerEntry entry = step.view.tombstone(gone).at(step.work.place());
        // What stands for the version of a deletion without one must not make a restored record look old.
        return step.image.deleted() ? entry : entry.seen(step.image.version(), true);
    }

    /** The winner of the merge, or the one that it was merged into in its turn. */
    private String successor(Image image) {
        String id = image.movedTo();
        Ledger.Stored next = id == null ? null : ledger.get(new LedgerEntry.Key(owner, id));
        return next == null || next.entry().movedTo() == null
                ? id
                : next.entry().movedTo();
    }

    /**
     * The other sink may have noticed the deletion first, but only this one knows the image after which a record is restored, and
     * what was edited meanwhile: that stays a difference, so that a replay of it after a restoration finds a trace of what came
     * later.
     */
    void remember(Step step) {
        LedgerEntry own = step.view.own();
        if (!step.image.deleted()) {
            if (step.image.version() > Math.max(own.seen(), step.view.agreedVersion())) {
                round.append(step.work, own.seen(step.image.version(), true));
            }
        } else if (own.state() != State.TOMBSTONED
                || step.isNewer() && !step.image.sourceApp().equals(own.gone())) {
            // A deletion that is told of once more, as by each search for deleted records, is no news.
            round.append(step.work, tombstone(step));
        }
    }

    /**
     * An image from before the deletion, delivered once more, does not tell of a restored record. The order in Kafka decides,
     * because a deletion need not have a version: Dynamics tells of none.
     */
    boolean mayBeRestored(Step step) {
        LedgerEntry own = step.view.own();
        return own.state() == State.TOMBSTONED && !step.image.deleted() && step.isNewer();
    }

    /** A link opens again once both records are alive. */
    void reopen(List<Step> tombstoned) {
        Map<String, TargetRecord> alive = round.read(
                tombstoned.stream().map(step -> step.view.targetId()).collect(Collectors.toSet()),
                round.fields(tombstoned));
        for (Step step : tombstoned) {
            LinkView view = step.view;
            if (alive.containsKey(view.targetId())) {
                round.append(
                        step.work,
                        view.own().linked(view.targetId(), view.own().base()).inLife(view.life() + 1));
                round.retry(step.work);
            } else {
                if (step.image.sourceApp().equals(view.own().gone())) {
                    // It is back itself: nobody may take its place any more.
                    long version = Math.max(step.image.version(), view.own().seen());
                    round.append(step.work, view.own().gone(owner).seen(version, true));
                } else {
                    remember(step);
                }
                round.finish(step.work, Kind.TOMBSTONED, view.targetId(), "it or its counterpart was deleted");
            }
        }
    }
}
