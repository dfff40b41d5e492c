package io.github.crmsync.core.identity;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.Note;
import io.github.crmsync.core.ledger.TopicInfo;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** The ledger for those who write by it: each reading, the one under the lock included, may end in having to wait. */
public final class GuardedLedger implements Ledger {
    private final Ledger ledger;
    private final Runnable whenRead;
    private final Runnable beforeAppend;

    /**
     * @param whenRead called after each reading; may throw
     * @param beforeAppend called before images are recorded; may throw
     */
    public GuardedLedger(Ledger ledger, Runnable whenRead, Runnable beforeAppend) {
        this.ledger = ledger;
        this.whenRead = whenRead;
        this.beforeAppend = beforeAppend;
    }

    @Override
    public void catchUp() {
        ledger.catchUp();
        whenRead.run();
    }

    @Override
    public void look() {
        ledger.look();
        whenRead.run();
    }

    @Override
    public void append(List<LedgerEntry> entries) {
        ledger.append(entries);
    }

    @Override
    public void append(Map<TopicPartition, List<LedgerEntry>> entries) {
        beforeAppend.run();
        ledger.append(entries);
    }

    @Override
    public void take(TopicPartition partition) {
        ledger.take(partition);
    }

    @Override
    public void release(TopicPartition partition) {
        ledger.release(partition);
    }

    @Override
    public Optional<TopicInfo> topic(String name) {
        return ledger.topic(name);
    }

    @Override
    public void requireCompacted(Collection<String> topics, boolean mayCreate) {
        ledger.requireCompacted(topics, mayCreate);
    }

    @Override
    public Stored get(LedgerEntry.Key key) {
        return ledger.get(key);
    }

    @Override
    public Collection<Stored> touching(String hubspotId, String dynamicsId) {
        return ledger.touching(hubspotId, dynamicsId);
    }

    @Override
    public boolean linkedByAnotherSync(String hubspotId) {
        return ledger.linkedByAnotherSync(hubspotId);
    }

    @Override
    public Collection<Stored> open() {
        return ledger.open();
    }

    @Override
    public Collection<StoredNote> notes() {
        return ledger.notes();
    }

    @Override
    public void note(List<Note> notes) {
        ledger.note(notes);
    }

    @Override
    public void close() {
        ledger.close();
    }
}
