package io.github.crmsync.hubspot;

import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The portal's properties as the sink knows them: read on first use, and again from time to time. Safe for several threads. */
final class TargetProperties {
    private final HubSpotApi api;
    private final String wantedLink;
    private final boolean preview;
    private final long intervalMs;
    private final ZoneId zone;
    private final LongSupplier clock;
    private HubSpotValues values;
    private String link;
    private String portal;
    /** A preview goes on as if the missing link property had been created. */
    private boolean pretended;

    private long next;

    /**
     * @param wantedLink name of the link property; empty for none
     * @param intervalMs time between two readings; 0 for one reading only
     * @param preview whether nothing may be created
     * @param zone in which a time has its day
     * @param clock local time in ms
     */
    TargetProperties(
            HubSpotApi api, String wantedLink, boolean preview, long intervalMs, ZoneId zone, LongSupplier clock) {
        this.api = api;
        this.preview = preview;
        this.wantedLink = wantedLink;
        this.intervalMs = intervalMs;
        this.zone = zone;
        this.clock = clock;
    }

    synchronized HubSpotValues values() {
        if (values == null) {
            load();
        }
        return values;
    }

    /** Id of the portal; empty if the token may not read it. */
    synchronized String portal() {
        values();
        return portal;
    }

    /** Name of the link property, which is created if it is missing and the token may; null if it cannot be used. */
    synchronized String link() {
        values();
        return link;
    }

    /** Whether a contact that the sink creates carries the Dynamics record's id; in a preview, whether it would. */
    synchronized boolean linksCreated() {
        values();
        return link != null || pretended;
    }

    private void load() {
        Map<String, PropertyInfo> known = new LinkedHashMap<>(api.properties());
        // For the time zone in which the portal's days begin, too.
        portal = api.accountInfo().portalId();
        pretended = preview && !wantedLink.isEmpty() && !known.containsKey(wantedLink);
        link = !wantedLink.isEmpty() && !pretended && LinkProperty.ensure(api, wantedLink, known) ? wantedLink : null;
        values = new HubSpotValues(known, zone);
        next = clock.getAsLong() + intervalMs;
    }

    /** Reads the properties again when that is due: what means the same depends on their types. */
    synchronized void refresh() {
        if (values != null && intervalMs > 0 && clock.getAsLong() >= next) {
            values = new HubSpotValues(api.properties(), zone);
            next = clock.getAsLong() + intervalMs;
        }
    }
}
