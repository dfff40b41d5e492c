package io.github.crmsync.core.ledger;

import io.github.crmsync.core.ledger.Ledger.Stored;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** The last entry of every key, found by key, by HubSpot id and by Dynamics id. */
public final class LedgerIndex {
    private final Map<LedgerEntry.Key, Stored> entries = new HashMap<>();
    // Nearly every id has one or two entries: short immutable lists cost a fraction of hash sets, and keep their order.
    private final Map<String, List<LedgerEntry.Key>> byHubspot = new HashMap<>();
    private final Map<String, List<LedgerEntry.Key>> byDynamics = new HashMap<>();
    private final Set<LedgerEntry.Key> open = new LinkedHashSet<>();
    /** Records whose place another one took: their key as sources, and that one's id. */
    private final Map<LedgerEntry.Key, String> moved = new HashMap<>();

    /** Entries that count for nothing, though they are the last ones of their keys. */
    private final Map<LedgerEntry.Key, Stored> voids = new HashMap<>();

    public void apply(LedgerEntry appended, long position) {
        Stored last = entries.get(appended.key());
        if (appended.insteadOf() != null) {
            repeat(appended, last);
            return;
        }
        if (last != null && appended.isVoidAfter(last.entry(), last.position())) {
            voids.put(appended.key(), new Stored(appended, position));
            return;
        }
        voids.remove(appended.key());
        count(appended, position);
    }

    /** Who has read the original has no need of it; where compaction has removed that one, the void entry had been taken for it. */
    private void repeat(LedgerEntry appended, Stored last) {
        Stored shadow = voids.get(appended.key());
        if (shadow != null && shadow.position() <= appended.insteadOf()) {
            voids.remove(appended.key());
        }
        if (last == null || last.position() < appended.on() || last.position() == appended.insteadOf()) {
            count(appended, appended.on());
        }
    }

    /**
     * What has to be appended once more, because the last entry of its key is void: compaction would keep that one.
     *
     * @param by partition on whose account the void entries were appended
     */
    public List<LedgerEntry> toRepeat(int by) {
        return voids.isEmpty()
                ? List.of()
                : voids.values().stream()
                        .filter(shadow -> shadow.entry().by() == by
                                && !entries.get(shadow.entry().key()).entry().isUnreadable())
                        .map(shadow -> {
                            Stored counts = entries.get(shadow.entry().key());
                            return counts.entry().repeated(counts.position(), shadow.position());
                        })
                        .toList();
    }

    private void count(LedgerEntry appended, long position) {
        LedgerEntry entry = present(appended);
        put(entry, position);
        if (entry.movedTo() != null) {
            moved.put(entry.key(), entry.movedTo());
            // Other entries name the record by its old id until they are written again.
            Map<String, List<LedgerEntry.Key>> bySource = entry.owner().equals("hubspot") ? byDynamics : byHubspot;
            for (LedgerEntry.Key key : bySource.getOrDefault(entry.sourceId(), List.of())) {
                Stored other = entries.get(key);
                put(present(other.entry()), other.position());
            }
        }
    }

    /** The entry with the ids by which its records go now. */
    private LedgerEntry present(LedgerEntry entry) {
        String other = entry.owner().equals("hubspot") ? "dynamics" : "hubspot";
        String target = successor(other, entry.targetId());
        String movedTo = successor(entry.owner(), entry.movedTo());
        boolean same = Objects.equals(target, entry.targetId()) && Objects.equals(movedTo, entry.movedTo());
        return same ? entry : entry.withIds(target, movedTo);
    }

    private String successor(String owner, String id) {
        String now = id;
        // Merges never make a ring; a faulty header might.
        for (int i = 0; now != null && i <= moved.size(); i++) {
            String next = moved.get(new LedgerEntry.Key(owner, now));
            if (next == null) {
                return now;
            }
            now = next;
        }
        return id;
    }

    private void put(LedgerEntry entry, long position) {
        LedgerEntry.Key key = entry.key();
        Stored old = entries.put(key, new Stored(entry, position));
        // A record that is about to get a link is touched as well.
        Map<String, List<LedgerEntry.Key>> bySource = key.owner().equals("hubspot") ? byDynamics : byHubspot;
        if (old != null) {
            remove(byHubspot, old.entry().hubspotId(), key);
            remove(byDynamics, old.entry().dynamicsId(), key);
            remove(bySource, successor(old.entry()), key);
        }
        add(byHubspot, entry.hubspotId(), key);
        add(byDynamics, entry.dynamicsId(), key);
        add(bySource, successor(entry), key);
        if (entry.intent() != null) {
            open.add(key);
        } else {
            open.remove(key);
        }
    }

    private static String successor(LedgerEntry entry) {
        return entry.intent() == null ? null : entry.intent().successor();
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

    /** Whether the HubSpot contact has a link that no deletion has ended, or an entry that may say so. */
    public boolean links(String hubspotId) {
        int life = -1;
        boolean open = false;
        for (Stored stored : touching(hubspotId, null)) {
            LedgerEntry entry = stored.entry();
            if (entry.isUnreadable()) {
                return true;
            }
            if (entry.isLink() && hubspotId.equals(entry.hubspotId()) && entry.life() >= life) {
                boolean alive = entry.state() == LedgerEntry.State.LINKED;
                open = entry.life() > life ? alive : open && alive;
                life = entry.life();
            }
        }
        return open;
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
