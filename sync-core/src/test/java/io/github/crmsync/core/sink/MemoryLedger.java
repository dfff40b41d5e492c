package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LedgerIndex;
import io.github.crmsync.core.ledger.Note;
import io.github.crmsync.core.ledger.NoteIndex;
import java.util.Collection;
import java.util.List;

/** The ledger's total order in memory, without a broker; several sinks of a test can share it. */
public class MemoryLedger implements Ledger {
    private final MemoryLedger shared;
    private final LedgerIndex index = new LedgerIndex();
    private final NoteIndex notes = new NoteIndex();
    /** Runs just before the next entries are appended. */
    Runnable beforeAppend = () -> {};
    /** Runs just before notes are appended. */
    Runnable beforeNote = () -> {};

    private long position;

    public MemoryLedger() {
        shared = this;
    }

    /** Another view of the same entries. */
    MemoryLedger(MemoryLedger shared) {
        this.shared = shared;
    }

    /** Number of entries and notes so far. */
    long size() {
        return shared.position;
    }

    @Override
    public void catchUp() {}

    @Override
    public void append(List<LedgerEntry> entries) {
        Runnable before = beforeAppend;
        beforeAppend = () -> {};
        before.run();
        entries.forEach(entry -> shared.index.apply(entry, shared.position++));
    }

    @Override
    public Stored get(LedgerEntry.Key key) {
        return shared.index.get(key);
    }

    @Override
    public Collection<Stored> touching(String hubspotId, String dynamicsId) {
        return shared.index.touching(hubspotId, dynamicsId);
    }

    @Override
    public Collection<Stored> open() {
        return shared.index.open();
    }

    @Override
    public Collection<StoredNote> notes() {
        return shared.notes.all();
    }

    @Override
    public void note(List<Note> added) {
        beforeNote.run();
        added.forEach(note -> shared.notes.apply(note, shared.position++));
    }

    @Override
    public void close() {}
}
