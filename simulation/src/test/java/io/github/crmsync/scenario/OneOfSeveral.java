package io.github.crmsync.scenario;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.Note;
import io.github.crmsync.core.ledger.TopicInfo;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/** A sync's ledger next to those of other syncs in one topic. */
record OneOfSeveral(Ledger own, Predicate<String> linkedByAnother) implements Ledger {
    @Override
    public boolean linkedByAnotherSync(String hubspotId) {
        return linkedByAnother.test(hubspotId);
    }

    @Override
    public void catchUp() {
        own.catchUp();
    }

    @Override
    public void look() {
        own.look();
    }

    @Override
    public Collection<StoredNote> notes() {
        return own.notes();
    }

    @Override
    public void note(List<Note> notes) {
        own.note(notes);
    }

    @Override
    public void append(List<LedgerEntry> entries) {
        own.append(entries);
    }

    @Override
    public void append(Map<TopicPartition, List<LedgerEntry>> entries) {
        own.append(entries);
    }

    @Override
    public void take(TopicPartition partition) {
        own.take(partition);
    }

    @Override
    public void release(TopicPartition partition) {
        own.release(partition);
    }

    @Override
    public Optional<TopicInfo> topic(String name) {
        return own.topic(name);
    }

    @Override
    public Stored get(LedgerEntry.Key key) {
        return own.get(key);
    }

    @Override
    public Collection<Stored> touching(String hubspotId, String dynamicsId) {
        return own.touching(hubspotId, dynamicsId);
    }

    @Override
    public Collection<Stored> open() {
        return own.open();
    }

    @Override
    public void close() {
        own.close();
    }
}
