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
 * @param movedTo id of the source record that took this one's place, and its link; else null
 * @param life number of times that the link was opened again after a deletion: a tombstone of an earlier life counts no more
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
        String excluded,
        String movedTo,
        int life) {
    public enum State {
        NONE,
        LINKED,
        /** One of the two was deleted: never written, never created again. */
        TOMBSTONED,
        /** Another record with this e-mail address is linked already. */
        DUPLICATE,
        /** Deleted before it was linked. */
        GONE,
        /** Out of scope before it was linked, by an image that replaced one in scope. */
        EXCLUDED
    }

    /** Key in the ledger's topic, within one sync. */
    public record Key(String owner, String sourceId) {}

    public static LedgerEntry blank(String owner, String sourceId) {
        return new LedgerEntry(owner, sourceId, null, State.NONE, Map.of(), null, 0, false, -1, null, null, 0);
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
        return owner.equals("hubspot") ? targetId : presentSourceId();
    }

    @JsonIgnore
    public String dynamicsId() {
        return owner.equals("hubspot") ? presentSourceId() : targetId;
    }

    private String presentSourceId() {
        return movedTo == null ? sourceId : movedTo;
    }

    public LedgerEntry withIntent(String target, Intent newIntent) {
        return new LedgerEntry(
                owner, sourceId, target, state, base, newIntent, seen, differs, offset, excluded, movedTo, life);
    }

    /** Closes an intent that had no effect. */
    public LedgerEntry withdrawn() {
        return new LedgerEntry(
                owner,
                sourceId,
                isLink() ? targetId : null,
                state,
                base,
                null,
                seen,
                differs,
                offset,
                excluded,
                movedTo,
                life);
    }

    public LedgerEntry linked(String target, Map<String, Agreement> newBase) {
        return new LedgerEntry(
                owner, sourceId, target, State.LINKED, newBase, null, seen, differs, offset, excluded, movedTo, life);
    }

    public LedgerEntry tombstoned(String target) {
        return new LedgerEntry(
                owner, sourceId, target, State.TOMBSTONED, base, null, seen, differs, -1, excluded, movedTo, life);
    }

    /** Excluded from creation by the image at this offset: a duplicate, or deleted or out of scope before it was linked. */
    public LedgerEntry shut(State newState, long atOffset) {
        return new LedgerEntry(
                owner, sourceId, null, newState, base, null, seen, differs, atOffset, excluded, movedTo, life);
    }

    public LedgerEntry at(long imageOffset) {
        return new LedgerEntry(
                owner, sourceId, targetId, state, base, intent, seen, differs, imageOffset, excluded, movedTo, life);
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
                excluded,
                movedTo,
                life);
    }

    /** Hands the link to the record that took this one's place. */
    public LedgerEntry moved(String target, Map<String, Agreement> newBase, String successor) {
        return new LedgerEntry(
                owner, sourceId, target, State.LINKED, newBase, null, seen, differs, offset, excluded, successor, life);
    }

    /** The same state of records that go by other ids now. */
    public LedgerEntry withIds(String target, String successor) {
        return new LedgerEntry(
                owner, sourceId, target, state, base, intent, seen, differs, offset, excluded, successor, life);
    }

    /** Opens the link again, or goes on in the life that the other owner has opened. */
    public LedgerEntry inLife(int newLife) {
        return new LedgerEntry(
                owner, sourceId, targetId, state, base, intent, seen, differs, offset, excluded, movedTo, newLife);
    }

    public LedgerEntry excluded(String reason) {
        return new LedgerEntry(
                owner, sourceId, targetId, state, base, intent, seen, differs, offset, reason, movedTo, life);
    }
}
