package io.github.crmsync.hubspot;

import io.github.crmsync.core.record.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Reads contacts step by step: the snapshot, then changes, deletions and sweeps by turns. Each step makes a few calls and
 * leaves the state as it was when one fails. Used by one thread.
 *
 * <p>Of the records of one step only the last carries the offset after the step: a restart in between reads it again.
 */
final class ContactReader {
    /** Pause between two pages of a sweep: about an eighth of the default request budget. */
    private static final long SWEEP_PAGE_MS = 500;

    private static final long HEARTBEAT_MS = 30_000;
    /** HubSpot's clock is known to a second (Date header): a window ends a little later than "now". */
    private static final long CLOCK_ROUNDING_MS = 2_000;
    /**
     * How far back most searches reach. Only every few seconds one reaches back by the whole overlap, and only such a one
     * moves the offset: after a burst of changes each search of the whole overlap takes many pages.
     */
    private static final long USUAL_INDEX_LAG_MS = 10_000;

    /** An image that was read sooner after its modification may yet change within the same millisecond. */
    private static final long SETTLED_MS = 1_000;

    private static final long WHOLE_OVERLAPS_PER_OVERLAP = 3;
    /** A check of the deleted contacts takes at most one part in this many of the time. */
    private static final long DELETION_SHARE = 20;

    private final ContactFeed feed;
    private final ContactRecords records;
    private final HubSpotSourceConfig config;
    private final Set<String> wanted;
    private final LongSupplier clock;
    private final RecentImages recent = new RecentImages();
    private final RecentImages recentDeletions = new RecentImages();
    private SourceOffset offset;
    private SourceOffset sent;

    private ChangeScan scan;
    /** Hits whose contacts are still to be read, by id, with their modification times. */
    private final Map<String, Long> unread = new LinkedHashMap<>();

    private long scanTo;
    private boolean wholeOverlap;
    private long nextWholeOverlap;
    private long lastScan;
    private long nextScan;
    private long nextDeletions;
    private long deletionsBegan;
    private long deletionsServerTime = -1;
    private String deletionsAfter;
    private long nextSweepPage;
    private long sweepServerTime = -1;
    private String sweepAfter;
    private long nextHeartbeat;

    /**
     * @param offset where to go on; null for the first start
     * @param clock local time in ms, for intervals only
     */
    ContactReader(
            ContactFeed feed,
            ContactRecords records,
            HubSpotSourceConfig config,
            String portal,
            SourceOffset offset,
            LongSupplier clock) {
        this.feed = feed;
        this.records = records;
        this.config = config;
        this.clock = clock;
        wanted = new LinkedHashSet<>(config.properties());
        wanted.addAll(List.of(Contact.MODIFIED, Contact.MERGED_IDS));
        if (!config.linkProperty().isEmpty()) {
            wanted.add(config.linkProperty());
        }
        this.offset = offset == null ? begin(portal) : offset.forPortal(portal);
        this.sent = offset;
        nextHeartbeat = clock.getAsLong() + HEARTBEAT_MS;
    }

    private SourceOffset begin(String portal) {
        // Before the snapshot: what changes while it is read is found again by the first search.
        long start = feed.now() - config.getLong(HubSpotSourceConfig.OVERLAP_MS);
        return new SourceOffset(portal, SourceOffset.SNAPSHOT, "", start, start, start);
    }

    /** Makes the step that is due; without one, nothing. */
    List<SourceRecord> step() {
        List<SourceRecord> result;
        try {
            result = due();
        } catch (RuntimeException e) {
            // Hits may be lost: the scan starts over from the cursor.
            scan = null;
            unread.clear();
            throw e;
        }
        if (result.isEmpty()) {
            result = heartbeat(clock.getAsLong());
        }
        if (!result.isEmpty()) {
            sent = offset;
            nextHeartbeat = clock.getAsLong() + HEARTBEAT_MS;
        }
        return result;
    }

    private List<SourceRecord> due() {
        long now = clock.getAsLong();
        if (offset.phase().equals(SourceOffset.SNAPSHOT)) {
            return snapshotPage();
        }
        if (scan != null || now >= nextScan) {
            return changes(now);
        }
        if (now >= nextDeletions) {
            return deletions(now);
        }
        if (sweepDue() && now >= nextSweepPage) {
            return sweepPage(now);
        }
        return List.of();
    }

    /** Time in ms until the next step is due. */
    long waitMs() {
        if (offset.phase().equals(SourceOffset.SNAPSHOT) || scan != null) {
            return 0;
        }
        long next = Math.min(nextScan, nextDeletions);
        if (sweepDue()) {
            next = Math.min(next, nextSweepPage);
        }
        return Math.max(0, next - clock.getAsLong());
    }

    private List<SourceRecord> snapshotPage() {
        SourceOffset before = offset;
        if (!config.getBoolean(HubSpotSourceConfig.SNAPSHOT)) {
            offset = before.incremental();
            return ends(new ArrayList<>(), before);
        }
        long readAt = feed.now();
        HubSpotApi.Page page = feed.listContacts(before.after(), wanted);
        boolean last = page.next() == null;
        offset = last ? before.incremental() : before.withAfter(page.next());
        List<SourceRecord> result = images(page.contacts(), Origin.SNAPSHOT, readAt, before, last ? before : offset);
        return last ? ends(result, before) : result;
    }

    private List<SourceRecord> ends(List<SourceRecord> result, SourceOffset before) {
        int partitions = config.partitions();
        for (int partition = 0; partition < partitions; partition++) {
            result.add(records.snapshotEnd(partition, partitions, partition == partitions - 1 ? offset : before));
        }
        return result;
    }

    private List<SourceRecord> changes(long now) {
        long overlap = config.getLong(HubSpotSourceConfig.OVERLAP_MS);
        if (scan == null) {
            scanTo = feed.now();
            wholeOverlap = now >= nextWholeOverlap;
            long from = wholeOverlap ? offset.cursor() - overlap : lastScan - Math.min(overlap, USUAL_INDEX_LAG_MS);
            scan = new ChangeScan(feed, from, scanTo + CLOCK_ROUNDING_MS);
        }
        for (ContactSearch.Hit hit : scan.next()) {
            if (!recent.covers(hit.id(), hit.modifiedMs())) {
                unread.putIfAbsent(hit.id(), hit.modifiedMs());
            }
        }
        long readAt = feed.now();
        List<Contact> contacts = readHits(scan.done());
        SourceOffset before = offset;
        if (wholeOverlap) {
            long found = scan.done() ? scanTo : Math.min(scanTo, scan.completeUpTo());
            long read = unread.values().stream().mapToLong(ms -> ms - 1).min().orElse(found);
            offset = before.withCursor(Math.min(found, read));
        }
        if (scan.done()) {
            scan = null;
            lastScan = scanTo;
            if (wholeOverlap) {
                nextWholeOverlap = now + overlap / WHOLE_OVERLAPS_PER_OVERLAP;
            }
            // From the end of the scan: a slow one leaves the pause in which deletions and sweeps have their turn.
            nextScan = clock.getAsLong() + config.getLong(HubSpotSourceConfig.POLL_INTERVAL_MS);
        }
        return images(contacts, Origin.LIVE, readAt, before, offset);
    }

    /** Contacts of the hits, as many as fill whole calls; those that are left over go with the next page's. */
    private List<Contact> readHits(boolean all) {
        List<Contact> contacts = new ArrayList<>();
        while (unread.size() >= HubSpotApi.BATCH || all && !unread.isEmpty()) {
            List<String> ids = unread.keySet().stream().limit(HubSpotApi.BATCH).toList();
            contacts.addAll(feed.batchRead(ids, wanted, null));
            unread.keySet().removeAll(Set.copyOf(ids));
        }
        return contacts;
    }

    private List<SourceRecord> deletions(long now) {
        if (deletionsServerTime < 0) {
            deletionsServerTime = feed.now();
            deletionsBegan = now;
            deletionsAfter = null;
        }
        HubSpotApi.Page page = feed.listArchived(deletionsAfter);
        SourceOffset before = offset;
        long since = before.deleted() - config.getLong(HubSpotSourceConfig.OVERLAP_MS);
        deletionsAfter = page.next();
        if (page.next() == null) {
            offset = before.withDeleted(deletionsServerTime);
            deletionsServerTime = -1;
            long took = clock.getAsLong() - deletionsBegan;
            nextDeletions = now
                    + Math.max(config.getLong(HubSpotSourceConfig.DELETION_CHECK_INTERVAL_MS), took * DELETION_SHARE);
        }
        List<Contact> deleted = page.contacts().stream()
                .filter(contact ->
                        deletedAt(contact) >= since && recentDeletions.add(contact.id(), deletedAt(contact), 0, true))
                .toList();
        return stamp(
                deleted,
                (contact, at) -> {
                    recent.forget(contact.id());
                    return records.tombstone(contact.id(), Math.max(deletedAt(contact), contact.updatedAt()), at);
                },
                before,
                offset);
    }

    private static long deletedAt(Contact contact) {
        return contact.archivedAt() == 0 ? contact.updatedAt() : contact.archivedAt();
    }

    private boolean sweepDue() {
        long interval = config.getLong(HubSpotSourceConfig.SWEEP_INTERVAL_MS);
        return sweepServerTime >= 0 || interval > 0 && feed.now() - offset.sweep() >= interval;
    }

    private List<SourceRecord> sweepPage(long now) {
        if (sweepServerTime < 0) {
            sweepServerTime = feed.now();
            sweepAfter = null;
        }
        long readAt = feed.now();
        HubSpotApi.Page page = feed.listContacts(sweepAfter, wanted);
        SourceOffset before = offset;
        sweepAfter = page.next();
        nextSweepPage = now + SWEEP_PAGE_MS;
        if (page.next() == null) {
            offset = before.withSweep(sweepServerTime);
            sweepServerTime = -1;
        }
        return images(page.contacts(), Origin.SWEEP, readAt, before, offset);
    }

    private List<SourceRecord> heartbeat(long now) {
        String topic = config.getString(HubSpotSourceConfig.HEARTBEAT_TOPIC);
        if (topic.isBlank() || now < nextHeartbeat || offset.equals(sent)) {
            return List.of();
        }
        return List.of(ContactRecords.heartbeat(topic, offset));
    }

    /** @param readAt HubSpot's time before the contacts were read */
    private List<SourceRecord> images(
            List<Contact> contacts, Origin origin, long readAt, SourceOffset before, SourceOffset after) {
        List<Function<SourceOffset, SourceRecord>> makers = new ArrayList<>();
        for (Contact contact : contacts) {
            boolean settled = contact.updatedAt() < readAt - SETTLED_MS;
            boolean fresh = recent.add(contact.id(), contact.updatedAt(), records.imageFingerprint(contact), settled);
            if (!fresh && origin == Origin.LIVE) {
                continue;
            }
            if (origin == Origin.LIVE || maybeMergedLately(contact, before)) {
                for (String merged : mergedIds(contact)) {
                    makers.add(at -> records.tombstone(merged, contact.updatedAt(), at));
                }
            }
            makers.add(at -> records.image(contact, origin, at));
        }
        return stamp(makers, Function::apply, before, after);
    }

    /** A snapshot or a sweep may meet the survivor of a merge before a search does, which then passes it over. */
    private boolean maybeMergedLately(Contact contact, SourceOffset before) {
        return contact.updatedAt() >= before.cursor() - config.getLong(HubSpotSourceConfig.OVERLAP_MS);
    }

    /** Contacts that this one has swallowed: no list of deleted ones shows them. */
    private List<String> mergedIds(Contact contact) {
        List<String> result = new ArrayList<>();
        for (String id :
                contact.properties().getOrDefault(Contact.MERGED_IDS, "").split(";")) {
            if (!id.isBlank() && !id.equals(contact.id()) && recentDeletions.add(id, 0, 0, true)) {
                recent.forget(id);
                result.add(id);
            }
        }
        return result;
    }

    /** Makes the records; the last one closes the step. */
    private static <T> List<SourceRecord> stamp(
            List<T> items,
            java.util.function.BiFunction<T, SourceOffset, SourceRecord> maker,
            SourceOffset before,
            SourceOffset after) {
        List<SourceRecord> result = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            result.add(maker.apply(items.get(i), i == items.size() - 1 ? after : before));
        }
        return result;
    }
}
