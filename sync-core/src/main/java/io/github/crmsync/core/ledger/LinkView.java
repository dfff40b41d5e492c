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
 * @param life number of times that the link was opened again; without a link, where a new one begins
 * @param former own entry as it stands in the ledger, if the record was linked once to one that is linked to another record
 *     now; else null
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
        LedgerEntry former,
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
        int life = -1;
        for (Stored stored : touching.values()) {
            LedgerEntry entry = stored.entry();
            // A link that has passed on to another record counts for less than what came after it.
            if (entry.isLink() && sourceId.equals(sourceIdOf(entry, toHubspot)) && entry.life() >= life) {
                link = targetIdOf(entry, toHubspot);
                life = entry.life();
            }
        }
        if (link != null && hasPassedOn(ledger, toHubspot, sourceId, link, life)) {
            link = null;
        }
        if (link != null && !link.equals(candidate)) {
            collect(touching, find(ledger, toHubspot, sourceId, link));
        }
        return merge(touching.values(), new LedgerEntry.Key(owner, sourceId), link, toHubspot);
    }

    /**
     * The own entry once one of the two records is deleted.
     *
     * @param in app whose record it is
     */
    public LedgerEntry tombstone(String in) {
        return own.tombstoned(targetId, in).inLife(life);
    }

    /** Whether the record was linked once, to one that is linked to another record now. */
    public boolean passedOn() {
        return former != null;
    }

    /** Whether the target is linked, or was, to whatever record. */
    public static boolean taken(Ledger ledger, String owner, String targetId) {
        boolean toHubspot = owner.equals("hubspot");
        return find(ledger, toHubspot, null, targetId).stream()
                .map(Stored::entry)
                .anyMatch(entry -> entry.isLink() && targetId.equals(targetIdOf(entry, toHubspot)));
    }

    /**
     * The source's record that the target was linked to last, if that one is known to be deleted: then another one may take its
     * place. Only the owner's own entry tells, with the place of the deletion: older images of the record, which come later, must
     * not create a new counterpart.
     *
     * @return null if the target is linked, was never linked, or nothing is known of its partner's deletion
     */
    public static String deletedPartner(Ledger ledger, String owner, String targetId) {
        boolean toHubspot = owner.equals("hubspot");
        List<LedgerEntry> links = find(ledger, toHubspot, null, targetId).stream()
                .map(Stored::entry)
                .filter(entry -> entry.isLink() && targetId.equals(targetIdOf(entry, toHubspot)))
                .toList();
        int last = links.stream().mapToInt(LedgerEntry::life).max().orElse(0);
        return links.stream()
                .filter(entry -> entry.life() == last
                        && entry.owner().equals(owner)
                        && entry.state() == LedgerEntry.State.TOMBSTONED
                        && entry.gone() != null
                        && !entry.gone().equals(owner))
                .map(entry -> sourceIdOf(entry, toHubspot))
                .findFirst()
                .orElse(null);
    }

    /** Whether the target is linked to another record now. */
    private static boolean hasPassedOn(Ledger ledger, boolean toHubspot, String sourceId, String targetId, int life) {
        return find(ledger, toHubspot, null, targetId).stream()
                .map(Stored::entry)
                .anyMatch(entry -> entry.isLink()
                        && entry.life() > life
                        && targetId.equals(targetIdOf(entry, toHubspot))
                        && !sourceId.equals(sourceIdOf(entry, toHubspot)));
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
        boolean passedOn = false;
        List<Long> othersOpen = new ArrayList<>();
        Set<Object> others = new HashSet<>();
        boolean unreadable = false;
        for (Stored stored : touching) {
            LedgerEntry entry = stored.entry();
            boolean mine = entry.key().equals(ownKey);
            unreadable |= entry.isUnreadable();
            String target = targetIdOf(entry, toHubspot);
            boolean ofLink =
                    link == null || link.equals(target) && ownKey.sourceId().equals(sourceIdOf(entry, toHubspot));
            if (mine) {
                own = entry;
                passedOn = entry.isLink() && entry.movedTo() == null && (link == null || !ofLink);
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
        boolean tombstoned = link != null && tombstonedIn == life;
        if (link == null && lastLife(touching) >= 0) {
            // One more than it takes to open a former link again: of the two, this one counts.
            life = lastLife(touching) + 2;
        }
        if (link != null && !own.isLink()) {
            // The other owner has linked it, maybe in a later life.
            own = own.inLife(life);
        }
        LedgerEntry former = passedOn && link == null ? own : null;
        if (passedOn) {
            own = own.released(link == null ? LedgerEntry.State.GONE : LedgerEntry.State.NONE, life);
        }
        return new LinkView(
                own,
                position,
                link,
                tombstoned,
                former,
                life,
                excludedElsewhere,
                base,
                agreedVersion,
                seq + 1,
                othersOpen,
                others,
                unreadable);
    }

    /** Highest life of the links among these, -1 if there is none. */
    private static int lastLife(Collection<Stored> touching) {
        return touching.stream()
                .map(Stored::entry)
                .filter(LedgerEntry::isLink)
                .mapToInt(LedgerEntry::life)
                .max()
                .orElse(-1);
    }

    private static Collection<Stored> find(Ledger ledger, boolean toHubspot, String sourceId, String targetId) {
        return toHubspot ? ledger.touching(targetId, sourceId) : ledger.touching(sourceId, targetId);
    }

    private static String targetIdOf(LedgerEntry entry, boolean toHubspot) {
        return toHubspot ? entry.hubspotId() : entry.dynamicsId();
    }

    private static String sourceIdOf(LedgerEntry entry, boolean toHubspot) {
        return toHubspot ? entry.dynamicsId() : entry.hubspotId();
    }

    private static void collect(Map<LedgerEntry.Key, Stored> into, Collection<Stored> found) {
        found.forEach(stored -> into.put(stored.entry().key(), stored));
    }
}
