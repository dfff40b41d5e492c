package io.github.crmsync.core.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;

/**
 * Whole state of one source record, as its owner sees it. The owner is the sink that consumes the record's images; it is
 * named after the app that it writes to.
 *
 * @param owner {@code hubspot} or {@code dynamics}
 * @param sourceId id of the record whose images the owner consumes
 * @param targetId id of the linked record in the owner's app, or of the one that an open intent is about; may be null
 * @param base agreements by canonical field name
 * @param intent open intent, or null
 * @param seen newest image version handled that left, or ended, a difference without an agreement
 * @param differs whether such a difference stands
 * @param offset offset of the image on which the state was decided, which tells the order of two images of one version; -1 if
 *     unknown
 * @param excluded why the record is out of scope, or null
 */
public record LedgerEntry(
        String owner,
        String sourceId,
        String targetId,
        State state,
        Map<String, Agreement> base,
        Intent intent,
        long seen,
        boolean differs,
        long offset,
        String excluded) {
    public enum State {
        NONE,
        LINKED,
        /** One of the two was deleted: never written, never created again. */
        TOMBSTONED,
        /** Another record with this e-mail address is linked already. */
        DUPLICATE,
        /** Deleted before it was linked. */
        GONE
    }

    /** Key in the ledger's topic, within one sync. */
    public record Key(String owner, String sourceId) {}

    public static LedgerEntry blank(String owner, String sourceId) {
        return new LedgerEntry(owner, sourceId, null, State.NONE, Map.of(), null, 0, false, -1, null);
    }

    @JsonIgnore
    public Key key() {
        return new Key(owner, sourceId);
    }

    /** Whether the entry stands for a link, open or tombstoned. */
    @JsonIgnore
    public boolean isLink() {
        return state == State.LINKED || state == State.TOMBSTONED;
    }

    @JsonIgnore
    public String hubspotId() {
        return owner.equals("hubspot") ? targetId : sourceId;
    }

    @JsonIgnore
    public String dynamicsId() {
        return owner.equals("hubspot") ? sourceId : targetId;
    }

    public LedgerEntry withIntent(String target, Intent newIntent) {
        return new LedgerEntry(owner, sourceId, target, state, base, newIntent, seen, differs, offset, excluded);
    }

    /** Closes an intent that had no effect. */
    public LedgerEntry withdrawn() {
        return new LedgerEntry(
                owner, sourceId, isLink() ? targetId : null, state, base, null, seen, differs, offset, excluded);
    }

    public LedgerEntry linked(String target, Map<String, Agreement> newBase) {
        return new LedgerEntry(owner, sourceId, target, State.LINKED, newBase, null, seen, differs, offset, excluded);
    }

    public LedgerEntry tombstoned(String target) {
        return new LedgerEntry(owner, sourceId, target, State.TOMBSTONED, base, null, seen, differs, -1, excluded);
    }

    /** Excluded from creation by the image at this offset: a duplicate, or deleted before it was linked. */
    public LedgerEntry shut(State newState, long atOffset) {
        return new LedgerEntry(owner, sourceId, null, newState, base, null, seen, differs, atOffset, excluded);
    }

    public LedgerEntry at(long imageOffset) {
        return new LedgerEntry(owner, sourceId, targetId, state, base, intent, seen, differs, imageOffset, excluded);
    }

    public LedgerEntry seen(long version, boolean differenceStands) {
        return new LedgerEntry(
                owner,
                sourceId,
                targetId,
                state,
                base,
                intent,
                Math.max(seen, version),
                differenceStands,
                offset,
                excluded);
    }

    public LedgerEntry excluded(String reason) {
        return new LedgerEntry(owner, sourceId, targetId, state, base, intent, seen, differs, offset, reason);
    }
}
