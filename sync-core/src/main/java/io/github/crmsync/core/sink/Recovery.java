package io.github.crmsync.core.sink;

import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.http.ServiceFailedException;
import io.github.crmsync.core.ledger.Agreement;
import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.Intent.Change;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LinkView;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.sink.TargetClient.NewRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes intents without a known outcome, by asking the target what became of them. */
final class Recovery {
    /** What the target's record says of a request. */
    enum Verdict {
        LANDED,
        NOT_LANDED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    /** Intents judged at a time. */
    private static final int CHUNK = 100;

    private final TargetClient client;
    private final Ledger ledger;
    private final GiveBack giveBack;
    private final WriteDeadlines deadlines;

    Recovery(TargetClient client, Ledger ledger, GiveBack giveBack, WriteDeadlines deadlines) {
        this.client = client;
        this.ledger = ledger;
        this.giveBack = giveBack;
        this.deadlines = deadlines;
    }

    /**
     * An entry with an open intent, its position, and the partition of the images that it belongs to.
     *
     * @param failure what the app said when it was asked; null if it was not
     */
    record Unsettled(LedgerEntry entry, long position, TopicPartition partition, String failure) {
        Unsettled(Ledger.Stored stored, TopicPartition partition) {
            this(stored.entry(), stored.position(), partition, null);
        }

        Unsettled failing(String message) {
            return new Unsettled(entry, position, partition, message);
        }

        /** What ends the intent, unless another task has appended something for the record since. */
        LedgerEntry closedBy(LedgerEntry end) {
            return end.basedOn(partition.partition(), position);
        }
    }

    /**
     * Closes those whose requests can be under way no more, some at a time: what the app has told of is kept, whatever it
     * answers to the rest.
     *
     * @param givenUp source ids of which the app cannot tell: theirs are closed as not carried out
     * @return the others
     */
    List<Unsettled> close(List<Unsettled> found, Set<String> givenUp) {
        Map<Boolean, List<Unsettled>> byTime = found.stream()
                .collect(Collectors.partitioningBy(
                        unsettled -> deadlines.passed(unsettled.entry().intent(), unsettled.partition())));
        List<Unsettled> open = new ArrayList<>(byTime.get(false));
        if (!byTime.get(true).isEmpty()) {
            List<Unsettled> asked = byTime.get(true);
            for (int from = 0; from < asked.size(); from += CHUNK) {
                open.addAll(halving(asked.subList(from, Math.min(asked.size(), from + CHUNK)), givenUp));
            }
        }
        return open;
    }

    /** Where the app fails on a record, it must not keep the others from being judged. */
    private List<Unsettled> halving(List<Unsettled> unsettled, Set<String> givenUp) {
        try {
            return judge(unsettled, givenUp);
        } catch (ServiceFailedException e) {
            int half = unsettled.size() / 2;
            if (half == 0) {
                return failed(unsettled.get(0), e.getMessage(), givenUp);
            }
            List<Unsettled> open = new ArrayList<>(halving(unsettled.subList(0, half), givenUp));
            open.addAll(halving(unsettled.subList(half, unsettled.size()), givenUp));
            return open;
        }
    }

    private List<Unsettled> failed(Unsettled one, String message, Set<String> givenUp) {
        if (!givenUp.contains(one.entry().sourceId())) {
            return List.of(one.failing(message));
        }
        LOG.warn(
                "What became of a write for record {} cannot be found out, it counts as not carried out: {}",
                one.entry().sourceId(),
                message);
        ledger.append(Map.of(one.partition(), List.of(one.closedBy(one.entry().withdrawn()))));
        return List.of();
    }

    /** What the app tells of some records. */
    private record Findings(
            Map<String, TargetRecord> targets,
            Map<String, TargetRecord> created,
            Map<LedgerEntry, Optional<TargetClient.Evidence>> evidence) {}

    private List<Unsettled> judge(List<Unsettled> unsettled, Set<String> givenUp) {
        Findings findings = ask(unsettled.stream().map(Unsettled::entry).toList());
        Map<TopicPartition, List<LedgerEntry>> closed = new LinkedHashMap<>();
        List<Unsettled> open = new ArrayList<>();
        for (Unsettled one : unsettled) {
            LedgerEntry entry = one.entry();
            LedgerEntry result = switch (entry.intent().kind()) {
                case CREATE -> closeCreation(entry, findings.created().get(entry.sourceId()));
                // The image that told of the merge comes again.
                case MOVE -> entry.withdrawn();
                case UNKNOWN -> throw new IllegalStateException("only a newer version can judge " + entry.key());
                case WRITE, LINK ->
                    closeWrite(
                            one,
                            findings.targets().get(entry.targetId()),
                            findings.evidence().get(entry),
                            givenUp.contains(entry.sourceId()));
            };
            if (result == null) {
                open.add(one.failing("A value that was overwritten cannot be given back now"));
            } else {
                closed.computeIfAbsent(one.partition(), partition -> new ArrayList<>())
                        .add(one.closedBy(result));
            }
        }
        ledger.append(closed);
        return open;
    }

    private Findings ask(List<LedgerEntry> open) {
        Set<String> fields = new HashSet<>();
        open.forEach(entry -> entry.intent().changes().keySet().forEach(name -> fields.add(targetField(name))));
        if (client.operationField() != null) {
            fields.add(client.operationField());
        }
        Set<String> ids = open.stream()
                .filter(entry -> entry.intent().kind() == Intent.Kind.WRITE
                        || entry.intent().kind() == Intent.Kind.LINK)
                .map(LedgerEntry::targetId)
                .collect(Collectors.toSet());
        Map<String, TargetRecord> targets = ids.isEmpty() ? Map.of() : client.read(ids, fields);
        List<NewRecord> creations = open.stream()
                .filter(entry -> entry.intent().kind() == Intent.Kind.CREATE)
                .map(entry -> new NewRecord(entry.sourceId(), null, Map.of()))
                .toList();
        Map<String, TargetRecord> created = creations.isEmpty() ? Map.of() : client.findCreated(creations, fields);
        List<LedgerEntry> doubtful = open.stream()
                .filter(entry -> entry.targetId() != null && targets.containsKey(entry.targetId()))
                .filter(entry -> !neverGranted(entry) && !writes(entry.intent()).isEmpty())
                .toList();
        List<Optional<TargetClient.Evidence>> answers = doubtful.isEmpty()
                ? List.of()
                : client.evidence(doubtful.stream().map(this::question).toList());
        Map<LedgerEntry, Optional<TargetClient.Evidence>> evidence = new HashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            evidence.put(doubtful.get(i), answers.get(i));
        }
        return new Findings(targets, created, evidence);
    }

    private TargetClient.Question question(LedgerEntry entry) {
        return new TargetClient.Question(
                entry.targetId(),
                entry.intent().targetVersion(),
                writes(entry.intent()).entrySet().stream()
                        .collect(Collectors.toMap(
                                write -> targetField(write.getKey()),
                                write -> write.getValue().after())));
    }

    private LedgerEntry closeCreation(LedgerEntry entry, TargetRecord created) {
        return Optional.ofNullable(created)
                .filter(record -> !LinkView.taken(ledger, entry.owner(), record.id()))
                .filter(record -> !othersWant(record.id(), entry))
                .filter(record -> LinkView.of(ledger, entry.owner(), entry.sourceId(), null)
                                .targetId()
                        == null)
                .map(record -> landed(entry, record))
                .orElseGet(entry::withdrawn);
    }

    /**
     * What was created may be merged into a record that is just getting another link. Then that one is decided first, and the
     * image is matched anew.
     */
    private boolean othersWant(String targetId, LedgerEntry creation) {
        if (targetId.equals(creation.targetId())) {
            return false;
        }
        boolean toHubspot = creation.owner().equals("hubspot");
        return ledger.touching(toHubspot ? targetId : null, toHubspot ? null : targetId).stream()
                .map(Ledger.Stored::entry)
                .filter(other -> other.intent() != null && !other.key().equals(creation.key()))
                .anyMatch(other ->
                        other.owner().equals(creation.owner()) || other.intent().kind() == Intent.Kind.MOVE);
    }

    /** Null if the intent has to stay open. */
    private LedgerEntry closeWrite(
            Unsettled one, TargetRecord target, Optional<TargetClient.Evidence> evidence, boolean givenUp) {
        LedgerEntry entry = one.entry();
        if (target == null) {
            return entry.isLink()
                    ? LinkView.of(ledger, entry.owner(), entry.sourceId(), entry.targetId())
                            .tombstone(client.app())
                    : entry.withdrawn();
        }
        if (neverGranted(entry)) {
            return entry.withdrawn();
        }
        Map<String, Change> writes = writes(entry.intent());
        if (writes.isEmpty()) {
            return entry.withdrawn();
        }
        if (evidence == null) {
            // A lock that was refused a moment ago.
            return entry.withdrawn();
        }
        if (evidence.isEmpty()) {
            return verdict(entry.intent(), writes, target) == Verdict.LANDED
                    ? landed(entry, target)
                    : entry.withdrawn();
        }
        if (!evidence.get().landed()) {
            return entry.withdrawn();
        }
        GiveBack.Slip slip = giveBack.slip(target, evidence.get().overwritten(), writes);
        if (slip.open()
                && !givenUp
                && giveBack.restore(List.of(slip), license(entry, one.partition()))
                        .get(0)
                        .open()) {
            return null;
        }
        return landed(entry, target);
    }

    /** Whoever has lost the partition meanwhile finds out here: he could not tell how old his right to write is. */
    private Deadline license(LedgerEntry entry, TopicPartition partition) {
        Deadline deadline = deadlines.begin();
        deadlines.recording(entry.intent(), deadline);
        ledger.append(Map.of(partition, List.of(LedgerEntry.blank(client.app(), "recovery-" + partition))));
        return deadline;
    }

    private static Map<String, Change> writes(Intent intent) {
        return intent.changes().entrySet().stream()
                .filter(change -> change.getValue().writes())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Whether the ledger shows that the lock was refused: then nothing was sent. */
    private boolean neverGranted(LedgerEntry entry) {
        return !entry.isLink() && linkedMeanwhile(entry)
                || LinkView.of(ledger, entry.owner(), entry.sourceId(), entry.targetId())
                        .behindAnother();
    }

    private boolean linkedMeanwhile(LedgerEntry entry) {
        String link = LinkView.of(ledger, entry.owner(), entry.sourceId(), null).targetId();
        return link == null
                ? LinkView.taken(ledger, entry.owner(), entry.targetId())
                        && LinkView.deletedPartner(ledger, entry.owner(), entry.targetId()) == null
                : !link.equals(entry.targetId());
    }

    /**
     * The operation field tells exactly. Without one: a request is all or nothing, so one field that holds the new, or still
     * the previous, value tells of all. Where every field holds a third value the request counts as landed: then the later
     * edit stands.
     */
    private Verdict verdict(Intent intent, Map<String, Change> writes, TargetRecord target) {
        if (target.version() == intent.targetVersion()) {
            return Verdict.NOT_LANDED;
        }
        String operationField = client.operationField();
        if (operationField != null) {
            return intent.id().equals(target.values().get(operationField)) ? Verdict.LANDED : Verdict.NOT_LANDED;
        }
        boolean previous = false;
        for (Map.Entry<String, Change> write : writes.entrySet()) {
            String field = targetField(write.getKey());
            long now = client.fingerprint(field, target.values().get(field));
            if (now == write.getValue().after()) {
                return Verdict.LANDED;
            }
            previous |= now == write.getValue().before();
        }
        return previous ? Verdict.NOT_LANDED : Verdict.LANDED;
    }

    /** The agreement is what was sent, at the version just read: never the one before the write. */
    private LedgerEntry landed(LedgerEntry entry, TargetRecord target) {
        Intent intent = entry.intent();
        boolean fromHubspot = !entry.owner().equals("hubspot");
        LinkView view = LinkView.of(ledger, entry.owner(), entry.sourceId(), target.id());
        Map<String, Agreement> base = new HashMap<>(entry.base());
        intent.changes()
                .forEach((name, change) -> base.put(
                        name,
                        SyncEngine.agreement(
                                fromHubspot,
                                change.source(),
                                change.after(),
                                view.nextSeq(),
                                intent.sourceVersion(),
                                target.version())));
        LedgerEntry linked = entry.linked(target.id(), base).at(intent.place());
        return view.targetId() == null ? linked.inLife(view.life()) : linked;
    }

    private String targetField(String canonical) {
        return MappedField.nameIn(client.app(), canonical);
    }
}
