package io.github.crmsync.sandbox.hubspot;

import java.util.Arrays;
import java.util.Locale;

/**
 * Behaviour on which HubSpot's documents are silent or disagree, or that differs between portals. Off means the reading
 * that the documents or most reports support.
 */
public enum Quirk {
    /** Asked-for properties without a value are left out; otherwise they are null. */
    OMIT_UNSET,
    /** A lifecycle stage that would go backwards is a 400; otherwise the old stage stays, without an error. */
    REJECT_LIFECYCLE_BACKWARDS,
    /** A merge keeps the primary's id, as in the beta of that name; otherwise the survivor gets a new one. */
    KEEP_MERGED_PRIMARY_ID,
    /** A batch read finds nothing under an id that was merged away; otherwise it finds the survivor. */
    MERGED_IDS_MISSING_IN_BATCH_READ,
    /** A conflict does not tell the id of the contact that owns the address. */
    HIDE_CONFLICT_OWNER,
    /** A batch that is refused as a whole tells of its first bad input only; otherwise of all. */
    FIRST_BATCH_ERROR_ONLY,
    /** The modification time moves once more a little after each write, as calculated properties catch up. */
    SECOND_BUMP,
    /** Error bodies as older captures have them: validation without {@code errors}, 429 with a {@code category}. */
    OLDER_ERROR_BODIES,
    /** A 429 has a {@code Retry-After} header, in seconds. */
    RETRY_AFTER_ON_429,
    /** Null in a write clears the property; otherwise it is ignored. */
    NULL_CLEARS,
    /** A contact may be created without an address and a name. */
    NAMELESS_CONTACTS,
    /** An upsert by e-mail clears what it does not send; otherwise that stays. */
    PARTIAL_UPSERT_CLEARS,
    /** A batch update takes {@code email} as {@code idProperty}; otherwise that is a 400. */
    UPDATE_BY_EMAIL,
    /** An address of the block list that GDPR deletion keeps can be used again. */
    BLOCKED_ADDRESSES_RETURN,
    /** An address whose domain has letters beyond ASCII is invalid; otherwise it is stored as it is given. */
    ASCII_ADDRESSES,
    /** Searches allow 10 filters in a group and 25 in all; otherwise 6 and 18. */
    MORE_SEARCH_FILTERS,
    /** The limit of 3,000 characters is that of a search's query; otherwise of its whole body. */
    LONG_SEARCH_BODIES,
    /** From 2026-09 on, a time in seconds instead of milliseconds is refused. */
    REJECT_EPOCH_SECONDS,
    /** A deleted list has no members; otherwise it keeps them. */
    EMPTY_DELETED_LISTS,
    /** Answers to batch writes do not tell which trace id a result or an error belongs to. */
    OMIT_TRACE_IDS,
    /** Domains of addresses that are not ASCII are stored in their ASCII form; otherwise as they were sent. */
    PUNYCODE_ADDRESSES;

    /** The name on a command line, for example {@code omit-unset}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Quirk of(String name) {
        for (Quirk quirk : values()) {
            if (quirk.toString().equals(name.strip())) {
                return quirk;
            }
        }
        throw new IllegalArgumentException("unknown: " + name + "; known are " + Arrays.toString(values()));
    }
}
