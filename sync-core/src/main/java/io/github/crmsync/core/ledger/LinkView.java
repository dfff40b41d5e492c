package io.github.crmsync.core.ledger;

import io.github.crmsync.core.ledger.Ledger.Stored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the entries of both owners say, taken together, of one source record and its link.
 *
 * @param own the owner's own entry, or a blank one
 * @param position position of the own entry, -1 if there is none
 * @param targetId id of the linked record, null if not linked
 * @param life number of times that the link was opened again
 * @param excludedElsewhere why the other owner put the pair out of scope, or null
 * @param base newest agreement per canonical field name
 * @param agreedVersion newest version of the source at any agreement
 * @param nextSeq Lamport number of the next agreement
 * @param othersOpen positions of other keys' open intents that touch the pair, and of their unreadable entries
 * @param others link, state and agreements of all other keys: what must not have moved when a lock is granted
 * @param unreadable whether an entry of the pair cannot be read, so that nothing can be decided
 */
public record LinkView(
        LedgerEntry own,
        long position,
        String targetId,
        boolean tombstoned,
        int life,
        String excludedElsewhere,
        Map<String, Agreement> base,
        long agreedVersion,
        long nextSeq,
        List<Long> othersOpen,
        Set<Object> others,
        boolean unreadable) {

    /** The merged view for one source record of an owner and, if not null, a target that it might be linked to. */
    public static LinkView of(Ledger ledger, String owner, String sourceId, String candidate) {
        boolean toHubspot = owner.equals("hubspot");
        Map<LedgerEntry.Key, Stored> touching = new LinkedHashMap<>();
        collect(touching, find(ledger, toHubspot, sourceId, candidate));
        Stored moved = ledger.get(new LedgerEntry.Key(owner, sourceId));
        if (moved != null) {
            collect(touching, List.of(moved));
        }
        String link = null;
        for (Stored stored : touching.values()) {
            LedgerEntry entry = stored.entry();
            if (entry.isLink() && sourceId.equals(sourceIdOf(entry, toHubspot))) {
                link = toHubspot ? entry.hubspotId() : entry.dynamicsId();
            }
        }
        if (link != null && !link.equals(candidate)) {
            collect(touching, find(ledger, toHubspot, sourceId, link));
        }
        return merge(touching.values(), new LedgerEntry.Key(owner, sourceId), link, toHubspot);
    }

    /** The own entry once one of the two records is deleted. */
    public LedgerEntry tombstone() {
        return own.tombstoned(targetId).inLife(life);
    }

    /** Whether the target is linked, or was, to whatever record. */
    public static boolean taken(Ledger ledger, String owner, String targetId) {
        boolean toHubspot = owner.equals("hubspot");
        return find(ledger, toHubspot, null, targetId).stream()
                .map(Stored::entry)
                .anyMatch(
                        entry -> entry.isLink() && targetId.equals(toHubspot ? entry.hubspotId() : entry.dynamicsId()));
    }

    /** Whether a lock that was requested at the own entry's present position is granted, given the view before it. */
    public boolean grants(LinkView before) {
        return !unreadable && !behindAnother() && others.equals(before.others);
    }

    /** Whether another intent on the pair is older than the own one and still open: then the own one was never granted. */
    public boolean behindAnother() {
        return othersOpen.stream().anyMatch(other -> other < position);
    }

    private static LinkView merge(Collection<Stored> touching, LedgerEntry.Key ownKey, String link, boolean toHubspot) {
        LedgerEntry own = LedgerEntry.blank(ownKey.owner(), ownKey.sourceId());
        long position = -1;
        int life = 0;
        int tombstonedIn = -1;
        String excludedElsewhere = null;
        Map<String, Agreement> base = new HashMap<>();
        long agreedVersion = 0;
        long seq = 0;
        List<Long> othersOpen = new ArrayList<>();
        Set<Object> others = new HashSet<>();
        boolean unreadable = false;
        for (Stored stored : touching) {
            LedgerEntry entry = stored.entry();
            boolean mine = entry.key().equals(ownKey);
            unreadable |= entry.isUnreadable();
            String target = toHubspot ? entry.hubspotId() : entry.dynamicsId();
            boolean ofLink =
                    link == null || link.equals(target) && ownKey.sourceId().equals(sourceIdOf(entry, toHubspot));
            if (mine) {
                own = entry;
                position = stored.position();
            } else {
                if (entry.intent() != null || entry.isUnreadable()) {
                    othersOpen.add(stored.position());
                }
                if (entry.isLink() || !entry.base().isEmpty()) {
                    others.add(List.of(entry.key(), String.valueOf(entry.targetId()), entry.state(), entry.base()));
                }
                if (ofLink && entry.excluded() != null) {
                    excludedElsewhere = entry.excluded();
                }
            }
            if (ofLink && entry.isLink()) {
                life = Math.max(life, entry.life());
            }
            if (ofLink && entry.state() == LedgerEntry.State.TOMBSTONED) {
                tombstonedIn = Math.max(tombstonedIn, entry.life());
            }
            if (ofLink) {
                for (Map.Entry<String, Agreement> field : entry.base().entrySet()) {
                    Agreement agreement = field.getValue();
                    base.merge(field.getKey(), agreement, (a, b) -> b.seq() > a.seq() ? b : a);
                    seq = Math.max(seq, agreement.seq());
                    agreedVersion = Math.max(
                            agreedVersion, toHubspot ? agreement.dynamicsVersion() : agreement.hubspotVersion());
                }
            }
        }
        return new LinkView(
                own,
                position,
                link,
                tombstonedIn == life,
                life,
                excludedElsewhere,
                base,
                agreedVersion,
                seq + 1,
                othersOpen,
                others,
                unreadable);
    }

    private static Collection<Stored> find(Ledger ledger, boolean toHubspot, String sourceId, String targetId) {
        return toHubspot ? ledger.touching(targetId, sourceId) : ledger.touching(sourceId, targetId);
    }

    private static String sourceIdOf(LedgerEntry entry, boolean toHubspot) {
        return toHubspot ? entry.dynamicsId() : entry.hubspotId();
    }

    private static void collect(Map<LedgerEntry.Key, Stored> into, Collection<Stored> found) {
        found.forEach(stored -> into.put(stored.entry().key(), stored));
    }
}
