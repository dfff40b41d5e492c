package io.github.crmsync.hubspot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** What the passes of the source share. Used by one thread. */
final class SourceState {
    /** Contacts that wait for another reading; more of them get it with the next sweep. */
    private static final int MOST_AGAIN = 10_000;
    /** Of what is not urgent, one page is read in the time in which the budget grants as many requests. */
    private static final long SHARE = 8;

    final ContactFeed feed;
    final HubSpotSourceConfig config;
    /** Local time in ms, for intervals only. */
    final LongSupplier clock;

    final ImageReader images = new ImageReader(this);
    final RecentImages recent = new RecentImages();
    final RecentImages recentDeletions = new RecentImages();
    private final Map<String, Long> again = new LinkedHashMap<>();
    SourceOffset offset;
    ContactRecords records;
    ListScope scope;
    /** A sweep is due at once: the lists' members changed while nobody looked. */
    boolean sweepWanted;

    SourceState(ContactFeed feed, HubSpotSourceConfig config, LongSupplier clock, SourceOffset offset) {
        this.feed = feed;
        this.config = config;
        this.clock = clock;
        this.offset = offset;
    }

    /** Properties that every reading of contacts asks for. */
    Set<String> wanted() {
        return records.wanted();
    }

    long setting(String name) {
        return config.getLong(name);
    }

    /** Time in ms from one page of what is not urgent to the next. */
    long patienceMs() {
        return SHARE * PortalQuota.BURST_MS / config.getInt(HubSpotConfig.RATE_BURST);
    }

    /** Has a contact sent once more at that local time. */
    void sendAgain(String id, long atMs) {
        if (again.size() < MOST_AGAIN) {
            again.put(id, atMs);
        }
    }

    /** Contacts to send once more by now. */
    List<String> again(long now) {
        return again.entrySet().stream()
                .filter(entry -> entry.getValue() <= now)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether a contact waits to be sent once more. */
    boolean isSentAgain(String id) {
        return again.containsKey(id);
    }

    /** They have been read once more, those that were due at that local time. */
    void sentAgain(List<String> ids, long now) {
        Set<String> sent = Set.copyOf(ids);
        again.entrySet().removeIf(entry -> sent.contains(entry.getKey()) && entry.getValue() <= now);
    }
}
