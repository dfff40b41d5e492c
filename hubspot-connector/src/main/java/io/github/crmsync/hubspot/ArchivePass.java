package io.github.crmsync.hubspot;

import io.github.crmsync.hubspot.SourceOffset.Mark;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/** Lists the archived contacts, which no search shows. */
final class ArchivePass implements Pass {
    /** Listing takes at most one part in this many of the time. */
    private static final long SHARE = 20;

    private final SourceState state;
    private long next;
    private long began;
    private long serverTime = -1;
    private String after;

    ArchivePass(SourceState state) {
        this.state = state;
    }

    @Override
    public long due() {
        return next;
    }

    @Override
    public List<SourceRecord> step(long now) {
        if (serverTime < 0) {
            serverTime = state.feed.now();
            began = now;
            after = null;
        }
        HubSpotApi.Page page = state.feed.listArchived(after);
        SourceOffset before = state.offset;
        long since = before.get(Mark.DELETED) - state.setting(HubSpotSourceConfig.OVERLAP_MS);
        after = page.next();
        if (page.next() == null) {
            state.offset = before.with(Mark.DELETED, serverTime);
            serverTime = -1;
            long took = state.clock.getAsLong() - began;
            next = now + Math.max(state.setting(HubSpotSourceConfig.ARCHIVE_INTERVAL_MS), took * SHARE);
        }
        Delivery delivery = new Delivery(state);
        for (Contact contact : page.contacts()) {
            if (contact.deletedAt() >= since && state.recentDeletions.add(contact.id(), contact.deletedAt(), 0, true)) {
                delivery.tombstone(contact.id(), Math.max(contact.deletedAt(), contact.updatedAt()), null);
            }
        }
        return delivery.from(before);
    }
}
