package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LedgerIndex;
import java.util.Collection;
import java.util.List;

/** The ledger's total order in memory, without a broker; several sinks of a test can share it. */
public final class MemoryLedger implements Ledger {
    private final LedgerIndex index = new LedgerIndex();
    private long position;

    @Override
    public void catchUp() {}

    @Override
    public void append(List<LedgerEntry> entries) {
        entries.forEach(entry -> index.apply(entry, position++));
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
    public void close() {}
}
