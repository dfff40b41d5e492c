package io.github.crmsync.dynamics;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Where a source reads on.
 *
 * @param organization id of the environment that the link belongs to
 * @param columns columns read, joined by commas: they are part of a link, so others need a new reading
 * @param link next link or delta link; null for the beginning, and between two passes by modification time
 * @param swept when the last sweep (or the first reading) ended, in ms since the epoch; 0 for never
 * @param since by modification time only: the server's time up to which all changes have been read, in ms
 * @param started by modification time only: the server's time when the pass began that the link belongs to, in ms
 * @param gap whether rows may have been deleted that no change told of, and the ids are still to be compared
 */
record SourceOffset(
        String organization,
        String columns,
        Phase phase,
        String link,
        long swept,
        long since,
        long started,
        boolean gap) {
    static final String TRACKING_OFF =
            "Dataverse gives no delta link: change tracking is switched off for the table. Switch it"
                    + " on in the table's properties (Track changes) and restart the task, or set "
                    + DynamicsSourceConfig.INCREMENTAL_MODE + "=modifiedon.";

    static final String FORMAT = "1";
    private static final String FORMAT_KEY = "format";
    private static final String ORGANIZATION = "organization";
    private static final String COLUMNS = "columns";
    private static final String PHASE = "phase";
    private static final String LINK = "link";
    private static final String SWEPT = "swept";
    private static final String SINCE = "since";
    private static final String STARTED = "started";
    private static final String GAP = "gap";

    private static final Set<String> NAMES =
            Set.of(FORMAT_KEY, ORGANIZATION, COLUMNS, PHASE, LINK, SWEPT, SINCE, STARTED, GAP);

    /** Begins with a number that grows with the changes (Dataverse documentation, "Use change tracking"). */
    private static final Pattern DELTA_TOKEN = Pattern.compile("\\$deltatoken=(\\d{1,18})\\D");

    /** By how much less is left to read. */
    private static final Comparator<SourceOffset> BY_PROGRESS = Comparator.comparing(SourceOffset::phase)
            .thenComparing(offset -> offset.link != null)
            .thenComparing(SourceOffset::tokenNumber)
            .thenComparing(SourceOffset::since)
            .thenComparing(offset -> offset.swept);

    /** In the order of progress. */
    enum Phase {
        /** First complete reading. */
        SNAPSHOT,
        /** Complete reading because the delta token had expired. */
        REREAD,
        /** First complete reading done; the end marks are still to be sent. */
        MARKS,
        /** Changes. */
        LIVE;

        boolean complete() {
            return this == SNAPSHOT || this == REREAD;
        }

        /** What follows when a reading has come to its end. */
        Phase next() {
            return this == SNAPSHOT ? MARKS : LIVE;
        }
    }

    SourceOffset(String organization, String columns, Phase phase, String link, long swept) {
        this(organization, columns, phase, link, swept, 0, 0, false);
    }

    static SourceOffset beginning(String organization, String columns) {
        return new SourceOffset(organization, columns, Phase.SNAPSHOT, null, 0);
    }

    /**
     * The furthest of the offsets that a source has stored; null for none. Several mean that the source began anew more than
     * once: deletions in between were perhaps reported to none of them, so the ids are compared.
     */
    static SourceOffset furthest(List<SourceOffset> stored) {
        SourceOffset furthest = stored.stream().max(BY_PROGRESS).orElse(null);
        return stored.size() < 2 ? furthest : furthest.withGap();
    }

    /** 0 where the link has no token that can be compared. */
    private long tokenNumber() {
        Matcher token = DELTA_TOKEN.matcher(link == null ? "" : link);
        return token.find() ? Long.parseLong(token.group(1)) : 0;
    }

    /** Has the ids compared after the reading. */
    SourceOffset withGap() {
        return new SourceOffset(organization, columns, phase, link, swept, since, started, true);
    }

    /** @throws ConnectException if the offset was written for another organization */
    void requireOrganization(String current) {
        if (!organization.equals(current)) {
            throw new ConnectException(
                    "The offset belongs to another organization (" + organization + ", now " + current
                            + "). If the environment was replaced, stop the connector, delete its offsets"
                            + " (DELETE /connectors/{name}/offsets) and resume it.");
        }
    }

    /**
     * Names in an offset that mean nothing: typing errors, where an operator wrote it. A stored offset may have some, from a
     * later version.
     */
    static Set<String> unknown(Map<String, ?> map) {
        Set<String> unknown = new TreeSet<>(map.keySet());
        unknown.removeAll(NAMES);
        return unknown;
    }

    /** Whether a reading by modification time left this offset. */
    boolean byTime() {
        return started > 0;
    }

    boolean atTheBeginning() {
        return phase.complete() && link == null;
    }

    /**
     * A new complete reading from the same place; the first one starts over, a later one needs no end marks. What is deleted
     * meanwhile is known to no feed.
     */
    SourceOffset restarted() {
        Phase next = phase == Phase.SNAPSHOT || phase == Phase.MARKS ? Phase.SNAPSHOT : Phase.REREAD;
        return new SourceOffset(organization, columns, next, null, swept, 0, 0, gap || !atTheBeginning());
    }

    /** The same for other columns. */
    SourceOffset restarted(String otherColumns) {
        SourceOffset next = restarted();
        return new SourceOffset(organization, otherColumns, next.phase, null, swept, 0, 0, next.gap);
    }

    /**
     * Where to read on after a page, with change tracking.
     *
     * @param now time in ms since the epoch: a complete reading counts as a sweep
     * @throws ConnectException if the page ends a reading without a delta link
     */
    SourceOffset after(String nextLink, String deltaLink, boolean empty, long now) {
        if (nextLink != null) {
            return at(phase, nextLink, swept, since, started);
        }
        if (deltaLink != null) {
            return at(phase.next(), deltaLink, phase.complete() ? now : swept, since, started);
        }
        if (phase == Phase.LIVE && empty) {
            return this; // Nothing new, and the link stays good.
        }
        throw new ConnectException(TRACKING_OFF);
    }

    /**
     * Where to read on after a page, by modification time.
     *
     * @param serverTime when the page was answered, by the server's clock
     */
    SourceOffset afterByTime(String nextLink, long serverTime, long now) {
        long pass = link == null ? serverTime : started;
        return nextLink != null
                ? at(phase, nextLink, swept, since, pass)
                : at(phase.next(), null, phase.complete() ? now : swept, pass, pass);
    }

    SourceOffset marked() {
        return at(Phase.LIVE, link, swept, since, started);
    }

    SourceOffset swept(long now) {
        return at(phase, link, now, since, started);
    }

    /** After all ids have been compared. */
    SourceOffset compared() {
        return new SourceOffset(organization, columns, phase, link, swept, since, started, false);
    }

    private SourceOffset at(Phase at, String newLink, long newSwept, long newSince, long newStarted) {
        return new SourceOffset(organization, columns, at, newLink, newSwept, newSince, newStarted, gap);
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(FORMAT_KEY, FORMAT);
        map.put(ORGANIZATION, organization);
        map.put(COLUMNS, columns);
        map.put(PHASE, phase.name());
        map.put(LINK, link);
        map.put(SWEPT, Long.toString(swept));
        map.put(SINCE, Long.toString(since));
        map.put(STARTED, Long.toString(started));
        map.put(GAP, Boolean.toString(gap));
        return map;
    }

    /**
     * Reads a stored offset.
     *
     * @throws ConnectException if this version did not write it
     */
    static SourceOffset of(Map<String, ?> map) {
        try {
            if (!FORMAT.equals(Objects.toString(map.get(FORMAT_KEY), null))) {
                throw new ConnectException("An offset of this connector has \"format\": \"" + FORMAT + "\"");
            }
            Object link = map.get(LINK);
            SourceOffset offset = new SourceOffset(
                    Objects.requireNonNull(map.get(ORGANIZATION), ORGANIZATION).toString(),
                    Objects.requireNonNull(map.get(COLUMNS), COLUMNS).toString(),
                    Phase.valueOf(Objects.toString(map.get(PHASE), "")),
                    link == null ? null : link.toString(),
                    number(map.get(SWEPT)),
                    number(map.get(SINCE)),
                    number(map.get(STARTED)),
                    Boolean.parseBoolean(Objects.toString(map.get(GAP), "false")));
            if (link == null && !offset.phase().complete() && !offset.byTime()) {
                throw new ConnectException("An offset of phase " + offset.phase() + " needs a link");
            }
            return offset;
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new ConnectException("Not an offset of this connector: " + e.getMessage(), e);
        }
    }

    private static long number(Object value) {
        return Long.parseLong(Objects.toString(value, "0"));
    }
}
