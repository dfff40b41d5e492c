package io.github.crmsync.core.ledger;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Links, agreements and intents of one sync in one total order. The last entry of a key counts.
 *
 * <p>Not thread-safe: each sink task has its own.
 */
public interface Ledger extends AutoCloseable {
    /** Reads to the end: at least everything that was appended, by anyone, before this call. */
    void catchUp();

    /** As {@link #catchUp}, from time to time while there is nothing else to do. */
    default void look() {
        catchUp();
    }

    /** Appends durably and atomically what belongs to no partition, and applies the entries here. */
    void append(List<LedgerEntry> entries);

    /**
     * Takes over the entries of images from this partition: from now on only this ledger can append for it, and everything that
     * anyone else has appended for it is found by the next {@link #catchUp}.
     */
    default void take(TopicPartition partition) {}

    /**
     * Looks whether the topics of images keep the newest record of every key. Where the rights to look are missing, it only warns.
     *
     * @param mayCreate whether subscribing to a missing topic might create it
     * @throws org.apache.kafka.connect.errors.ConnectException if one would forget records, or would be created by subscribing
     */
    default void requireCompacted(Collection<String> topics, boolean mayCreate) {}

    /**
     * Looks for a topic of images, within a few seconds.
     *
     * @return empty if nobody can tell, as on another cluster or without the right to look
     */
    default Optional<TopicInfo> topic(String name) {
        return Optional.of(new TopicInfo(name, TopicInfo.UNKNOWN));
    }

    /** Ends what {@link #take} began. */
    default void release(TopicPartition partition) {}

    /**
     * Appends durably, the entries of each partition atomically, and applies them here.
     *
     * @param entries by partition of the images that they belong to, each of which was taken before
     * @throws TakenOverException if someone else has taken one of the partitions since
     */
    default void append(Map<TopicPartition, List<LedgerEntry>> entries) {
        append(entries.values().stream().flatMap(List::stream).toList());
    }

    /** The entry as last read, or null. */
    Stored get(LedgerEntry.Key key);

    /** Entries of both owners that name one of the two ids; either may be null. */
    Collection<Stored> touching(String hubspotId, String dynamicsId);

    /** Whether another sync, to which this one yields, has linked the HubSpot contact. */
    default boolean linkedByAnotherSync(String hubspotId) {
        return false;
    }

    /** Entries with an open intent. */
    Collection<Stored> open();

    /** Notes of both owners about the sync itself, in the order in which they were appended. */
    default Collection<StoredNote> notes() {
        return List.of();
    }

    /** Appends notes durably and atomically, and applies them here. */
    default void note(List<Note> notes) {}

    @Override
    void close();

    /** An entry and its position in the total order. */
    record Stored(LedgerEntry entry, long position) {}

    /** A note and its position in the total order. */
    record StoredNote(Note note, long position) {}
}
