package io.github.crmsync.core.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ledger as it is, and on top of it, in memory only, what a preview would have recorded. */
public final class PreviewLedger implements Ledger {
    /** After every true entry. */
    private static final long FIRST_POSITION = Long.MAX_VALUE / 2;

    private final Ledger ledger;
    private final LedgerIndex preview = new LedgerIndex();
    private final List<Note> notes = new ArrayList<>();
    private long position = FIRST_POSITION;

    public PreviewLedger(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void requireCompacted(Collection<String> topics, boolean mayCreate) {
        ledger.requireCompacted(topics, mayCreate);
    }

    @Override
    public Optional<TopicInfo> topic(String name) {
        return ledger.topic(name);
    }

    @Override
    public void catchUp() {
        ledger.catchUp();
    }

    @Override
    public void append(List<LedgerEntry> entries) {
        entries.forEach(entry -> preview.apply(entry, position++));
    }

    @Override
    public Stored get(LedgerEntry.Key key) {
        Stored own = preview.get(key);
        return own != null ? own : ledger.get(key);
    }

    @Override
    public Collection<Stored> touching(String hubspotId, String dynamicsId) {
        return merged(ledger.touching(hubspotId, dynamicsId), preview.touching(hubspotId, dynamicsId));
    }

    @Override
    public boolean linkedByAnotherSync(String hubspotId) {
        return ledger.linkedByAnotherSync(hubspotId);
    }

    @Override
    public Collection<Stored> open() {
        return merged(ledger.open(), preview.open());
    }

    @Override
    public Collection<StoredNote> notes() {
        NoteIndex all = new NoteIndex();
        ledger.notes().forEach(stored -> all.apply(stored.note(), stored.position()));
        long after = FIRST_POSITION;
        for (Note note : notes) {
            all.apply(note, after++);
        }
        return all.all();
    }

    @Override
    public void note(List<Note> added) {
        notes.addAll(added);
    }

    private Collection<Stored> merged(Collection<Stored> there, Collection<Stored> added) {
        Map<LedgerEntry.Key, Stored> all = new LinkedHashMap<>();
        there.stream()
                .filter(stored -> preview.get(stored.entry().key()) == null)
                .forEach(stored -> all.put(stored.entry().key(), stored));
        added.forEach(stored -> all.put(stored.entry().key(), stored));
        return all.values();
    }

    @Override
    public void close() {
        ledger.close();
    }
}
