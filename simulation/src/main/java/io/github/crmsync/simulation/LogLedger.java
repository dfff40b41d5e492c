package io.github.crmsync.simulation;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LedgerIndex;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;

/** One task's reader and writer of the ledger: it knows what it has read, no more. */
public final class LogLedger implements Ledger {
    private final LedgerLog log;
    private final String writer;
    private final int epoch;
    private final Pause pause;
    private final LedgerIndex index = new LedgerIndex();
    private int position;

    public LogLedger(LedgerLog log, String writer, Pause pause) {
        this.log = log;
        this.writer = writer;
        this.pause = pause;
        this.epoch = log.newEpoch(writer);
        read();
    }

    private void read() {
        while (position < log.end()) {
            index.apply(log.at(position), position++);
        }
    }

    @Override
    public void catchUp() {
        pause.here("ledger read");
        read();
        pause.here("ledger was read");
    }

    @Override
    public void append(List<LedgerEntry> entries) {
        pause.here("ledger append");
        if (log.fenced(writer, epoch)) {
            throw new ConnectException("Another instance of this task has taken over; this one stops");
        }
        log.append(entries);
        pause.here("ledger was appended to");
        read();
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
