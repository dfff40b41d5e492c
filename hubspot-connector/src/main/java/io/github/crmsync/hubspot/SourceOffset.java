package io.github.crmsync.hubspot;

import io.github.crmsync.core.source.SourcePartition;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Where the source stands. All times are ms since the epoch on HubSpot's clock.
 *
 * @param portal portal that it belongs to; empty if the token cannot see the portal's id
 * @param phase {@code snapshot} or {@code incremental}
 * @param after paging token of the snapshot's next page; empty at its start and after its end
 * @param numbers value of each {@link Mark}
 */
record SourceOffset(String portal, String phase, String after, Map<Mark, Long> numbers) {
    static final String SNAPSHOT = "snapshot";
    static final String INCREMENTAL = "incremental";
    /** Format of the offset. */
    static final long VERSION = 1;

    static final SourcePartition PARTITION =
            new SourcePartition("object", "contacts", Map.of("app", "hubspot", "object", "contacts"));

    private static final Set<String> TEXTS = Set.of("portal", "phase", "after", "v");

    /** By how much less is left to read. A paging token is the id of the next contact, a number. */
    private static final Comparator<SourceOffset> BY_PROGRESS = Comparator.comparing(
                    (SourceOffset offset) -> !offset.inSnapshot())
            .thenComparing(offset -> offset.get(Mark.CURSOR))
            .thenComparing(offset -> offset.after().length())
            .thenComparing(SourceOffset::after);

    /** What an offset remembers. */
    enum Mark {
        /** Time up to which all changes were sent. */
        CURSOR("cursor", true),
        /** Time up to which all deletions that the archive shows were sent. */
        DELETED("deleted", true),
        /** When the last sweep, or the snapshot, began. */
        SWEEP("sweep", true),
        /** When the last comparison of the linked contacts with HubSpot began. */
        CHECKED("checked", true),
        /** Fingerprint of the lists' members as everything that was sent knows them; 0 without lists. */
        SCOPE("scope", false),
        /** Version of the records' schema. */
        SCHEMA("schema", false),
        /** Fingerprint of the properties that the schema was made of. */
        SHAPE("shape", false);

        final String field;
        private final boolean time;

        Mark(String field, boolean time) {
            this.field = field;
            this.time = time;
        }
    }

    SourceOffset {
        numbers = Map.copyOf(numbers);
    }

    /** The offset of a first start: everything is still to be sent, and what happens from then on to be found. */
    static SourceOffset begin(String portal, long start) {
        Map<Mark, Long> numbers = new LinkedHashMap<>();
        for (Mark mark : Mark.values()) {
            numbers.put(mark, mark.time ? start : 0);
        }
        return new SourceOffset(portal, SNAPSHOT, "", numbers);
    }

    /**
     * The furthest of the offsets that a source has stored; null for none. Several mean that the source began anew more than
     * once: deletions in between were perhaps reported to none of them, so they are looked for again.
     */
    static SourceOffset furthest(List<SourceOffset> stored) {
        SourceOffset furthest = stored.stream().max(BY_PROGRESS).orElse(null);
        if (stored.size() < 2) {
            return furthest;
        }
        long deleted = stored.stream()
                .mapToLong(offset -> offset.get(Mark.DELETED))
                .min()
                .orElseThrow();
        return furthest.with(Mark.DELETED, deleted).checkDue();
    }

    /** Nothing has been read yet. */
    boolean atTheBeginning() {
        return inSnapshot() && after.isEmpty();
    }

    /** Has the linked contacts compared with HubSpot at once, not only after the usual interval. */
    SourceOffset checkDue() {
        return with(Mark.CHECKED, 0);
    }

    /** Has all contacts sent again at once, also after a restart in between. */
    SourceOffset sweepDue() {
        return with(Mark.SWEEP, 0);
    }

    boolean isSweepDue() {
        return get(Mark.SWEEP) == 0;
    }

    boolean inSnapshot() {
        return phase.equals(SNAPSHOT);
    }

    long get(Mark mark) {
        return numbers.get(mark);
    }

    SourceOffset with(Mark mark, long value) {
        Map<Mark, Long> changed = new LinkedHashMap<>(numbers);
        changed.put(mark, value);
        return new SourceOffset(portal, phase, after, changed);
    }

    /** Moves the cursor, never back. */
    SourceOffset withCursor(long ms) {
        return with(Mark.CURSOR, Math.max(get(Mark.CURSOR), ms));
    }

    SourceOffset withAfter(String next) {
        return new SourceOffset(portal, phase, next, numbers);
    }

    SourceOffset incremental() {
        return new SourceOffset(portal, INCREMENTAL, "", numbers);
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("portal", portal);
        map.put("phase", phase);
        map.put("after", after);
        for (Mark mark : Mark.values()) {
            map.put(mark.field, get(mark));
        }
        map.put("v", VERSION);
        return map;
    }

    /**
     * Reads what {@link #toMap} wrote.
     *
     * @throws ConnectException with a sentence for the user if this is no such offset
     */
    static SourceOffset of(Map<String, ?> map) {
        if (!(map.get("v") instanceof Number version) || version.longValue() != VERSION) {
            throw new ConnectException("The offset must carry \"v\": " + VERSION + ", not " + map.get("v"));
        }
        String phase = String.valueOf(map.get("phase"));
        if (!phase.equals(SNAPSHOT) && !phase.equals(INCREMENTAL)) {
            throw new ConnectException(
                    "The offset's \"phase\" must be " + SNAPSHOT + " or " + INCREMENTAL + ", not " + phase);
        }
        if (map.get(Mark.CURSOR.field) == null) {
            throw new ConnectException("The offset lacks \"cursor\", a time in ms since the epoch");
        }
        long cursor = number(map, Mark.CURSOR, 0);
        Map<Mark, Long> numbers = new LinkedHashMap<>();
        for (Mark mark : Mark.values()) {
            numbers.put(mark, number(map, mark, mark.time ? cursor : 0));
        }
        return new SourceOffset(text(map, "portal"), phase, text(map, "after"), numbers);
    }

    /**
     * Names in an offset that mean nothing: typing errors, where an operator wrote it. A stored offset may have some, from a
     * later version.
     */
    static Set<String> unknown(Map<String, ?> map) {
        Set<String> unknown = new TreeSet<>(map.keySet());
        unknown.removeAll(TEXTS);
        for (Mark mark : Mark.values()) {
            unknown.remove(mark.field);
        }
        return unknown;
    }

    /** A hash as a number that every JSON library keeps whole. */
    static long whole(long hash) {
        return hash >>> 11;
    }

    private static String text(Map<String, ?> map, String name) {
        return map.get(name) == null ? "" : map.get(name).toString();
    }

    private static long number(Map<String, ?> map, Mark mark, long otherwise) {
        Object value = map.get(mark.field);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number && number.longValue() >= 0) {
            return number.longValue();
        }
        throw new ConnectException("The offset's \"" + mark.field + "\" must be "
                + (mark.time ? "a time in ms since the epoch" : "a whole number") + ", not " + value);
    }

    /** The offset to go on from, refused if it was written for another portal. */
    SourceOffset forPortal(String current) {
        if (!portal.isEmpty() && !current.isEmpty() && !portal.equals(current)) {
            throw new ConnectException("The offset belongs to HubSpot portal " + portal
                    + ", but the credentials to portal " + current
                    + ". Use another connector name, or delete the connector's offsets to start anew");
        }
        return portal.isEmpty() ? new SourceOffset(current, phase, after, numbers) : this;
    }
}
