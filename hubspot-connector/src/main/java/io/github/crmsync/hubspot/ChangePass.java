package io.github.crmsync.hubspot;

import io.github.crmsync.core.record.Origin;
import io.github.crmsync.hubspot.SourceOffset.Mark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.source.SourceRecord;

/** Searches for changed contacts and reads them from the primary store. */
final class ChangePass implements Pass {
    /** HubSpot's clock is known to a second (Date header): a window ends a little later than "now". */
    private static final long CLOCK_ROUNDING_MS = 2_000;
    /**
     * How far back most searches reach. Only every few seconds one reaches back by the whole overlap, and only such a one
     * moves the offset: after a burst of changes each search of the whole overlap takes many pages.
     */
    private static final long USUAL_INDEX_LAG_MS = 10_000;

    private static final long WHOLE_OVERLAPS_PER_OVERLAP = 3;

    private final SourceState state;
    private final long overlap;
    private ChangeScan scan;
    /** Hits whose contacts are still to be read, by id, with their modification times. */
    private final Map<String, Long> unread = new LinkedHashMap<>();

    /** Contacts that this scan reads though no search may show them. */
    private List<String> again = List.of();

    private long againAt;

    private long scanTo;
    private boolean wholeOverlap;
    private long nextWholeOverlap;
    private long lastScan;
    private long nextScan;

    ChangePass(SourceState state) {
        this.state = state;
        overlap = state.setting(HubSpotSourceConfig.OVERLAP_MS);
    }

    @Override
    public long due() {
        return scan == null ? nextScan : 0;
    }

    /** Hits may be lost: the scan starts over from the cursor. */
    void startOver() {
        scan = null;
        unread.clear();
    }

    @Override
    public List<SourceRecord> step(long now) {
        if (scan == null) {
            begin(now);
        }
        for (ContactSearch.Hit hit : scan.next()) {
            if (!state.recent.covers(hit.id(), hit.modifiedMs()) && !state.images.isSetAside(hit.id())) {
                unread.putIfAbsent(hit.id(), hit.modifiedMs());
            }
        }
        long readAt = state.feed.now();
        List<Contact> contacts = readHits(scan.done());
        SourceOffset before = state.offset;
        if (wholeOverlap) {
            long found = scan.done() ? scanTo : Math.min(scanTo, scan.completeUpTo());
            long read = unread.values().stream().mapToLong(ms -> ms - 1).min().orElse(found);
            state.offset = before.withCursor(Math.min(found, read));
        }
        if (scan.done()) {
            end(now);
        }
        return new Delivery(state).images(contacts, Origin.LIVE, readAt, 0).from(before);
    }

    private void begin(long now) {
        scanTo = state.feed.now();
        wholeOverlap = now >= nextWholeOverlap;
        long from = wholeOverlap
                ? state.offset.get(Mark.CURSOR) - overlap
                : lastScan - Math.min(overlap, USUAL_INDEX_LAG_MS);
        scan = new ChangeScan(state.feed, from, scanTo + CLOCK_ROUNDING_MS);
        again = state.again(now);
        againAt = now;
        for (String id : again) {
            state.recent.forget(id);
            unread.putIfAbsent(id, scanTo);
        }
    }

    private void end(long now) {
        scan = null;
        state.sentAgain(again, againAt);
        lastScan = scanTo;
        if (wholeOverlap) {
            nextWholeOverlap = now + overlap / WHOLE_OVERLAPS_PER_OVERLAP;
        }
        // From the end of the scan: a slow one leaves the pause in which the other passes have their turn.
        nextScan = state.clock.getAsLong() + state.setting(HubSpotSourceConfig.POLL_INTERVAL_MS);
    }

    /** Contacts of the hits, as many as fill whole calls; those that are left over go with the next page's. */
    private List<Contact> readHits(boolean all) {
        List<Contact> contacts = new ArrayList<>();
        while (unread.size() >= HubSpotApi.BATCH || all && !unread.isEmpty()) {
            List<String> ids = unread.keySet().stream().limit(HubSpotApi.BATCH).toList();
            contacts.addAll(state.images.read(ids));
            unread.keySet().removeAll(Set.copyOf(ids));
        }
        return contacts;
    }
}
