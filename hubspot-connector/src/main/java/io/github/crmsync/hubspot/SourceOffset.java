package io.github.crmsync.hubspot;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Where the source stands. All times are ms since the epoch on HubSpot's clock.
 *
 * @param portal portal that it belongs to; empty if the token cannot see the portal's id
 * @param phase {@code snapshot} or {@code incremental}
 * @param after paging token of the snapshot's next page; empty at its start and after its end
 * @param cursor all changes up to this time were sent
 * @param deleted all deletions up to this time were sent
 * @param sweep when the last sweep, or the snapshot, began
 */
record SourceOffset(String portal, String phase, String after, long cursor, long deleted, long sweep) {
    static final String SNAPSHOT = "snapshot";
    static final String INCREMENTAL = "incremental";
    /** Format of the offset. */
    static final long VERSION = 1;

    static final Map<String, String> PARTITION = Map.of("app", "hubspot", "object", "contacts");

    SourceOffset withAfter(String next) {
        return new SourceOffset(portal, phase, next, cursor, deleted, sweep);
    }

    SourceOffset incremental() {
        return new SourceOffset(portal, INCREMENTAL, "", cursor, deleted, sweep);
    }

    SourceOffset withCursor(long ms) {
        return new SourceOffset(portal, phase, after, Math.max(cursor, ms), deleted, sweep);
    }

    SourceOffset withDeleted(long ms) {
        return new SourceOffset(portal, phase, after, cursor, ms, sweep);
    }

    SourceOffset withSweep(long ms) {
        return new SourceOffset(portal, phase, after, cursor, deleted, ms);
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("portal", portal);
        map.put("phase", phase);
        map.put("after", after);
        map.put("cursor", cursor);
        map.put("deleted", deleted);
        map.put("sweep", sweep);
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
        if (map.get("cursor") == null) {
            throw new ConnectException("The offset lacks \"cursor\", a time in ms since the epoch");
        }
        long cursor = number(map, "cursor", 0);
        return new SourceOffset(
                text(map, "portal"),
                phase,
                text(map, "after"),
                cursor,
                number(map, "deleted", cursor),
                number(map, "sweep", cursor));
    }

    private static String text(Map<String, ?> map, String name) {
        return map.get(name) == null ? "" : map.get(name).toString();
    }

    private static long number(Map<String, ?> map, String name, long otherwise) {
        Object value = map.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number && number.longValue() >= 0) {
            return number.longValue();
        }
        throw new ConnectException("The offset's \"" + name + "\" must be a time in ms since the epoch, not " + value);
    }

    /** The offset to go on from, refused if it was written for another portal. */
    SourceOffset forPortal(String current) {
        if (!portal.isEmpty() && !current.isEmpty() && !portal.equals(current)) {
            throw new ConnectException("The stored offset belongs to HubSpot portal " + portal
                    + ", but the credentials to portal " + current
                    + ". Use another connector name, or delete the connector's offsets to start anew");
        }
        return portal.isEmpty() ? new SourceOffset(current, phase, after, cursor, deleted, sweep) : this;
    }
}
