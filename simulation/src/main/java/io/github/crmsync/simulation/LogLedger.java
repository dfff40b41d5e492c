package io.github.crmsync.simulation;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LedgerIndex;
import io.github.crmsync.core.ledger.Note;
import io.github.crmsync.core.ledger.NoteIndex;
import io.github.crmsync.core.ledger.TakenOverException;
import io.github.crmsync.core.ledger.TopicInfo;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;

/** One task's reader and writer of the ledger: it knows what it has read, no more. */
public final class LogLedger implements Ledger {
    private final LedgerLog log;
    private final String writer;
    private final String task;
    private final int epoch;
    private final Map<TopicPartition, Integer> epochs = new HashMap<>();
    private final Pause pause;
    private final LedgerIndex index = new LedgerIndex();
    private final NoteIndex notes = new NoteIndex();
    private int position;
    private int notePosition;

    public LogLedger(LedgerLog log, String writer, String task, Pause pause) {
        this.log = log;
        this.writer = writer;
        this.task = writer + "-task-" + task;
        this.pause = pause;
        this.epoch = log.newEpoch(this.task);
        read();
    }

    private void read() {
        while (position < log.end()) {
            LedgerEntry entry = log.at(position);
            if (entry != null) {
                index.apply(entry, position);
            }
            position++;
        }
        List<Note> said = log.notes();
        while (notePosition < said.size()) {
            notes.apply(said.get(notePosition), notePosition);
            notePosition++;
        }
    }

    @Override
    public void catchUp() {
        pause.here("ledger read");
        read();
        pause.here("ledger was read");
    }

    @Override
    public void look() {
        read();
    }

    @Override
    public Collection<StoredNote> notes() {
        return notes.all();
    }

    @Override
    public void note(List<Note> added) {
        // A step of its own where configurations change; elsewhere nobody else writes notes that could come before.
        boolean step = log.notesAreSteps() || added.get(0).sourceId().startsWith("sync/connector/");
        if (step) {
            pause.here("ledger append");
        }
        if (log.fenced(task, epoch)) {
            throw new ConnectException("Another instance of this task has taken over; this one stops");
        }
        log.note(added);
        if (step) {
            pause.here("ledger was appended to");
        }
        read();
    }

    @Override
    public void append(List<LedgerEntry> entries) {
        pause.here("ledger append");
        if (log.fenced(task, epoch)) {
            throw new ConnectException("Another instance of this task has taken over; this one stops");
        }
        log.append(entries);
        pause.here("ledger was appended to");
        read();
    }

    @Override
    public Optional<TopicInfo> topic(String name) {
        return pause.topic(name);
    }

    @Override
    public void take(TopicPartition partition) {
        pause.here("ledger take");
        epochs.put(partition, log.newEpoch(writer + "-" + partition));
        pause.taken(partition);
    }

    @Override
    public void release(TopicPartition partition) {
        epochs.remove(partition);
    }

    @Override
    public void append(Map<TopicPartition, List<LedgerEntry>> entries) {
        entries.forEach(this::appendOf);
        read();
        entries.keySet().forEach(partition -> {
            List<LedgerEntry> again = index.toRepeat(partition.partition());
            if (!again.isEmpty()) {
                pause.situation("void entry");
                appendOf(partition, again);
                read();
            }
        });
    }

    private void appendOf(TopicPartition partition, List<LedgerEntry> added) {
        pause.here("ledger append");
        if (log.fenced(writer + "-" + partition, epochs.getOrDefault(partition, -1))) {
            pause.situation("fenced");
            throw new TakenOverException(partition, null);
        }
        log.append(added);
        pause.here("ledger was appended to");
    }

    @Override
    public Stored get(LedgerEntry.Key key) {
        return index.get(key);
    }

    @Override
    public Collection<Stored> touching(String hubspotId, String dynamicsId) {
        return index.touching(hubspotId, dynamicsId);
    }

    @Override
    public Collection<Stored> open() {
        return index.open();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
