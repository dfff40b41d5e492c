package io.github.crmsync.simulation;

import io.github.crmsync.core.ledger.Ledger.Stored;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LedgerIndex;
import io.github.crmsync.core.ledger.Note;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ledger's topic: one total order, and the newest writer of each transactional id. */
public final class LedgerLog {
    /** Sees every entry as it is appended. */
    public interface Watcher {
        void appended(LedgerEntry before, LedgerEntry after);
    }

    private final List<LedgerEntry> entries = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();
    private final Map<String, Integer> epochs = new HashMap<>();
    private LedgerIndex index = new LedgerIndex();
    private final Watcher watcher;
    private final boolean notesAreSteps;

    public LedgerLog(Watcher watcher) {
        this(watcher, false);
    }

    /** @param notesAreSteps whether others may come before and after each note */
    public LedgerLog(Watcher watcher, boolean notesAreSteps) {
        this.watcher = watcher;
        this.notesAreSteps = notesAreSteps;
    }

    boolean notesAreSteps() {
        return notesAreSteps;
    }

    int newEpoch(String writer) {
        return epochs.merge(writer, 1, Integer::sum);
    }

    boolean fenced(String writer, int epoch) {
        return epochs.getOrDefault(writer, 0) != epoch;
    }

    void append(List<LedgerEntry> added) {
        for (LedgerEntry entry : added) {
            Stored before = index.get(entry.key());
            index.apply(entry, entries.size());
            watcher.appended(
                    before == null ? null : before.entry(),
                    index.get(entry.key()).entry());
            entries.add(entry);
        }
    }

    void note(List<Note> added) {
        notes.addAll(added);
    }

    /** What the sinks have noted about the sync itself, in its order. */
    public List<Note> notes() {
        return notes;
    }

    /**
     * Only the last entry of each key survives.
     *
     * @param active number of newest entries that are neither removed nor make earlier ones go, as in Kafka's active segment
     */
    void compact(int active) {
        Set<LedgerEntry.Key> seen = new HashSet<>();
        for (int i = entries.size() - 1 - active; i >= 0; i--) {
            if (entries.get(i) != null && !seen.add(entries.get(i).key())) {
                entries.set(i, null);
            }
        }
    }

    /** The topic is deleted and made anew. */
    void lose() {
        entries.clear();
        notes.clear();
        index = new LedgerIndex();
    }

    public int end() {
        return entries.size();
    }

    /** Null if it was compacted away. */
    LedgerEntry at(int position) {
        return entries.get(position);
    }

    /** The newest entries, for those who look at a run from outside. */
    public LedgerIndex index() {
        return index;
    }
}
