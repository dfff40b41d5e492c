package io.github.crmsync.core.ledger;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
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
 * @param log log that the offset belongs to, as in {@link Place}; null if unknown
 * @param time timestamp of that image in ms since the epoch; 0 if unknown
 * @param excluded why the record is out of scope, or null
 * @param movedTo id of the source record that took this one's place, and its link; else null
 * @param life number of times that the link was opened again after a deletion: a tombstone of an earlier life counts no more
 * @param by partition of the image on whose account it was appended; null if none, or unknown
 * @param on position of the entry of this key that its writer had read; null if unknown
 * @param gone of a tombstone, app whose record was found to be deleted; null if unknown
 * @param insteadOf position of a void entry, in whose place the entry at position {@code on} is appended once more; else null
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
        @JsonInclude(JsonInclude.Include.NON_NULL) String log,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long time,
        String excluded,
        String movedTo,
        int life,
        @JsonInclude(JsonInclude.Include.NON_NULL) Integer by,
        @JsonInclude(JsonInclude.Include.NON_NULL) Long on,
        @JsonInclude(JsonInclude.Include.NON_NULL) String gone,
        @JsonInclude(JsonInclude.Include.NON_NULL) Long insteadOf) {
    public enum State {
        NONE,
        LINKED,
        /** One of the two was deleted: never written, never created again. */
        TOMBSTONED,
        /** Another record with this e-mail address is linked already. */
        DUPLICATE,
        /**
         * Deleted before it was linked. Kept for ever, one small entry for each such record: as long as the topic may hold an
         * image from before the deletion, nothing else tells that image, when it is delivered once more, from one of a living
         * record, and a counterpart would be created. Neither the sink nor the ledger learns when compaction has removed the
         * last such image, and a record that was refused before, or a changed filter, may let it in. A record that is deleted
         * again, or read again, adds no entry.
         */
        GONE,
        /** Out of scope before it was linked, by an image that replaced one in scope. */
        EXCLUDED,
        /** Any state of a newer version of this software. Never written. */
        @JsonEnumDefaultValue
        UNKNOWN
    }

    /** Key in the ledger's topic, within one sync. */
    public record Key(String owner, String sourceId) {}

    public static LedgerEntry blank(String owner, String sourceId) {
        return new LedgerEntry(
                owner,
                sourceId,
                null,
                State.NONE,
                Map.of(),
                null,
                0,
                false,
                -1,
                null,
                0,
                null,
                null,
                0,
                null,
                null,
                null,
                null);
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

    /**
     * Whether a newer version of this software has written something that this one does not understand. The records that the
     * entry names are left alone until that version reads it, or writes it anew.
     */
    @JsonIgnore
    public boolean isUnreadable() {
        return state == State.UNKNOWN || intent != null && intent.kind() == Intent.Kind.UNKNOWN;
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
                owner, sourceId, target, state, base, newIntent, seen, differs, offset, log, time, excluded, movedTo,
                life, by, on, gone, null);
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
                log,
                time,
                excluded,
                movedTo,
                life,
                by,
                on,
                gone,
                null);
    }

    public LedgerEntry linked(String target, Map<String, Agreement> newBase) {
        return new LedgerEntry(
                owner,
                sourceId,
                target,
                State.LINKED,
                newBase,
                null,
                seen,
                differs,
                offset,
                log,
                time,
                excluded,
                movedTo,
                life,
                by,
                on,
                null,
                null);
    }

    /** @param in app whose record was found to be deleted */
    public LedgerEntry tombstoned(String target, String in) {
        return new LedgerEntry(
                owner,
                sourceId,
                target,
                State.TOMBSTONED,
                base,
                null,
                seen,
                differs,
                -1,
                null,
                0,
                excluded,
                movedTo,
                life,
                by,
                on,
                in,
                null);
    }

    /** Excluded from creation by the image at this place: a duplicate, or deleted or out of scope before it was linked. */
    public LedgerEntry shut(State newState, Place place) {
        return new LedgerEntry(
                        owner, sourceId, null, newState, base, null, seen, differs, -1, null, 0, excluded, movedTo,
                        life, by, on, null, null)
                .at(place);
    }

    /** Decided on the image at this place. */
    public LedgerEntry at(Place place) {
        return new LedgerEntry(
                owner,
                sourceId,
                targetId,
                state,
                base,
                intent,
                seen,
                differs,
                place.offset(),
                place.log(),
                place.time(),
                excluded,
                movedTo,
                life,
                by,
                on,
                gone,
                null);
    }

    /** The same with a number in place of an offset, for entries that are counters. */
    public LedgerEntry at(long number) {
        return at(new Place(null, number, 0));
    }

    /** Place of the image on which the state was decided. */
    @JsonIgnore
    public Place place() {
        return new Place(log, offset, time);
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
                log,
                time,
                excluded,
                movedTo,
                life,
                by,
                on,
                gone,
                null);
    }

    /** Hands the link to the record that took this one's place. */
    public LedgerEntry moved(String target, Map<String, Agreement> newBase, String successor) {
        return new LedgerEntry(
                owner,
                sourceId,
                target,
                State.LINKED,
                newBase,
                null,
                seen,
                differs,
                offset,
                log,
                time,
                excluded,
                successor,
                life,
                by,
                on,
                null,
                null);
    }

    /** A tombstone of which the record that was deleted first is back, and the other one is not there. */
    public LedgerEntry gone(String in) {
        return new LedgerEntry(
                owner, sourceId, targetId, state, base, intent, seen, differs, offset, log, time, excluded, movedTo,
                life, by, on, in, null);
    }

    /** What is left of an entry whose link has ended for good, because one of the two is linked to another record now. */
    LedgerEntry released(State now, int newLife) {
        return new LedgerEntry(
                owner, sourceId, null, now, Map.of(), intent, seen, differs, offset, log, time, null, movedTo, newLife,
                by, on, null, null);
    }

    /** The same state of records that go by other ids now. */
    public LedgerEntry withIds(String target, String successor) {
        return new LedgerEntry(
                owner, sourceId, target, state, base, intent, seen, differs, offset, log, time, excluded, successor,
                life, by, on, gone, null);
    }

    /** Opens the link again, or goes on in the life that the other owner has opened. */
    public LedgerEntry inLife(int newLife) {
        return new LedgerEntry(
                owner, sourceId, targetId, state, base, intent, seen, differs, offset, log, time, excluded, movedTo,
                newLife, by, on, gone, null);
    }

    public LedgerEntry excluded(String reason) {
        return new LedgerEntry(
                owner, sourceId, targetId, state, base, intent, seen, differs, offset, log, time, reason, movedTo, life,
                by, on, gone, null);
    }

    /** To be appended on account of an image from this partition, by one who has read up to this position of the key. */
    public LedgerEntry basedOn(int partition, long position) {
        return new LedgerEntry(
                owner, sourceId, targetId, state, base, intent, seen, differs, offset, log, time, excluded, movedTo,
                life, partition, position, gone, null);
    }

    /** Appended once more: compaction would keep a void entry that came later, and remove this one. */
    public LedgerEntry repeated(long ownPosition, long voidPosition) {
        return new LedgerEntry(
                owner,
                sourceId,
                targetId,
                state,
                base,
                intent,
                seen,
                differs,
                offset,
                log,
                time,
                excluded,
                movedTo,
                life,
                by,
                ownPosition,
                gone,
                voidPosition);
    }

    /**
     * Whether the entry counts for nothing after this one: once partitions are added, the images of a record may be in two, with
     * two tasks. The one that did not know what the other had appended has to look again. All readers come to the same verdict:
     * one who has not seen what the writer had read lags behind compaction.
     */
    boolean isVoidAfter(LedgerEntry last, long position) {
        return by != null && last.by != null && !by.equals(last.by) && on != null && on < position;
    }
}
