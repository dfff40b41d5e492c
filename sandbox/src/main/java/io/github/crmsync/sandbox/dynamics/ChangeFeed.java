package io.github.crmsync.sandbox.dynamics;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Changes of one table by version: the living rows, and the deletions. */
final class ChangeFeed {
    private final TreeMap<Long, Row> live = new TreeMap<>();
    private final TreeMap<Long, UUID> deleted = new TreeMap<>();
    private final Map<UUID, Long> tombstones = new HashMap<>();

    void record(Row row) {
        live.put(row.version(), row);
    }

    void forget(long version) {
        live.remove(version);
    }

    Long tombstone(UUID id) {
        return tombstones.get(id);
    }

    /** Sets or, with null, removes the deletion mark of an id. */
    void bury(UUID id, Long version) {
        Long old = version == null ? tombstones.remove(id) : tombstones.put(id, version);
        if (old != null) {
            deleted.remove(old);
        }
        if (version != null) {
            deleted.put(version, id);
        }
    }

    /** Living rows whose version is above {@code after} and at most {@code upTo}. */
    SortedMap<Long, Row> changed(long after, long upTo) {
        return after >= upTo ? new TreeMap<>() : live.subMap(after, false, upTo, true);
    }

    SortedMap<Long, UUID> deleted(long after, long upTo) {
        return after >= upTo ? new TreeMap<>() : deleted.subMap(after, false, upTo, true);
    }
}
