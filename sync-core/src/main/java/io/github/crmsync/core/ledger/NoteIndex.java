package io.github.crmsync.core.ledger;

import io.github.crmsync.core.ledger.Ledger.StoredNote;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last note of every key, in the order of the log. */
public final class NoteIndex {
    private final Map<LedgerEntry.Key, StoredNote> notes = new LinkedHashMap<>();

    public void apply(Note note, long position) {
        LedgerEntry.Key key = new LedgerEntry.Key(note.owner(), note.sourceId());
        notes.remove(key);
        if (!note.note().isEmpty()) {
            notes.put(key, new StoredNote(note, position));
        }
    }

    public Collection<StoredNote> all() {
        return List.copyOf(notes.values());
    }
}
