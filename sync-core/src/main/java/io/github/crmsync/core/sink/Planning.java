package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Agreement;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LedgerEntry.State;
import io.github.crmsync.core.ledger.LinkView;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.core.sink.TargetClient.NewRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Steps 5 and 6 of the protocol: reads the targets and decides every field; matches or creates what is not linked. */
final class Planning {
    private final Round round;
    private final TargetClient client;
    private final Ledger ledger;
    private final String owner;
    private final LoopBreaker loops;
    private Map<String, Object> emailsInHand = Map.of();

    Planning(Round round, TargetClient client, Ledger ledger, LoopBreaker loops) {
        this.round = round;
        this.client = client;
        this.ledger = ledger;
        this.owner = client.app();
        this.loops = loops;
    }

    /** Steps 5 and 6 for linked records. */
    List<Step> planLinked(List<Step> steps) {
        List<Step> plans = new ArrayList<>();
        if (steps.isEmpty()) {
            return plans;
        }
        Map<String, TargetRecord> targets = round.read(
                steps.stream().map(step -> step.view.targetId()).collect(Collectors.toSet()), round.fields(steps));
        for (Step step : steps) {
            step.target = targets.get(step.view.targetId());
            if (step.target == null) {
                round.append(step.work, Deletions.tombstone(step));
                round.finish(step.work, Kind.TOMBSTONED, step.view.targetId(), "its counterpart was deleted");
            } else {
                plan(step, step.view.base());
                if (step.plan.isEmpty()) {
                    rememberSeen(step);
                    round.finish(step, Kind.UNCHANGED);
                } else {
                    plans.add(step);
                }
            }
        }
        return plans;
    }

    private void plan(Step step, Map<String, Agreement> base) {
        step.plan = FieldPlan.of(step.image, step.target, base, client, round.skipped(step.work));
        Set<String> stopped = loops.stopped(step.target.id(), step.plan.writes().keySet());
        if (!stopped.isEmpty()) {
            round.skip(step.work, LeftOut.stopped(stopped));
            step.plan = FieldPlan.of(step.image, step.target, base, client, round.skipped(step.work));
        }
    }

    /**
     * Rule V3: a decision without an agreement leaves no other trace that its image is old. A record that is back in scope
     * leaves one as well, or the other direction would stay shut.
     */
    private void rememberSeen(Step step) {
        LedgerEntry own = step.view.own();
        // A stage is no part of what was agreed.
        boolean newStage = step.image.stage() != null && step.image.version() > step.view.agreedVersion();
        boolean due =
                step.plan.unsettled() || newStage || round.unfinished().contains(step.image.id()) || own.differs();
        boolean back = own.excluded() != null;
        if (back || due && step.image.version() > own.seen()) {
            round.append(
                    step.work,
                    own.linked(step.view.targetId(), own.base())
                            .seen(step.image.version(), step.plan.differs())
                            .at(step.work.place())
                            .excluded(null));
        }
    }

    /** Rules U3 to U7: match by link property, else by e-mail, else create. */
    List<Step> planUnlinked(List<Step> steps) {
        List<Step> plans = new ArrayList<>();
        if (steps.isEmpty()) {
            return plans;
        }
        Map<String, TargetRecord> byId = round.read(
                steps.stream().map(round::candidate).filter(id -> id != null).collect(Collectors.toSet()),
                round.fields(steps));
        Set<String> emails = steps.stream()
                .filter(step -> step.image.email() != null
                        && (round.candidate(step) == null || !byId.containsKey(round.candidate(step))))
                .map(step -> step.image.email())
                .collect(Collectors.toSet());
        Map<String, List<TargetRecord>> byEmail = new HashMap<>();
        if (!emails.isEmpty()) {
            client.findByEmail(emails, round.fields(steps))
                    .forEach(found -> found.emails()
                            .forEach(email -> byEmail.computeIfAbsent(email, e -> new ArrayList<>())
                                    .add(found)));
        }
        // The second look at the ledger: a candidate may have been linked to this very record meanwhile.
        ledger.catchUp();
        emailsInHand = new HashMap<>();
        for (Step step : steps) {
            String known = round.candidate(step);
            List<TargetRecord> candidates = known != null && byId.containsKey(known)
                    ? List.of(byId.get(known))
                    : byEmail.getOrDefault(step.image.email(), List.of());
            match(step, candidates, plans);
        }
        return plans;
    }

    private void match(Step step, List<TargetRecord> candidates, List<Step> plans) {
        LinkView now = LinkView.of(ledger, owner, step.image.id(), null);
        if (now.targetId() != null || !now.othersOpen().isEmpty()) {
            round.retry(step.work);
            return;
        }
        if (!candidates.isEmpty() && anotherIsBeingCreated(step)) {
            round.finish(step.work, Kind.PARKED, null, "another task is creating a record with this e-mail");
            return;
        }
        Map<String, String> deletedPartners = new HashMap<>();
        for (TargetRecord candidate : candidates) {
            deletedPartners.put(candidate.id(), LinkView.deletedPartner(ledger, owner, candidate.id()));
        }
        List<TargetRecord> free = candidates.stream()
                .filter(candidate ->
                        deletedPartners.get(candidate.id()) != null || !LinkView.taken(ledger, owner, candidate.id()))
                .filter(candidate -> !owner.equals("hubspot") || !ledger.linkedByAnotherSync(candidate.id()))
                // The link property goes on naming the record that was deleted.
                .filter(candidate -> candidate.linkKey() == null
                        || candidate.linkKey().equals(step.image.id())
                        || deletedPartners.get(candidate.id()) != null)
                .sorted(Comparator.comparing(TargetRecord::standsBack)
                        .thenComparingLong(TargetRecord::created)
                        .thenComparing(TargetRecord::id))
                .toList();
        if (!candidates.isEmpty() && free.isEmpty()) {
            shut(step, now, State.DUPLICATE);
            round.finish(
                    step.work, Kind.DUPLICATE, candidates.get(0).id(), "another record with this e-mail is linked");
        } else if (step.image.email() != null && emailsInHand.putIfAbsent(step.image.email(), step) != null) {
            round.retry(step.work);
        } else if (!free.isEmpty()) {
            step.target = free.get(0);
            step.replaces = deletedPartners.get(step.target.id());
            step.view = LinkView.of(ledger, owner, step.image.id(), step.target.id());
            if (step.view.othersOpen().isEmpty()) {
                plan(step, Map.of());
                plans.add(step);
            } else {
                round.finish(step.work, Kind.PARKED, step.target.id(), "the other direction is linking this record");
            }
        } else if (round.lacksEmail(step.image)) {
            Classification.keepOut(round, step, "no-email");
        } else if (step.image.linkKey() != null) {
            // It was linked once, before the ledger began; what was deleted is not created again.
            shut(step, now, State.GONE);
            round.finish(
                    step.work, Kind.TOMBSTONED, step.image.linkKey(), "its link property names a record that is gone");
        } else {
            create(step, now, plans);
        }
    }

    /**
     * Keeps the record out. A sweep reads it again, because its counterpart may be free by then, and leaves the ledger as it is
     * while the image is the same: whatever comes later is recorded behind the first one of its version.
     */
    private void shut(Step step, LinkView now, State state) {
        LedgerEntry own = now.own();
        long version = step.image.version();
        if (now.passedOn()) {
            Deletions.staysOut(round, step, now);
            return;
        }
        if (own.state() != state || own.seen() != version || round.unfinished().contains(step.image.id())) {
            round.append(step.work, own.shut(state, step.work.place()).seen(version, true));
        }
    }

    private void create(Step step, LinkView now, List<Step> plans) {
        if (lostItsAddress(step)) {
            round.finish(
                    step.work, Kind.FAILED, null, "without its e-mail address a new record cannot be told from others");
            return;
        }
        if (now.passedOn()) {
            Deletions.staysOut(round, step, now);
            round.finish(step.work, Kind.DUPLICATE, null, "another record has taken its place");
            return;
        }
        String id = client.chosenId(step.image.id());
        if (id != null && LinkView.taken(ledger, owner, id)) {
            // It was created for this one before the ledger began, was matched otherwise since, and is deleted now.
            shut(step, now, State.DUPLICATE);
            round.finish(step.work, Kind.DUPLICATE, id, "the record that it once became is linked to another one");
            return;
        }
        step.view = LinkView.of(ledger, owner, step.image.id(), client.chosenId(step.image.id()));
        step.creation = creation(step);
        plans.add(step);
    }

    /** Whether the address that the record is known by is among what a transform has left out. */
    private static boolean lostItsAddress(Step step) {
        Image image = step.image;
        return image.email() != null
                && !image.refused().isEmpty()
                && image.values().values().stream().noneMatch(step::isEmail);
    }

    /** A record that was found by its address may be one that another task of this sink has just made for a duplicate. */
    private boolean anotherIsBeingCreated(Step step) {
        Set<Long> address = step.image.mapping().stream()
                .filter(field -> step.isEmail(step.image.values().get(field.target())))
                .map(field ->
                        client.fingerprint(field.target(), step.image.values().get(field.target())))
                .collect(Collectors.toSet());
        return ledger.open().stream()
                .map(Ledger.Stored::entry)
                .filter(entry -> entry.owner().equals(owner)
                        && !entry.sourceId().equals(step.image.id())
                        && entry.intent().kind().mayCreate())
                .anyMatch(entry -> entry.intent().changes().values().stream()
                        .anyMatch(change -> address.contains(change.after())));
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
        values.keySet().removeAll(round.skipped(step.work));
        return new NewRecord(image.id(), image.email(), values);
    }
}
