package io.github.crmsync.hubspot;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LedgerIndex;
import java.util.Collection;
import java.util.List;

/** A ledger without a broker. */
final class MemoryLedger implements Ledger {
    private final LedgerIndex index = new LedgerIndex();
    private long position;

    @Override
    public void catchUp() {
        // Nobody else writes.
    }

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
    public void close() {
        // Nothing is open.
    }
}
