package io.github.crmsync.core.sink;

import io.github.crmsync.core.http.Deadline;
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
import org.apache.kafka.connect.errors.RetriableException;

/** Closes intents without a known outcome, by asking the target what became of them. */
final class Recovery {
    /** What the target's record says of a request. */
    enum Verdict {
        LANDED,
        NOT_LANDED
    }

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

    /** An entry with an open intent, and the partition of the images that it belongs to. */
    record Unsettled(LedgerEntry entry, TopicPartition partition) {}

    /**
     * Closes those whose requests can be under way no more.
     *
     * @return the others
     */
    List<Unsettled> close(List<Unsettled> found) {
        Map<Boolean, List<Unsettled>> byTime = found.stream()
                .collect(Collectors.partitioningBy(
                        unsettled -> deadlines.passed(unsettled.entry().intent(), unsettled.partition())));
        if (!byTime.get(true).isEmpty()) {
            judge(byTime.get(true));
        }
        return byTime.get(false);
    }

    private void judge(List<Unsettled> unsettled) {
        List<LedgerEntry> open = unsettled.stream().map(Unsettled::entry).toList();
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
        Map<TopicPartition, List<LedgerEntry>> closed = new LinkedHashMap<>();
        for (Unsettled one : unsettled) {
            LedgerEntry entry = one.entry();
            closed.computeIfAbsent(one.partition(), partition -> new ArrayList<>())
                    .add(
                            switch (entry.intent().kind()) {
                                case CREATE -> closeCreation(entry, fields);
                                // The image that told of the merge comes again.
                                case MOVE -> entry.withdrawn();
                                case WRITE, LINK -> closeWrite(entry, targets.get(entry.targetId()), one.partition());
                            });
        }
        ledger.append(closed);
    }

    private LedgerEntry closeCreation(LedgerEntry entry, Set<String> fields) {
        Optional<TargetRecord> found = client.findCreated(new NewRecord(entry.sourceId(), null, Map.of()), fields);
        return found.filter(record -> !LinkView.taken(ledger, entry.owner(), record.id()))
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

    private LedgerEntry closeWrite(LedgerEntry entry, TargetRecord target, TopicPartition partition) {
        if (target == null) {
            return entry.isLink()
                    ? LinkView.of(ledger, entry.owner(), entry.sourceId(), entry.targetId())
                            .tombstone()
                    : entry.withdrawn();
        }
        if (neverGranted(entry)) {
            return entry.withdrawn();
        }
        Map<String, Change> writes = writes(entry.intent());
        if (writes.isEmpty()) {
            return entry.withdrawn();
        }
        Optional<TargetClient.Evidence> evidence = client.evidence(
                target.id(),
                entry.intent().targetVersion(),
                writes.entrySet().stream()
                        .collect(Collectors.toMap(
                                write -> targetField(write.getKey()),
                                write -> write.getValue().after())));
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
                && giveBack.restore(List.of(slip), license(entry, partition))
                        .get(0)
                        .open()) {
            throw new RetriableException("A value that was overwritten cannot be given back now");
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
        return link == null ? LinkView.taken(ledger, entry.owner(), entry.targetId()) : !link.equals(entry.targetId());
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
        return entry.linked(target.id(), base).at(intent.offset());
    }

    private String targetField(String canonical) {
        return MappedField.nameIn(client.app(), canonical);
    }
}
