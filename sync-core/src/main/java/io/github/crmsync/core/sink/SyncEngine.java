package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Agreement;
import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.Intent.Change;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LedgerEntry.State;
import io.github.crmsync.core.ledger.LinkView;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.core.sink.TargetClient.NewRecord;
import io.github.crmsync.core.sink.TargetClient.RecordChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.RetriableException;

/**
 * The sync protocol of one sink, a batch of images at a time: read ledger, read targets, decide, lock by intent, write, agree.
 *
 * <p>Single-threaded and without a clock of its own: it can be stepped by a test. Each image of a batch must belong to
 * another source record. A step that the target or the ledger cannot carry out throws; intents then stay open, and the next
 * call, here or in a restarted task, first finds out what became of them.
 */
public final class SyncEngine {
    /** Rounds after which a record that keeps moving is parked instead of tried again at once. */
    private static final int MAX_ROUNDS = 8;

    private final TargetClient client;
    private final Ledger ledger;
    private final BiConsumer<Work, Outcome> report;
    private final String owner;
    private final LoopBreaker loops;
    private final WriteCaps caps;
    private final GiveBack giveBack;
    private final Recovery recovery;

    /**
     * @param report called once for each decision that ends, or first parks, an image
     */
    public SyncEngine(TargetClient client, Ledger ledger, BiConsumer<Work, Outcome> report) {
        this(
                client,
                ledger,
                report,
                new LoopBreaker(0, 0, () -> 0),
                new WriteCaps(ledger, client.app(), 0, 1, 0, 0, () -> 0));
    }

    SyncEngine(
            TargetClient client, Ledger ledger, BiConsumer<Work, Outcome> report, LoopBreaker loops, WriteCaps caps) {
        this.loops = loops;
        this.caps = caps;
        this.client = client;
        this.ledger = ledger;
        this.report = report;
        this.owner = client.app();
        this.giveBack = new GiveBack(client);
        this.recovery = new Recovery(client, ledger, giveBack);
    }

    /** Closes all open intents whose image came from one of the partitions that this task holds now. */
    public void recover(java.util.function.Predicate<Intent> mine) {
        ledger.catchUp();
        List<LedgerEntry> open = ledger.open().stream()
                .map(Ledger.Stored::entry)
                .filter(entry -> entry.owner().equals(owner) && mine.test(entry.intent()))
                .toList();
        recovery.close(open);
    }

    /**
     * Carries out the protocol for a batch.
     *
     * @param unfinished source ids of which an image was parked before, or replaced by a newer one before it was handled: rule
     *     V3 remembers the version of the image that ends this
     */
    public Map<Work, Outcome> process(Collection<Work> batch, Set<String> unfinished) {
        Round round = new Round(unfinished);
        List<Work> pending = new ArrayList<>(batch);
        for (int i = 0; i < MAX_ROUNDS && !pending.isEmpty(); i++) {
            round.run(pending);
            pending = round.takeRetries();
        }
        for (Work work : pending) {
            round.finish(work, Kind.PARKED, null, "the record keeps changing");
        }
        return round.outcomes;
    }

    /** Number of the next agreement of the image's pair, as the ledger was last read. */
    public long nextAgreement(Work work) {
        return LinkView.of(ledger, owner, work.image().id(), null).nextSeq();
    }

    /** An image on its way through one round. */
    private static final class Step {
        final Work work;
        final Image image;
        LinkView view;
        TargetRecord target;
        FieldPlan plan;
        NewRecord creation;
        TargetRecord stored;

        Step(Work work) {
            this.work = work;
            this.image = work.image();
        }
    }

    private final class Round {
        final Map<Work, Outcome> outcomes = new LinkedHashMap<>();
        private final Set<String> unfinished;
        private final Set<Work> retries = new LinkedHashSet<>();
        private final Map<Work, Set<String>> skipped = new HashMap<>();
        private final Map<Work, String> hints = new HashMap<>();
        private final List<LedgerEntry> appends = new ArrayList<>();
        private Map<String, Object> emailsInHand = Map.of();
        /** Ids that take part in a merge of which the ledger does not know yet. */
        private final Set<String> merging = new HashSet<>();

        private int created;
        private int updated;

        Round(Set<String> unfinished) {
            this.unfinished = unfinished;
        }

        List<Work> takeRetries() {
            List<Work> result = new ArrayList<>(retries);
            retries.clear();
            return result;
        }

        void run(List<Work> pending) {
            merging.clear();
            ledger.catchUp();
            recovery.close(pending.stream()
                    .map(work ->
                            ledger.get(new LedgerEntry.Key(owner, work.image().id())))
                    .filter(stored -> stored != null && stored.entry().intent() != null)
                    .map(Ledger.Stored::entry)
                    .toList());
            List<Step> linked = new ArrayList<>();
            List<Step> unlinked = new ArrayList<>();
            List<Step> tombstoned = new ArrayList<>();
            for (Work work : pending) {
                Step step = new Step(work);
                step.view = LinkView.of(ledger, owner, step.image.id(), null);
                classify(step, linked, unlinked, tombstoned);
            }
            reopen(tombstoned);
            flush();
            List<Step> plans = new ArrayList<>();
            plans.addAll(planLinked(linked));
            plans.addAll(planUnlinked(unlinked));
            flush();
            carryOut(lock(plans));
        }

        /** Steps 2 to 4: what the ledger alone decides. */
        private void classify(Step step, List<Step> linked, List<Step> unlinked, List<Step> tombstoned) {
            LinkView view = step.view;
            Image image = step.image;
            LedgerEntry own = view.own();
            if (!view.othersOpen().isEmpty()) {
                finish(step.work, Kind.PARKED, view.targetId(), "the other direction is writing this pair");
            } else if (own.movedTo() != null) {
                finish(step.work, Kind.STALE, view.targetId(), "another record has taken its place");
            } else if (view.tombstoned()) {
                if (mayBeRestored(step)) {
                    tombstoned.add(step);
                } else {
                    rememberDeletion(step);
                    finish(step.work, Kind.TOMBSTONED, view.targetId(), "it or its counterpart was deleted");
                }
            } else if (image.deleted()) {
                classifyDeleted(step);
            } else if (view.targetId() != null) {
                classifyLinked(step, linked);
            } else if (image.excluded() != null) {
                finish(step.work, Kind.EXCLUDED, null, image.excluded());
            } else if ((own.state() == State.DUPLICATE || own.state() == State.GONE)
                    && own.offset() >= step.work.offset()) {
                finish(step.work, Kind.STALE, null, "handled before");
            } else if (image.email() == null && image.linkKey() == null && hints.get(step.work) == null) {
                finish(step.work, Kind.EXCLUDED, null, "no-email");
            } else if (mayBeOurOwnCreate(image)) {
                finish(step.work, Kind.PARKED, null, "the other direction is creating this contact");
            } else {
                unlinked.add(step);
            }
        }

        /** A merged record hands its link to the one that took its place, unless that one has a link already. */
        private void classifyDeleted(Step step) {
            LinkView view = step.view;
            String successor = successor(step.image);
            if (successor != null && (merging.contains(step.image.id()) || merging.contains(successor))) {
                // Another link of the same chain comes first.
                retries.add(step.work);
                return;
            }
            if (successor != null) {
                merging.addAll(List.of(step.image.id(), successor));
            }
            if (successor != null && otherIsCreating()) {
                // Either of the two may be the contact that is being created.
                finish(step.work, Kind.PARKED, view.targetId(), "the other direction is creating contacts");
                return;
            }
            if (view.targetId() == null) {
                appends.add(view.own().shut(State.GONE, step.work.offset()).withIds(null, successor));
                finish(step.work, Kind.TOMBSTONED, null, "the record was deleted");
                return;
            }
            LinkView next = successor == null ? null : LinkView.of(ledger, owner, successor, null);
            if (next != null
                    && (next.own().intent() != null || !next.othersOpen().isEmpty())) {
                finish(step.work, Kind.PARKED, view.targetId(), "the record that took its place is being written");
            } else if (next != null && next.targetId() == null) {
                appends.add(view.own().moved(view.targetId(), view.base(), successor));
                finish(step.work, Kind.MOVED, view.targetId(), "the record was merged into another one");
            } else {
                appends.add(
                        view.tombstone().seen(step.image.version(), view.own().differs()));
                finish(step.work, Kind.TOMBSTONED, view.targetId(), "the record was deleted");
            }
        }

        /** The winner of the merge, or the one that it was merged into in its turn. */
        private String successor(Image image) {
            String id = image.movedTo();
            Ledger.Stored next = id == null ? null : ledger.get(new LedgerEntry.Key(owner, id));
            return next == null || next.entry().movedTo() == null
                    ? id
                    : next.entry().movedTo();
        }

        /** The other sink may have noticed it first, but only this one knows the version after which a record is restored. */
        private void rememberDeletion(Step step) {
            LedgerEntry own = step.view.own();
            if (step.image.deleted() && step.image.version() > own.seen()) {
                appends.add(step.view.tombstone().seen(step.image.version(), own.differs()));
            }
        }

        /** An image from before the deletion, delivered once more, does not tell of a restored record. */
        private boolean mayBeRestored(Step step) {
            LedgerEntry own = step.view.own();
            return own.state() == State.TOMBSTONED && !step.image.deleted() && step.image.version() >= own.seen();
        }

        /** A link opens again once both records are alive. */
        private void reopen(List<Step> tombstoned) {
            Map<String, TargetRecord> alive = read(
                    tombstoned.stream().map(step -> step.view.targetId()).collect(Collectors.toSet()),
                    fields(tombstoned));
            for (Step step : tombstoned) {
                LinkView view = step.view;
                if (alive.containsKey(view.targetId())) {
                    appends.add(view.own()
                            .linked(view.targetId(), view.own().base())
                            .inLife(view.life() + 1));
                    retries.add(step.work);
                } else {
                    finish(step.work, Kind.TOMBSTONED, view.targetId(), "it or its counterpart was deleted");
                }
            }
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
        private boolean otherIsCreating() {
            return !owner.equals("hubspot")
                    && ledger.open().stream()
                            .map(Ledger.Stored::entry)
                            .anyMatch(entry -> !entry.owner().equals(owner)
                                    && entry.intent().kind() == Intent.Kind.CREATE);
        }

        private void classifyLinked(Step step, List<Step> linked) {
            LinkView view = step.view;
            LedgerEntry own = view.own();
            Image image = step.image;
            if (isStale(step)) {
                finish(step.work, Kind.STALE, view.targetId(), "older than what was agreed");
            } else if (leavesScope(image)) {
                if (!image.excluded().equals(own.excluded())) {
                    appends.add(own.linked(view.targetId(), own.base()).excluded(image.excluded()));
                }
                finish(step.work, Kind.EXCLUDED, view.targetId(), image.excluded());
            } else if (view.excludedElsewhere() != null) {
                finish(step.work, Kind.EXCLUDED, view.targetId(), view.excludedElsewhere());
            } else if (own.excluded() == null
                    && !own.differs()
                    && !unfinished.contains(image.id())
                    && isAgreed(image, view)) {
                finish(step.work, Kind.UNCHANGED, view.targetId(), "as agreed");
            } else {
                linked.add(step);
            }
        }

        /** HubSpot's versions are times in ms: of two images with one version the one that came later in the topic is newer. */
        private boolean isStale(Step step) {
            LedgerEntry own = step.view.own();
            long handled = Math.max(step.view.agreedVersion(), own.seen());
            long version = step.image.version();
            return version < handled || version == handled && step.work.offset() < own.offset();
        }

        /** Only an unlinked record needs an e-mail address; a sticky filter does not end a link. */
        private boolean leavesScope(Image image) {
            return image.excluded() != null
                    && !image.excluded().equals("no-email")
                    && !image.excluded().equals("filter-sticky");
        }

        /** Rule N2: a linked image that equals the agreement needs no look at the target. */
        private boolean isAgreed(Image image, LinkView view) {
            boolean fromHubspot = image.sourceApp().equals("hubspot");
            return image.stage() == null
                    && image.mapping().stream().allMatch(field -> {
                        Agreement agreement = view.base().get(field.canonical(image.sourceApp()));
                        return agreement != null
                                && image.fingerprint(field)
                                        == (fromHubspot ? agreement.hubspot() : agreement.dynamics());
                    });
        }

        /** Steps 5 and 6 for linked records. */
        private List<Step> planLinked(List<Step> steps) {
            List<Step> plans = new ArrayList<>();
            if (steps.isEmpty()) {
                return plans;
            }
            Map<String, TargetRecord> targets =
                    read(steps.stream().map(step -> step.view.targetId()).collect(Collectors.toSet()), fields(steps));
            for (Step step : steps) {
                step.target = targets.get(step.view.targetId());
                if (step.target == null) {
                    appends.add(step.view
                            .tombstone()
                            .seen(step.image.version(), step.view.own().differs()));
                    finish(step.work, Kind.TOMBSTONED, step.view.targetId(), "its counterpart was deleted");
                } else {
                    plan(step, step.view.base());
                    if (step.plan.isEmpty()) {
                        rememberSeen(step);
                        finishDecided(step, Kind.UNCHANGED);
                    } else {
                        plans.add(step);
                    }
                }
            }
            return plans;
        }

        private void plan(Step step, Map<String, Agreement> base) {
            step.plan = FieldPlan.of(step.image, step.target, base, client, skipped(step.work));
            Set<String> stopped =
                    loops.stopped(step.target.id(), step.plan.writes().keySet());
            if (!stopped.isEmpty()) {
                skipped.computeIfAbsent(step.work, w -> new HashSet<>()).addAll(stopped);
                step.plan = FieldPlan.of(step.image, step.target, base, client, skipped(step.work));
                report.accept(
                        step.work,
                        new Outcome(Kind.STOPPED, step.target.id(), stopped, Map.of(), "both apps keep rewriting it"));
            }
        }

        /**
         * Rule V3: a decision without an agreement leaves no other trace that its image is old. A record that is back in scope
         * leaves one as well, or the other direction would stay shut.
         */
        private void rememberSeen(Step step) {
            LedgerEntry own = step.view.own();
            boolean due = step.plan.unsettled() || unfinished.contains(step.image.id()) || own.differs();
            boolean back = own.excluded() != null;
            if (back || due && step.image.version() > own.seen()) {
                appends.add(own.linked(step.view.targetId(), own.base())
                        .seen(step.image.version(), step.plan.differs())
                        .at(step.work.offset())
                        .excluded(null));
            }
        }

        /** Rules U3 to U7: match by link property, else by e-mail, else create. */
        private List<Step> planUnlinked(List<Step> steps) {
            List<Step> plans = new ArrayList<>();
            if (steps.isEmpty()) {
                return plans;
            }
            Map<String, TargetRecord> byId = read(
                    steps.stream()
                            .map(this::knownCandidate)
                            .filter(id -> id != null)
                            .collect(Collectors.toSet()),
                    fields(steps));
            Set<String> emails = steps.stream()
                    .filter(step -> step.image.email() != null
                            && (knownCandidate(step) == null || !byId.containsKey(knownCandidate(step))))
                    .map(step -> step.image.email())
                    .collect(Collectors.toSet());
            Map<String, List<TargetRecord>> byEmail = new HashMap<>();
            if (!emails.isEmpty()) {
                client.findByEmail(emails, fields(steps))
                        .forEach(found -> found.emails()
                                .forEach(email -> byEmail.computeIfAbsent(email, e -> new ArrayList<>())
                                        .add(found)));
            }
            // The second look at the ledger: a candidate may have been linked to this very record meanwhile.
            ledger.catchUp();
            emailsInHand = new HashMap<>();
            for (Step step : steps) {
                String known = knownCandidate(step);
                List<TargetRecord> candidates = known != null && byId.containsKey(known)
                        ? List.of(byId.get(known))
                        : byEmail.getOrDefault(step.image.email(), List.of());
                match(step, candidates, plans);
            }
            return plans;
        }

        private String knownCandidate(Step step) {
            return hints.getOrDefault(step.work, step.image.linkKey());
        }

        private void match(Step step, List<TargetRecord> candidates, List<Step> plans) {
            LinkView now = LinkView.of(ledger, owner, step.image.id(), null);
            if (now.targetId() != null || !now.othersOpen().isEmpty()) {
                retries.add(step.work);
                return;
            }
            if (!candidates.isEmpty() && anotherIsBeingCreated(step)) {
                finish(step.work, Kind.PARKED, null, "another task is creating a record with this e-mail");
                return;
            }
            List<TargetRecord> free = candidates.stream()
                    .filter(candidate -> !LinkView.taken(ledger, owner, candidate.id()))
                    .filter(candidate ->
                            candidate.linkKey() == null || candidate.linkKey().equals(step.image.id()))
                    .sorted(Comparator.comparingLong(TargetRecord::created).thenComparing(TargetRecord::id))
                    .toList();
            if (!candidates.isEmpty() && free.isEmpty()) {
                appends.add(now.own().shut(State.DUPLICATE, step.work.offset()));
                finish(step.work, Kind.DUPLICATE, candidates.get(0).id(), "another record with this e-mail is linked");
            } else if (step.image.email() != null && emailsInHand.putIfAbsent(step.image.email(), step) != null) {
                retries.add(step.work);
            } else if (!free.isEmpty()) {
                step.target = free.get(0);
                step.view = LinkView.of(ledger, owner, step.image.id(), step.target.id());
                if (step.view.othersOpen().isEmpty()) {
                    plan(step, Map.of());
                    plans.add(step);
                } else {
                    finish(step.work, Kind.PARKED, step.target.id(), "the other direction is linking this record");
                }
            } else if (step.image.email() == null) {
                finish(step.work, Kind.EXCLUDED, null, "no-email");
            } else if (step.image.linkKey() != null) {
                // It was linked once, before the ledger began; what was deleted is not created again.
                appends.add(now.own().shut(State.GONE, step.work.offset()));
                finish(
                        step.work,
                        Kind.TOMBSTONED,
                        step.image.linkKey(),
                        "its link property names a record that is gone");
            } else {
                step.view = LinkView.of(ledger, owner, step.image.id(), client.chosenId(step.image.id()));
                step.creation = creation(step);
                plans.add(step);
            }
        }

        /** A record that was found by its address may be one that another task of this sink has just made for a duplicate. */
        private boolean anotherIsBeingCreated(Step step) {
            Set<Long> address = step.image.mapping().stream()
                    .filter(field -> isEmail(step.image, step.image.values().get(field.target())))
                    .map(field -> client.fingerprint(
                            field.target(), step.image.values().get(field.target())))
                    .collect(Collectors.toSet());
            return ledger.open().stream()
                    .map(Ledger.Stored::entry)
                    .filter(entry -> entry.owner().equals(owner)
                            && !entry.sourceId().equals(step.image.id())
                            && entry.intent().kind() == Intent.Kind.CREATE)
                    .anyMatch(entry -> entry.intent().changes().values().stream()
                            .anyMatch(change -> address.contains(change.after())));
        }

        private static boolean isEmail(Image image, Object value) {
            return value != null && value.toString().strip().equalsIgnoreCase(image.email());
        }

        private NewRecord creation(Step step) {
            Image image = step.image;
            Map<String, Object> values = new LinkedHashMap<>();
            for (MappedField field : image.mapping()) {
                Object value = image.values().get(field.target());
                if (client.fingerprint(field.target(), value) != 0) {
                    values.put(field.target(), value);
                }
            }
            image.onCreate().forEach(values::putIfAbsent);
            values.keySet().removeAll(skipped(step.work));
            return new NewRecord(image.id(), image.email(), values);
        }

        /** Fields that the app has refused in this batch. */
        private Set<String> skipped(Work work) {
            return skipped.getOrDefault(work, Set.of());
        }

        /** Steps 7 to 9: intents as lock requests, second look at the ledger, second look at the target. */
        private List<Step> lock(List<Step> plans) {
            if (plans.isEmpty()) {
                return plans;
            }
            int creations =
                    (int) plans.stream().filter(step -> step.creation != null).count();
            int updates = (int) plans.stream()
                    .filter(step -> step.creation == null && !step.plan.writes().isEmpty())
                    .count();
            caps.check(creations, updates);
            for (Step step : plans) {
                appends.add(step.view.own().withIntent(intendedId(step), intent(step)));
            }
            flush();
            ledger.catchUp();
            List<Step> granted = new ArrayList<>();
            for (Step step : plans) {
                LinkView now = view(step);
                if (now.grants(step.view)) {
                    granted.add(step);
                } else {
                    withdraw(step);
                    retries.add(step.work);
                }
            }
            try {
                return unmoved(granted);
            } catch (RetriableException e) {
                // Nothing was sent: recovery need not guess.
                granted.forEach(this::withdraw);
                flush();
                throw e;
            }
        }

        private LinkView view(Step step) {
            return LinkView.of(ledger, owner, step.image.id(), intendedId(step));
        }

        /** The record that is about to be written; for a creation null where the app gives out ids itself. */
        private String intendedId(Step step) {
            return step.target == null ? client.chosenId(step.image.id()) : step.target.id();
        }

        private Intent intent(Step step) {
            Image image = step.image;
            Intent.Kind kind = step.creation != null
                    ? Intent.Kind.CREATE
                    : step.view.targetId() != null ? Intent.Kind.WRITE : Intent.Kind.LINK;
            Map<String, Change> changes = step.creation == null ? step.plan.changes() : createdChanges(step);
            return new Intent(
                    kind,
                    UUID.randomUUID().toString(),
                    changes,
                    image.version(),
                    step.target == null ? 0 : step.target.version(),
                    step.work.partition().topic(),
                    step.work.partition().partition());
        }

        private Map<String, Change> createdChanges(Step step) {
            Image image = step.image;
            Map<String, Change> changes = new LinkedHashMap<>();
            for (MappedField field : image.mapping()) {
                if (skipped(step.work).contains(field.target())) {
                    continue;
                }
                long after = client.fingerprint(field.target(), image.values().get(field.target()));
                changes.put(field.canonical(image.sourceApp()), new Change(image.fingerprint(field), after, 0));
            }
            return changes;
        }

        /** Step 9: without a conditional write, or without any write, the target must still be as it was read. */
        private List<Step> unmoved(List<Step> granted) {
            List<Step> check = granted.stream()
                    .filter(step -> step.creation == null
                            && (!client.conditionalWrites()
                                    || step.plan.writes().isEmpty()))
                    .toList();
            if (check.isEmpty()) {
                return granted;
            }
            Map<String, TargetRecord> again =
                    read(check.stream().map(step -> step.target.id()).collect(Collectors.toSet()), fields(check));
            Set<Step> moved = new HashSet<>();
            for (Step step : check) {
                TargetRecord now = again.get(step.target.id());
                // Values count as well: two changes of a HubSpot contact in one millisecond share a version.
                if (now == null
                        || now.version() != step.target.version()
                        || !now.values().equals(step.target.values())) {
                    withdraw(step);
                    retries.add(step.work);
                    moved.add(step);
                }
            }
            return granted.stream().filter(step -> !moved.contains(step)).toList();
        }

        /** Steps 10 to 12: write, then agree. */
        private void carryOut(List<Step> steps) {
            List<Step> creations =
                    steps.stream().filter(step -> step.creation != null).toList();
            List<Step> updates = steps.stream()
                    .filter(step -> step.creation == null && !step.plan.writes().isEmpty())
                    .toList();
            steps.stream()
                    .filter(step -> step.creation == null && step.plan.writes().isEmpty())
                    .forEach(step -> agree(step, step.target));
            if (!creations.isEmpty()) {
                List<WriteOutcome> outcomes = client.create(
                        creations.stream().map(step -> step.creation).toList());
                for (int i = 0; i < outcomes.size(); i++) {
                    settle(creations.get(i), outcomes.get(i));
                }
            }
            if (!updates.isEmpty()) {
                List<WriteOutcome> outcomes = client.update(updates.stream()
                        .map(step -> new RecordChange(step.target.id(), step.target.etag(), step.plan.writes()))
                        .toList());
                settleUpdates(updates, outcomes);
            }
            if (caps.counts(created, updated)) {
                appends.add(caps.counted(created, updated));
                created = 0;
                updated = 0;
            }
            flush();
        }

        private void settleUpdates(List<Step> updates, List<WriteOutcome> outcomes) {
            List<Step> written = new ArrayList<>();
            List<GiveBack.Slip> slips = new ArrayList<>();
            for (int i = 0; i < outcomes.size(); i++) {
                Step step = updates.get(i);
                if (outcomes.get(i) instanceof WriteOutcome.Written answer) {
                    step.stored = answer.stored();
                    written.add(step);
                    slips.add(giveBack.slip(answer.stored(), answer.overwritten(), step.plan.changes()));
                } else {
                    settle(step, outcomes.get(i));
                }
            }
            List<GiveBack.Slip> restored = giveBack.restore(slips);
            for (int i = 0; i < restored.size(); i++) {
                if (restored.get(i).open()) {
                    // The intent stays open: recovery gives back what is still missing.
                    finish(written.get(i).work, Kind.PARKED, null, "an overwritten value cannot be given back now");
                } else {
                    agree(written.get(i), written.get(i).stored);
                }
            }
        }

        private void settle(Step step, WriteOutcome outcome) {
            if (outcome instanceof WriteOutcome.Written written) {
                agree(step, written.stored());
            } else if (outcome instanceof WriteOutcome.Ambiguous ambiguous) {
                // The intent stays open: recovery asks the target before anything else happens to this pair.
                finish(step.work, Kind.PARKED, null, ambiguous.message());
            } else {
                withdraw(step);
                if (outcome instanceof WriteOutcome.Conflict conflict) {
                    settleConflict(step, conflict);
                } else if (outcome instanceof WriteOutcome.Refused refused) {
                    goOnWithout(step, refused.fields(), refused.message());
                } else if (outcome instanceof WriteOutcome.TryLater later) {
                    finish(step.work, Kind.PARKED, targetId(step), later.message());
                } else {
                    retries.add(step.work);
                }
            }
        }

        private void settleConflict(Step step, WriteOutcome.Conflict conflict) {
            if (step.creation != null) {
                if (conflict.existingId() != null) {
                    hints.put(step.work, conflict.existingId());
                }
                retries.add(step.work);
                return;
            }
            // Another record owns the address: the other fields are written without it.
            goOnWithout(
                    step,
                    step.plan.writes().entrySet().stream()
                            .filter(write -> String.valueOf(write.getValue()).contains("@"))
                            .map(Map.Entry::getKey)
                            .collect(Collectors.toSet()),
                    conflict.message());
        }

        /** One field that the app does not take never holds back the others of its record. */
        private void goOnWithout(Step step, Set<String> fields, String message) {
            Set<String> sent = step.creation != null
                    ? step.creation.values().keySet()
                    : step.plan.writes().keySet();
            Set<String> refused = fields.stream().filter(sent::contains).collect(Collectors.toSet());
            if (!refused.isEmpty()
                    && !identifies(step, refused)
                    && skipped.computeIfAbsent(step.work, w -> new HashSet<>()).addAll(refused)) {
                report.accept(step.work, new Outcome(Kind.FAILED, targetId(step), refused, Map.of(), message));
                retries.add(step.work);
            } else {
                finish(step.work, Kind.FAILED, targetId(step), message);
            }
        }

        /** Without its e-mail address a new record could not be told from others. */
        private boolean identifies(Step step, Set<String> fields) {
            return step.creation != null
                    && fields.stream()
                            .anyMatch(field ->
                                    isEmail(step.image, step.creation.values().get(field)));
        }

        private String targetId(Step step) {
            return step.target == null ? null : step.target.id();
        }

        private void agree(Step step, TargetRecord stored) {
            Image image = step.image;
            boolean fromHubspot = image.sourceApp().equals("hubspot");
            Map<String, Agreement> base = new HashMap<>(step.view.own().base());
            Map<String, Change> changes = step.creation == null ? step.plan.changes() : createdChanges(step);
            for (MappedField field : image.mapping()) {
                String name = field.canonical(image.sourceApp());
                Change change = changes.get(name);
                if (change != null) {
                    long target = change.writes() && stored.values().containsKey(field.target())
                            ? client.fingerprint(field.target(), stored.values().get(field.target()))
                            : change.after();
                    base.put(
                            name,
                            agreement(
                                    fromHubspot,
                                    change.source(),
                                    target,
                                    step.view.nextSeq(),
                                    image.version(),
                                    stored.version()));
                }
            }
            LedgerEntry closed = step.view
                    .own()
                    .linked(stored.id(), base)
                    .at(step.work.offset())
                    .excluded(null);
            if (step.plan != null) {
                closed = closed.seen(image.version(), step.plan.differs());
            }
            appends.add(closed);
            step.target = stored;
            if (step.creation != null) {
                created++;
            } else if (!step.plan.writes().isEmpty()) {
                updated++;
                loops.written(stored.id(), step.plan.writes().keySet());
            }
            if (step.creation != null) {
                finish(step.work, Kind.CREATED, stored.id(), null);
            } else {
                finishDecided(step, step.plan.writes().isEmpty() ? Kind.UNCHANGED : Kind.UPDATED);
            }
        }

        private void finishDecided(Step step, Kind kind) {
            FieldPlan plan = step.plan;
            Kind result = !plan.won().isEmpty()
                    ? Kind.PARKED_CONFLICT
                    : kind == Kind.UNCHANGED && !plan.held().isEmpty() ? Kind.HELD : kind;
            Set<String> fields =
                    !plan.won().isEmpty() ? plan.won() : plan.changes().keySet();
            outcome(step.work, new Outcome(result, step.target.id(), Set.copyOf(fields), plan.conflicts(), null));
        }

        private void withdraw(Step step) {
            appends.add(step.view.own().withdrawn());
        }

        private void finish(Work work, Kind kind, String targetId, String detail) {
            outcome(work, Outcome.of(kind, targetId, detail));
        }

        private void outcome(Work work, Outcome outcome) {
            outcomes.put(work, outcome);
            retries.remove(work);
            if (!(outcome.kind().parked() && unfinished.contains(work.image().id()))) {
                report.accept(work, outcome);
            }
        }

        private Map<String, TargetRecord> read(Set<String> ids, Set<String> fields) {
            return ids.isEmpty() ? new HashMap<>() : client.read(ids, fields);
        }

        private Set<String> fields(List<Step> steps) {
            Set<String> fields = new LinkedHashSet<>();
            for (Step step : steps) {
                step.image.mapping().forEach(field -> fields.add(field.target()));
                if (step.image.stage() != null) {
                    fields.add(step.image.stage().field());
                }
            }
            return fields;
        }

        private void flush() {
            if (!appends.isEmpty()) {
                ledger.append(List.copyOf(appends));
                appends.clear();
            }
        }
    }

    static Agreement agreement(
            boolean fromHubspot, long source, long target, long seq, long sourceVersion, long targetVersion) {
        return fromHubspot
                ? new Agreement(source, target, seq, sourceVersion, targetVersion)
                : new Agreement(target, source, seq, targetVersion, sourceVersion);
    }
}
