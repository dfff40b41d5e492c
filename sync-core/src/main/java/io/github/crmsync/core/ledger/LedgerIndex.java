package io.github.crmsync.core.ledger;

import io.github.crmsync.core.ledger.Ledger.Stored;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The last entry of every key, found by key, by HubSpot id and by Dynamics id. */
public final class LedgerIndex {
    private final Map<LedgerEntry.Key, Stored> entries = new HashMap<>();
    // Nearly every id has one or two entries: short immutable lists cost a fraction of hash sets, and keep their order.
    private final Map<String, List<LedgerEntry.Key>> byHubspot = new HashMap<>();
    private final Map<String, List<LedgerEntry.Key>> byDynamics = new HashMap<>();
    private final Set<LedgerEntry.Key> open = new LinkedHashSet<>();

    public void apply(LedgerEntry entry, long position) {
        LedgerEntry.Key key = entry.key();
        Stored old = entries.put(key, new Stored(entry, position));
        if (old != null) {
            remove(byHubspot, old.entry().hubspotId(), key);
            remove(byDynamics, old.entry().dynamicsId(), key);
        }
        add(byHubspot, entry.hubspotId(), key);
        add(byDynamics, entry.dynamicsId(), key);
        if (entry.intent() != null) {
            open.add(key);
        } else {
            open.remove(key);
        }
    }

    public Stored get(LedgerEntry.Key key) {
        return entries.get(key);
    }

    public Collection<Stored> touching(String hubspotId, String dynamicsId) {
        Map<LedgerEntry.Key, Stored> found = new LinkedHashMap<>();
        collect(byHubspot.get(hubspotId), found);
        collect(byDynamics.get(dynamicsId), found);
        return found.values();
    }

    public List<Stored> open() {
        return open.stream().map(entries::get).toList();
    }

    /** The last entry of every key. */
    public Collection<Stored> all() {
        return entries.values();
    }

    public int size() {
        return entries.size();
    }

    private void collect(List<LedgerEntry.Key> keys, Map<LedgerEntry.Key, Stored> found) {
        if (keys != null) {
            keys.forEach(key -> found.put(key, entries.get(key)));
        }
    }

    private static void add(Map<String, List<LedgerEntry.Key>> index, String id, LedgerEntry.Key key) {
        if (id != null) {
            index.merge(
                    id,
                    List.of(key),
                    (a, b) -> Stream.concat(a.stream(), b.stream()).distinct().toList());
        }
    }

    private static void remove(Map<String, List<LedgerEntry.Key>> index, String id, LedgerEntry.Key key) {
        if (id != null) {
            index.computeIfPresent(id, (i, keys) -> {
                List<LedgerEntry.Key> rest =
                        keys.stream().filter(other -> !other.equals(key)).toList();
                return rest.isEmpty() ? null : rest;
            });
        }
    }
}
