package io.github.crmsync.core.sink;

import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.Intent.Change;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.merge.Cause;
import io.github.crmsync.core.merge.FieldDecision;
import io.github.crmsync.core.merge.FieldDecision.Sides;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.RefusedField;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;

/** What a batch's rounds share: its outcomes so far, what is to be tried again, and entries that are yet to be appended. */
final class Round {
    /** Outcomes of images whose fields were decided, and that do not come again. */
    private static final Set<Kind> FLOWED = Set.of(Kind.CREATED, Kind.UPDATED, Kind.UNCHANGED, Kind.HELD);
    /** Outcomes in which the fields that a transform has left out play a part. */
    private static final Set<Kind> DECIDED =
            Set.of(Kind.CREATED, Kind.UPDATED, Kind.UNCHANGED, Kind.HELD, Kind.PARKED_CONFLICT, Kind.FAILED);

    private final TargetClient client;
    private final Ledger ledger;
    private final BiConsumer<Work, Outcome> report;
    private final Set<String> unfinished;
    private final ToldRefusals told;
    private final Map<Work, Outcome> outcomes = new LinkedHashMap<>();
    private final Set<Work> retries = new LinkedHashSet<>();
    private final Map<Work, List<LeftOut>> leftOut = new HashMap<>();
    private final Map<Work, String> hints = new HashMap<>();
    private final Set<Work> conflicts = new HashSet<>();
    /** Open ones whose requests have ended. */
    private final List<Intent> over = new ArrayList<>();
    /** What the app said to the records that are tried again because of it. */
    private final Map<Work, String> answers = new HashMap<>();

    private final Map<TopicPartition, List<LedgerEntry>> appends = new LinkedHashMap<>();
    private final Map<Work, Long> positions = new HashMap<>();
    private Deadline deadline = Deadline.NONE;

    /** @param unfinished source ids of which an image was parked before, or replaced before it was handled */
    Round(
            TargetClient client,
            Ledger ledger,
            BiConsumer<Work, Outcome> report,
            Set<String> unfinished,
            ToldRefusals told) {
        this.told = told;
        this.client = client;
        this.ledger = ledger;
        this.report = report;
        this.unfinished = unfinished;
    }

    Map<Work, Outcome> outcomes() {
        return outcomes;
    }

    Set<String> unfinished() {
        return unfinished;
    }

    /** The ledger was read for this image, when the own entry had this position. */
    void read(Work work, long position) {
        positions.put(work, position);
    }

    void append(Work work, LedgerEntry entry) {
        boolean own = entry.sourceId().equals(work.image().id()) && positions.containsKey(work);
        appends.computeIfAbsent(work.partition(), partition -> new ArrayList<>())
                .add(own ? entry.basedOn(work.partition().partition(), positions.get(work)) : entry);
    }

    /** Within which the writes of the intents recorded last have to be done. */
    Deadline deadline() {
        return deadline;
    }

    void deadline(Deadline begun) {
        deadline = begun;
    }

    void retry(Work work) {
        retries.add(work);
        answers.remove(work);
    }

    /** Tries it again because of what the app answered. */
    void retry(Work work, String answer) {
        retries.add(work);
        answers.put(work, answer);
    }

    /** Ends, for this batch, an image that was tried again and again. */
    void exhausted(Work work) {
        String answer = answers.get(work);
        if (answer == null) {
            finish(work, Kind.PARKED, null, "the record keeps changing");
        } else {
            park(work, Outcome.Trouble.FAILED, null, answer);
        }
    }

    /** Notes that nothing of an intent's request is under way any more, though nobody knows what became of it. */
    void over(Intent intent) {
        over.add(intent);
    }

    List<Intent> over() {
        return over;
    }

    void park(Work work, Outcome.Trouble trouble, String targetId, String message) {
        outcome(work, Outcome.trouble(trouble, targetId, message));
    }

    /** Leaves fields out when this image is tried again; whether any of them is new. */
    boolean skip(Work work, LeftOut fields) {
        boolean anew = !skipped(work).containsAll(fields.fields());
        if (anew) {
            leftOut.computeIfAbsent(work, w -> new ArrayList<>()).add(fields);
        }
        return anew;
    }

    /** What is left out of an image that ends in this way; what was said of an earlier one is marked as known. */
    private List<LeftOut> leftOut(Work work, Kind kind) {
        List<LeftOut> result = new ArrayList<>(leftOut.getOrDefault(work, List.of()));
        List<RefusedField> refused = work.image().refused();
        if (DECIDED.contains(kind) && !refused.isEmpty()) {
            result.add(LeftOut.refused(
                    refused.stream().map(RefusedField::target).collect(Collectors.toSet()),
                    refused.stream().map(RefusedField::reason).collect(Collectors.joining("; "))));
        }
        result.replaceAll(fields -> fields.newRefusal() ? told.compare(work.image(), fields) : fields);
        return result;
    }

    /** Whether an unlinked record has to stay out of the sync, because nothing but an address would tell it again. */
    boolean lacksEmail(Image image) {
        return image.email() == null && (image.needsEmail() || !client.findsCreatedBySourceId());
    }

    /** Id of the record that the app has named as the one with this address, or that the image carries; null if none. */
    String candidate(Step step) {
        return hints.getOrDefault(step.work, step.image.linkKey());
    }

    void hint(Work work, String id) {
        hints.put(work, id);
    }

    /** Whether this is the first time that a creation met a record that the app did not name. */
    boolean firstConflict(Work work) {
        return conflicts.add(work);
    }

    List<Work> takeRetries() {
        List<Work> result = new ArrayList<>(retries);
        retries.clear();
        return result;
    }

    /** Fields that the app has refused in this batch, or that are left alone. */
    Set<String> skipped(Work work) {
        return names(leftOut.getOrDefault(work, List.of()));
    }

    private static Set<String> names(List<LeftOut> fields) {
        return fields.stream().flatMap(some -> some.fields().stream()).collect(Collectors.toSet());
    }

    Map<String, Change> createdChanges(Step step) {
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

    void withdraw(Step step) {
        append(step.work, step.view.own().withdrawn());
    }

    /** Closes what was recorded and not sent, wherever that can be done now. */
    void withdrawAll(List<Step> steps, RetriableException because) {
        appends.clear();
        steps.forEach(this::withdraw);
        for (Map.Entry<TopicPartition, List<LedgerEntry>> entries : appends.entrySet()) {
            try {
                ledger.append(Map.of(entries.getKey(), entries.getValue()));
            } catch (RetriableException e) {
                because.addSuppressed(e);
            }
        }
        appends.clear();
    }

    void finish(Work work, Kind kind, String targetId, String detail) {
        outcome(work, Outcome.of(kind, targetId, detail));
    }

    void outcome(Work work, Outcome outcome) {
        List<LeftOut> fields = leftOut(work, outcome.kind());
        if (FLOWED.contains(outcome.kind())) {
            told.keep(work.image(), names(fields));
        }
        Outcome whole = outcome.leavingOut(fields);
        outcomes.put(work, whole);
        retries.remove(work);
        report.accept(work, whole);
    }

    Map<String, TargetRecord> read(Set<String> ids, Set<String> fields) {
        return ids.isEmpty() ? new HashMap<>() : client.read(ids, fields);
    }

    Set<String> fields(List<Step> steps) {
        Set<String> fields = new LinkedHashSet<>();
        for (Step step : steps) {
            step.image.mapping().forEach(field -> fields.add(field.target()));
            if (step.image.stage() != null) {
                fields.add(step.image.stage().field());
            }
        }
        return fields;
    }

    void flush() {
        if (!appends.isEmpty()) {
            Map<TopicPartition, List<LedgerEntry>> flushed = new LinkedHashMap<>(appends);
            ledger.append(flushed);
            appends.clear();
            flushed.forEach(this::lookAgain);
        }
    }

    /** What another partition's task has decided in between makes a decision void: it is taken anew. */
    private void lookAgain(TopicPartition partition, List<LedgerEntry> flushed) {
        for (LedgerEntry entry : flushed) {
            Ledger.Stored last = entry.by() == null || entry.intent() != null ? null : ledger.get(entry.key());
            if (last != null && last.entry().by() != null && !last.entry().by().equals(entry.by())) {
                positions.keySet().stream()
                        .filter(work -> work.partition().equals(partition)
                                && work.image().id().equals(entry.sourceId()))
                        .forEach(work -> {
                            outcomes.remove(work);
                            retries.add(work);
                        });
            }
        }
    }

    /** Ends an image whose record was created. */
    void created(Step step) {
        List<Decided> decided = new ArrayList<>();
        Map<String, Change> changes = createdChanges(step);
        for (MappedField field : step.image.mapping()) {
            String name = field.canonical(step.image.sourceApp());
            Change change = changes.get(name);
            if (change != null && change.writes()) {
                decided.add(new Decided(
                        name,
                        FieldDecision.WRITE,
                        Cause.CREATED,
                        null,
                        new Sides(change.source(), change.after(), change.before()),
                        step.image.values().get(field.target()),
                        null));
            }
        }
        outcome(
                step.work,
                new Outcome(Kind.CREATED, step.target.id(), Set.of(), Map.of(), null, step.target.version(), decided));
    }

    /** Ends an image whose fields were decided: what was won, held or written tells how. */
    void finish(Step step, Kind kind) {
        FieldPlan plan = step.plan;
        Kind result = !plan.won().isEmpty()
                ? Kind.PARKED_CONFLICT
                : kind == Kind.UNCHANGED && !plan.held().isEmpty() ? Kind.HELD : kind;
        Set<String> fields = !plan.won().isEmpty() ? plan.won() : plan.changes().keySet();
        String detail = plan.conflicts().containsValue(FieldPlan.PERSON)
                ? "a conflict is held for a person"
                : step.replaces == null
                        ? null
                        : "it takes the place of record " + step.replaces + ", which was deleted";
        outcome(
                step.work,
                new Outcome(
                        result,
                        step.target.id(),
                        Set.copyOf(fields),
                        plan.conflicts(),
                        detail,
                        step.target.version(),
                        plan.decided()));
    }
}
