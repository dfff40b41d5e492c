package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Agreement;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LedgerEntry.State;
import io.github.crmsync.core.ledger.LinkView;
import io.github.crmsync.core.ledger.Place;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Steps 2 to 4 of the protocol: what the ledger alone decides. What it does not is sorted into three lists. */
final class Classification {
    private static final Set<State> SHUT = Set.of(State.DUPLICATE, State.GONE, State.EXCLUDED);
    /** Reason of a HubSpot contact that belongs to another sync, to which this one yields. */
    private static final String OTHER_SYNC = "other-sync";

    /** Reasons that keep an unlinked record out, and do not end a link. */
    private static final Set<String> UNLINKED_ONLY = Set.of("no-email", "filter-sticky", SyncHeaders.STANDS_BACK);

    private final Round round;
    private final Ledger ledger;
    private final String owner;
    private final Deletions deletions;
    private final Predicate<Work> again;
    final List<Step> linked = new ArrayList<>();
    final List<Step> unlinked = new ArrayList<>();
    /** Images of records that may have been restored. */
    final List<Step> restored = new ArrayList<>();

    /** @param again whether an image was decided on before with other settings */
    Classification(Round round, Ledger ledger, String owner, Deletions deletions, Predicate<Work> again) {
        this.round = round;
        this.ledger = ledger;
        this.owner = owner;
        this.deletions = deletions;
        this.again = again;
    }

    /** Steps 2 to 4: what the ledger alone decides. */
    void classify(Step step) {
        LinkView view = step.view;
        Image image = step.image;
        LedgerEntry own = view.own();
        if (!view.othersOpen().isEmpty()) {
            round.finish(step.work, Kind.PARKED, view.targetId(), "the other direction is writing this pair");
        } else if (own.movedTo() != null) {
            round.finish(step.work, Kind.STALE, view.targetId(), "another record has taken its place");
        } else if (view.tombstoned()) {
            if (deletions.mayBeRestored(step)) {
                restored.add(step);
            } else {
                deletions.remember(step);
                round.finish(step.work, Kind.TOMBSTONED, view.targetId(), "it or its counterpart was deleted");
            }
        } else if (SHUT.contains(own.state()) && step.handledBefore() && !linkedSince(step) && !isDecidedAnew(step)) {
            // Deletions as well: on a replay, an early one must not make a later image look new.
            round.finish(step.work, Kind.STALE, null, "handled before");
        } else if (image.deleted() && view.own().state() == State.LINKED && step.order() == Place.Order.BEFORE) {
            // In another log, or delivered once more: the record has been restored since.
            round.finish(step.work, Kind.STALE, view.targetId(), "handled before");
        } else if (image.deleted()) {
            deletions.decide(step, otherIsCreating());
        } else if (view.targetId() != null) {
            classifyLinked(step);
        } else if (exclusion(step) != null) {
            keepOut(round, step, exclusion(step));
        } else if (round.lacksEmail(image) && round.candidate(step) == null) {
            keepOut(round, step, "no-email");
        } else if (mayBeOurOwnCreate(image)) {
            round.finish(step.work, Kind.PARKED, null, "the other direction is creating this contact");
        } else {
            unlinked.add(step);
        }
    }

    /** With other settings the very image that kept a record out may let it in; a deleted one stays out. */
    private boolean isDecidedAnew(Step step) {
        LedgerEntry own = step.view.own();
        return own.state() != State.GONE
                && step.order() == Place.Order.SAME
                && !step.image.deleted()
                && again.test(step.work);
    }

    /** A record that was deleted while the other direction linked it stays deleted: only its deletion counts again. */
    private static boolean linkedSince(Step step) {
        return step.view.targetId() != null
                && (step.image.deleted() || step.view.own().state() != State.GONE);
    }

    /**
     * An image before this one must not create a counterpart when it is delivered once more: one that was never decided on, or
     * that was kept out for another reason and left no trace of its own.
     */
    static void keepOut(Round round, Step step, String reason) {
        if (step.view.passedOn()) {
            Deletions.staysOut(round, step, step.view);
            round.finish(step.work, Kind.EXCLUDED, null, reason);
            return;
        }
        State before = step.view.own().state();
        boolean otherReason = before == State.DUPLICATE || before == State.GONE;
        if (otherReason || round.unfinished().contains(step.image.id())) {
            round.append(step.work, step.view.own().shut(State.EXCLUDED, step.work.place()));
        }
        round.finish(step.work, Kind.EXCLUDED, null, reason);
    }

    private void classifyLinked(Step step) {
        LinkView view = step.view;
        LedgerEntry own = view.own();
        Image image = step.image;
        String exclusion = exclusion(step);
        if (isStale(step)) {
            round.finish(step.work, Kind.STALE, view.targetId(), "older than what was agreed");
        } else if (leavesScope(exclusion)) {
            if (!exclusion.equals(own.excluded()) || round.unfinished().contains(image.id())) {
                round.append(step.work, handled(step).excluded(exclusion));
            }
            round.finish(step.work, Kind.EXCLUDED, view.targetId(), exclusion);
        } else if (view.excludedElsewhere() != null) {
            boolean differs = own.differs() || !isAgreed(image, view);
            // Out of scope itself until now, each side would wait for the other one to come back first.
            boolean back = own.excluded() != null;
            if (back || round.unfinished().contains(image.id()) || differs && image.version() > own.seen()) {
                round.append(
                        step.work, handled(step).seen(image.version(), differs).excluded(null));
            }
            round.finish(step.work, Kind.EXCLUDED, view.targetId(), view.excludedElsewhere());
        } else if (own.excluded() == null
                && !own.differs()
                && !round.unfinished().contains(image.id())
                && image.stage() == null
                && isAgreed(image, view)
                && !image.policy().overwritesFrom(image.sourceApp())) {
            round.finish(step.work, Kind.UNCHANGED, view.targetId(), "as agreed");
        } else {
            linked.add(step);
        }
    }

    /** The own entry with the image's place: an older one, delivered once more, must not bring the record back into scope. */
    private static LedgerEntry handled(Step step) {
        LedgerEntry own = step.view.own();
        return own.linked(step.view.targetId(), own.base())
                .seen(step.image.version(), own.differs())
                .at(step.work.place());
    }

    /** HubSpot's versions are times in ms: of two images with one version the one that came later in the topic is newer. */
    private static boolean isStale(Step step) {
        long handled = step.handledVersion();
        long version = step.image.version();
        return version < handled || version == handled && step.order() == Place.Order.BEFORE;
    }

    /** Only an unlinked record needs an e-mail address; a sticky filter does not end a link. */
    private static boolean leavesScope(String exclusion) {
        return exclusion != null && !UNLINKED_ONLY.contains(exclusion);
    }

    /** Why the record takes no part; null if it does. */
    private String exclusion(Step step) {
        String hubspotId = owner.equals("hubspot") ? step.view.targetId() : step.image.id();
        return hubspotId != null && ledger.linkedByAnotherSync(hubspotId) ? OTHER_SYNC : step.image.excluded();
    }

    /** Rule N2: a linked image that equals the agreement needs no look at the target. */
    private boolean isAgreed(Image image, LinkView view) {
        boolean fromHubspot = image.sourceApp().equals("hubspot");
        return image.mapping().stream().allMatch(field -> {
            Agreement agreement = view.base().get(field.canonical(image.sourceApp()));
            return agreement != null
                    && image.fingerprint(field) == (fromHubspot ? agreement.hubspot() : agreement.dynamics());
        });
    }

    /**
     * Rule U3: a new HubSpot contact may be one that the other sink has just created. Its intent was in the ledger before
     * the contact existed; the link key tells which intent, and without one it may be any.
     */
    private boolean mayBeOurOwnCreate(Image image) {
        if (image.linkKey() != null) {
            return !LinkView.of(ledger, owner, image.id(), image.linkKey())
                    .othersOpen()
                    .isEmpty();
        }
        return otherIsCreating();
    }

    /** Whether a HubSpot contact may have been created whose link is not in the ledger yet. */
    boolean otherIsCreating() {
        return !owner.equals("hubspot")
                && ledger.open().stream()
                        .map(Ledger.Stored::entry)
                        .anyMatch(entry -> !entry.owner().equals(owner)
                                && entry.intent().kind().mayCreate());
    }
}
