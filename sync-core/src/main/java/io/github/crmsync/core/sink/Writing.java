package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Agreement;
import io.github.crmsync.core.ledger.Intent.Change;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.core.sink.Outcome.Trouble;
import io.github.crmsync.core.sink.TargetClient.RecordChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.RetriableException;

/** Steps 10 to 12 of the protocol: writes, and records what was agreed. */
final class Writing {
    /** After so many failed requests in a row the app is left alone. */
    private static final int UNWELL = 4;

    private final Round round;
    private final TargetClient client;
    private final GiveBack giveBack;
    private final LoopBreaker loops;
    private final WriteCaps caps;
    private final ToIntFunction<Work> together;
    private int created;
    private int updated;

    /** @param together number of records that each may be written in one request with */
    Writing(
            Round round,
            TargetClient client,
            GiveBack giveBack,
            LoopBreaker loops,
            WriteCaps caps,
            ToIntFunction<Work> together) {
        this.together = together;
        this.round = round;
        this.client = client;
        this.giveBack = giveBack;
        this.loops = loops;
        this.caps = caps;
    }

    /** Steps 10 to 12: write, then agree. */
    void carryOut(List<Step> steps) {
        List<Step> creations =
                steps.stream().filter(step -> step.creation != null).toList();
        List<Step> updates = steps.stream()
                .filter(step -> step.creation == null && !step.plan.writes().isEmpty())
                .toList();
        steps.stream()
                .filter(step -> step.creation == null && step.plan.writes().isEmpty())
                .forEach(step -> agree(step, step.target));
        inRequests(creations, updates, this::create, this::settleCreations);
        inRequests(updates, List.of(), this::update, this::settleUpdates);
        count(steps);
        round.flush();
    }

    private void count(List<Step> steps) {
        if (WriteCaps.counts(created, updated)) {
            round.append(steps.get(0).work, caps.counted(created, updated));
            created = 0;
            updated = 0;
        }
    }

    /** Where one record may be to blame for a request that failed, its neighbours are not sent with it again. */
    private void inRequests(
            List<Step> steps,
            List<Step> later,
            Function<List<Step>, List<WriteOutcome>> call,
            BiConsumer<List<Step>, List<WriteOutcome>> settle) {
        List<List<Step>> requests = requests(steps);
        int failedInARow = 0;
        for (int i = 0; i < requests.size(); i++) {
            List<Step> request = requests.get(i);
            List<Step> unsent = new ArrayList<>(later);
            requests.subList(i + 1, requests.size()).forEach(unsent::addAll);
            List<WriteOutcome> outcomes = failedInARow == UNWELL
                    ? putOff(request, "the app has failed on other records just now")
                    : send(request, unsent, call);
            settle.accept(request, outcomes);
            failedInARow = outcomes.stream().allMatch(WriteOutcome.Ambiguous.class::isInstance) ? failedInARow + 1 : 0;
        }
    }

    private List<List<Step>> requests(List<Step> steps) {
        Map<Integer, List<Step>> bySize = steps.stream()
                .collect(Collectors.groupingBy(
                        step -> together.applyAsInt(step.work), TreeMap::new, Collectors.toList()));
        List<List<Step>> requests = new ArrayList<>();
        bySize.forEach((size, alike) -> {
            for (int from = 0; from < alike.size(); from += size) {
                requests.add(alike.subList(from, (int) Math.min(alike.size(), (long) from + size)));
            }
        });
        return requests;
    }

    private static List<WriteOutcome> putOff(List<Step> steps, String why) {
        return Collections.nCopies(steps.size(), new WriteOutcome.TryLater(why));
    }

    /**
     * Nothing is sent when it is too late: whoever has taken the partition over may be looking for it by then.
     *
     * @param later steps of which nothing has been sent yet
     */
    private List<WriteOutcome> send(List<Step> steps, List<Step> later, Function<List<Step>, List<WriteOutcome>> call) {
        if (round.deadline().late()) {
            return putOff(steps, "too much time has passed since the intent was recorded");
        }
        try {
            return call.apply(steps);
        } catch (RetriableException e) {
            if (e instanceof NothingWrittenException) {
                steps.forEach(round::withdraw);
            }
            later.forEach(round::withdraw);
            count(steps);
            // What was created is known to be there, whatever became of the changes.
            round.flush();
            throw e;
        }
    }

    private List<WriteOutcome> create(List<Step> creations) {
        return client.create(creations.stream().map(step -> step.creation).toList(), round.deadline());
    }

    private List<WriteOutcome> update(List<Step> updates) {
        return client.update(
                updates.stream()
                        .map(step -> new RecordChange(step.target.id(), step.target.etag(), marked(step)))
                        .toList(),
                round.deadline());
    }

    /** What is written, with the trace of the operation that recovery looks for. */
    private Map<String, Object> marked(Step step) {
        if (client.operationField() == null) {
            return step.plan.writes();
        }
        Map<String, Object> values = new HashMap<>(step.plan.writes());
        values.put(client.operationField(), step.intent.id());
        return values;
    }

    private void settleCreations(List<Step> creations, List<WriteOutcome> outcomes) {
        for (int i = 0; i < outcomes.size(); i++) {
            settle(creations.get(i), outcomes.get(i));
        }
    }

    private void settleUpdates(List<Step> updates, List<WriteOutcome> outcomes) {
        List<Step> written = new ArrayList<>();
        List<TargetRecord> answers = new ArrayList<>();
        List<GiveBack.Slip> slips = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            Step step = updates.get(i);
            if (outcomes.get(i) instanceof WriteOutcome.Written answer) {
                written.add(step);
                answers.add(answer.stored());
                slips.add(giveBack.slip(answer.stored(), answer.overwritten(), step.plan.changes()));
            } else {
                settle(step, outcomes.get(i));
            }
        }
        List<GiveBack.Slip> restored = giveBack.restore(slips, round.deadline());
        for (int i = 0; i < restored.size(); i++) {
            if (restored.get(i).open()) {
                // The intent stays open: recovery gives back what is still missing.
                round.finish(written.get(i).work, Kind.PARKED, null, "an overwritten value cannot be given back now");
            } else {
                agree(written.get(i), answers.get(i));
            }
        }
    }

    private void settle(Step step, WriteOutcome outcome) {
        if (outcome instanceof WriteOutcome.Written written) {
            agree(step, written.stored());
        } else if (outcome instanceof WriteOutcome.Ambiguous ambiguous) {
            // The intent stays open: recovery asks the target before anything else happens to this pair.
            if (ambiguous.over()) {
                round.over(step.intent);
            }
            round.park(step.work, Trouble.UNANSWERED, null, ambiguous.message());
        } else {
            round.withdraw(step);
            if (outcome instanceof WriteOutcome.Conflict conflict) {
                settleConflict(step, conflict);
            } else if (outcome instanceof WriteOutcome.Refused refused) {
                goOnWithout(step, refused.fields(), refused.message());
            } else if (outcome instanceof WriteOutcome.Failed failed) {
                round.park(step.work, Trouble.FAILED, step.targetId(), failed.message());
            } else if (outcome instanceof WriteOutcome.TryLater later) {
                round.park(step.work, Trouble.PUT_OFF, step.targetId(), later.message());
            } else {
                round.retry(
                        step.work,
                        outcome instanceof WriteOutcome.Missing
                                ? "the app reads the record, and does not find it when it is written"
                                : "the record keeps changing");
            }
        }
    }

    private void settleConflict(Step step, WriteOutcome.Conflict conflict) {
        if (step.creation != null) {
            if (conflict.existingId() != null) {
                if (conflict.existingId().equals(round.candidate(step))) {
                    // It was looked for under this id, and not found: the app may yet come to show it.
                    round.park(step.work, Trouble.FAILED, conflict.existingId(), conflict.message());
                    return;
                }
                round.hint(step.work, conflict.existingId());
            } else if (!round.firstConflict(step.work)) {
                // Looked for once more, it was not found by the address: another value must be what has to be unique.
                round.finish(step.work, Kind.FAILED, null, conflict.message());
                return;
            }
            round.retry(step.work, conflict.message());
            return;
        }
        // Another record owns a value: the other fields are written without it.
        goOnWithout(step, conflict.fields(), conflict.message());
    }

    /** One field that the app does not take never holds back the others of its record. */
    private void goOnWithout(Step step, Set<String> fields, String message) {
        Set<String> sent = step.creation != null
                ? step.creation.values().keySet()
                : step.plan.writes().keySet();
        Set<String> refused = fields.stream().filter(sent::contains).collect(Collectors.toSet());
        if (!refused.isEmpty()
                && !identifies(step, refused)
                && round.skip(step.work, LeftOut.refused(refused, message))) {
            round.retry(step.work);
        } else {
            round.finish(step.work, Kind.FAILED, step.targetId(), message);
        }
    }

    /** Without its e-mail address a new record could not be told from others. */
    private boolean identifies(Step step, Set<String> fields) {
        return step.creation != null
                && fields.stream()
                        .anyMatch(field -> step.isEmail(step.creation.values().get(field)));
    }

    private void agree(Step step, TargetRecord stored) {
        Image image = step.image;
        boolean fromHubspot = image.sourceApp().equals("hubspot");
        Map<String, Agreement> base = new HashMap<>(step.view.own().base());
        Map<String, Change> changes = step.creation == null ? step.plan.changes() : round.createdChanges(step);
        for (MappedField field : image.mapping()) {
            String name = field.canonical(image.sourceApp());
            Change change = changes.get(name);
            if (change != null) {
                long target = change.writes() && stored.values().containsKey(field.target())
                        ? client.fingerprint(field.target(), stored.values().get(field.target()))
                        : change.after();
                base.put(
                        name,
                        SyncEngine.agreement(
                                fromHubspot,
                                change.source(),
                                target,
                                step.view.nextSeq(),
                                image.version(),
                                stored.version()));
            }
        }
        LedgerEntry closed =
                step.view.own().linked(stored.id(), base).at(step.work.place()).excluded(null);
        if (step.view.targetId() == null) {
            closed = closed.inLife(step.view.life());
        }
        if (step.plan != null) {
            closed = closed.seen(image.version(), step.plan.differs());
        }
        round.append(step.work, closed);
        step.target = stored;
        if (step.creation != null) {
            created++;
        } else if (!step.plan.writes().isEmpty()) {
            updated++;
            loops.written(stored.id(), step.plan.writes().keySet());
        }
        if (step.creation != null) {
            round.created(step);
        } else {
            round.finish(step, step.plan.writes().isEmpty() ? Kind.UNCHANGED : Kind.UPDATED);
        }
    }
}
