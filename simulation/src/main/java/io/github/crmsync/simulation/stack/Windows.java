package io.github.crmsync.simulation.stack;

import io.github.crmsync.core.ledger.Agreement;
import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.Ledger.Stored;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.simulation.Topic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** Notices when a run gets into one of the windows that the protocol names as inherent, and on which field of which record. */
final class Windows {
    private final Stack stack;
    /** Ids of intents that were carried out. */
    private final Set<String> landed = new HashSet<>();
    /** Ids of intents of which no task has seen the end. */
    private final Set<String> uncertain = new HashSet<>();
    /** Intents of creations whose record disappeared before the ledger knew of it, by the sink's app and the source's id. */
    private final Map<String, String> lost = new HashMap<>();

    /** HubSpot contacts that another program has written: their histories may not tell the sync's writes from its. */
    private final Set<String> editedByProgram = new HashSet<>();

    Windows(Stack stack) {
        this.stack = stack;
    }

    void editedByProgram(String id) {
        editedByProgram.add(id);
    }

    private Stream<LedgerEntry> open(String app) {
        return stack.ledger().index().open().stream()
                .map(Stored::entry)
                .filter(entry -> entry.owner().equals(app));
    }

    /** A sink has ended, or has got no answer: of what it was doing it has not seen the end. */
    void endNotSeen(String app) {
        open(app).forEach(entry -> uncertain.add(entry.intent().id()));
    }

    /**
     * The sync has written a record.
     *
     * @param source record that it was created for; empty if it was there before
     * @return the source record, as the ledger's intent says; null if there is none
     */
    String landed(App app, String id, String source) {
        List<LedgerEntry> entries = open(app.name())
                .filter(entry -> source.isEmpty() ? id.equals(entry.targetId()) : source.equals(entry.sourceId()))
                .toList();
        entries.forEach(entry -> landed.add(entry.intent().id()));
        return entries.isEmpty() ? null : entries.get(0).sourceId();
    }

    /** W8: whether a source record is gone and its topic does not tell. */
    boolean deletedInSilence(App target, String source) {
        if (stack.other(target).records().containsKey(source)) {
            return false;
        }
        Topic topic = stack.sinks().stream()
                .filter(sink -> sink.app().equals(target.name()))
                .map(SinkActor::topic)
                .findFirst()
                .orElseThrow();
        List<SinkRecord> told = IntStream.range(0, topic.partitions())
                .mapToObj(i -> topic.of(new TopicPartition(topic.name(), i)))
                .flatMap(List::stream)
                .filter(record -> source.equals(record.key()))
                .toList();
        return !told.isEmpty() && told.get(told.size() - 1).value() != null;
    }

    /** Somebody has deleted or merged a record that the sync had made. */
    void disappeared(App app, String source) {
        open(app.name())
                .filter(entry ->
                        source.equals(entry.sourceId()) && entry.intent().kind() == Intent.Kind.CREATE)
                .forEach(entry -> lost.put(app.name() + source, entry.intent().id()));
    }

    /** W3: whether a second creation for this record is what the protocol cannot prevent. */
    boolean lostCreation(App app, String source) {
        return uncertain.contains(lost.get(app.name() + source));
    }

    /** W2: an intent was closed; a wrong guess about it excuses its fields. */
    void closed(LedgerEntry before, LedgerEntry after) {
        Intent intent = before.intent();
        boolean writes = intent.changes().values().stream().anyMatch(Intent.Change::writes);
        boolean judged = after.state() == LedgerEntry.State.LINKED && agreed(intent, after.base());
        if (!writes
                || intent.kind() == Intent.Kind.CREATE
                || judged == landed.contains(intent.id())
                || !uncertain.contains(intent.id())) {
            return;
        }
        App target = after.owner().equals("hubspot") ? stack.hubspot() : stack.dynamics();
        // Nothing can be asked of a record that is gone, but it may come back.
        boolean gone = after.state() == LedgerEntry.State.TOMBSTONED
                || !target.records().containsKey(before.targetId());
        // How its own writes look in a history the sink knows from its link, once that is written.
        boolean exact = target == stack.hubspot()
                && !gone
                && !stack.hubspot()
                        .values(HubSpot.LINK)
                        .getOrDefault(before.targetId(), "")
                        .isEmpty()
                && !editedByProgram.contains(before.targetId());
        if (exact) {
            if (!judged) {
                String what = "I17 a write to " + before.targetId() + " was carried out and judged not to be";
                stack.log(() -> "VIOLATION " + what);
                stack.findings().violation(what);
            }
            return;
        }
        stack.log(() -> "window W2: the write to " + before.targetId() + " has" + (judged ? " not" : "") + " landed");
        for (String name : intent.changes().keySet()) {
            for (Field field : Field.values()) {
                if (name.startsWith(field.property + "~")) {
                    stack.findings().excuse(after.owner(), before.targetId(), field.name(), "W2");
                }
            }
        }
    }

    private static boolean agreed(Intent intent, Map<String, Agreement> base) {
        return intent.changes().keySet().stream().allMatch(name -> {
            Agreement agreement = base.get(name);
            return agreement != null
                    && (agreement.hubspotVersion() == intent.sourceVersion()
                            || agreement.dynamicsVersion() == intent.sourceVersion());
        });
    }
}
