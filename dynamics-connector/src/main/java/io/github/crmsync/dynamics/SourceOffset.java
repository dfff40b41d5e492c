package io.github.crmsync.dynamics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Where a source reads on.
 *
 * @param organization id of the environment that the link belongs to
 * @param columns columns read, joined by commas: they are part of a link, so others need a new reading
 * @param link next link or delta link; null for the beginning
 * @param swept when the last sweep (or the first reading) ended, in ms since the epoch; 0 for never
 */
record SourceOffset(String organization, String columns, Phase phase, String link, long swept) {
    static final String TRACKING_OFF =
            "Dataverse gives no delta link: change tracking is switched off for the table. Switch it"
                    + " on in the table's properties (Track changes) and restart the task.";

    static final String FORMAT = "1";
    private static final String FORMAT_KEY = "format";
    private static final String ORGANIZATION = "organization";
    private static final String COLUMNS = "columns";
    private static final String PHASE = "phase";
    private static final String LINK = "link";
    private static final String SWEPT = "swept";

    enum Phase {
        /** First complete reading. */
        SNAPSHOT,
        /** First complete reading done; the end marks are still to be sent. */
        MARKS,
        /** Complete reading because the delta token had expired. */
        REREAD,
        /** Changes. */
        LIVE;

        boolean complete() {
            return this == SNAPSHOT || this == REREAD;
        }
    }

    static SourceOffset beginning(String organization, String columns) {
        return new SourceOffset(organization, columns, Phase.SNAPSHOT, null, 0);
    }

    /** The same place in a new complete reading; the first one starts over, a later one needs no end marks. */
    SourceOffset restarted() {
        Phase next = phase == Phase.SNAPSHOT || phase == Phase.MARKS ? Phase.SNAPSHOT : Phase.REREAD;
        return new SourceOffset(organization, columns, next, null, swept);
    }

    /**
     * Where to read on after a page.
     *
     * @param now time in ms since the epoch: a complete reading counts as a sweep
     * @throws ConnectException if the page ends a reading without a delta link
     */
    SourceOffset after(String nextLink, String deltaLink, boolean empty, long now) {
        if (nextLink != null) {
            return new SourceOffset(organization, columns, phase, nextLink, swept);
        }
        if (deltaLink != null) {
            Phase next = phase == Phase.SNAPSHOT ? Phase.MARKS : Phase.LIVE;
            return new SourceOffset(organization, columns, next, deltaLink, phase.complete() ? now : swept);
        }
        if (phase == Phase.LIVE && empty) {
            return this; // Nothing new, and the link stays good.
        }
        throw new ConnectException(TRACKING_OFF);
    }

    SourceOffset marked() {
        return new SourceOffset(organization, columns, Phase.LIVE, link, swept);
    }

    SourceOffset swept(long now) {
        return new SourceOffset(organization, columns, phase, link, now);
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(FORMAT_KEY, FORMAT);
        map.put(ORGANIZATION, organization);
        map.put(COLUMNS, columns);
        map.put(PHASE, phase.name());
        map.put(LINK, link);
        map.put(SWEPT, Long.toString(swept));
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
                    Long.parseLong(Objects.toString(map.get(SWEPT), "0")));
            if (link == null && !offset.phase().complete()) {
                throw new ConnectException("An offset of phase " + offset.phase() + " needs a link");
            }
            return offset;
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new ConnectException("Not an offset of this connector: " + e.getMessage(), e);
        }
    }
}
