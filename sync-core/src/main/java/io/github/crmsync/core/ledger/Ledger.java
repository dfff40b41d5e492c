package io.github.crmsync.core.ledger;

import java.util.Collection;
import java.util.List;

/**
 * Links, agreements and intents of one sync in one total order. The last entry of a key counts.
 *
 * <p>Not thread-safe: each sink task has its own.
 */
public interface Ledger extends AutoCloseable {
    /** Reads to the end: at least everything that was appended, by anyone, before this call. */
    void catchUp();

    /** Appends durably and atomically, and applies the entries here. */
    void append(List<LedgerEntry> entries);

    /** The entry as last read, or null. */
    Stored get(LedgerEntry.Key key);

    /** Entries of both owners that name one of the two ids; either may be null. */
    Collection<Stored> touching(String hubspotId, String dynamicsId);

    /** Entries with an open intent. */
    Collection<Stored> open();

    @Override
    void close();

    /** An entry and its position in the total order. */
    record Stored(LedgerEntry entry, long position) {}
}
