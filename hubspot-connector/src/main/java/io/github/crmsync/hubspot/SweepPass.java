package io.github.crmsync.hubspot;

import io.github.crmsync.core.record.Origin;
import io.github.crmsync.hubspot.SourceOffset.Mark;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/** Sends the newest image of every contact again, now and then, and when the scope has changed unseen. */
final class SweepPass implements Pass {
    private final SourceState state;
    private final long interval;
    private long nextPage;
    private long serverTime = -1;
    private String after;

    SweepPass(SourceState state) {
        this.state = state;
        interval = state.setting(HubSpotSourceConfig.SWEEP_INTERVAL_MS);
    }

    @Override
    public long due() {
        if (serverTime >= 0 || state.sweepWanted || state.offset.isSweepDue()) {
            return nextPage;
        }
        long wait = state.offset.get(Mark.SWEEP) + interval - state.feed.now();
        return interval == 0 ? NEVER : Math.max(nextPage, state.clock.getAsLong() + wait);
    }

    @Override
    public List<SourceRecord> step(long now) {
        if (serverTime < 0) {
            serverTime = state.feed.now();
            after = null;
        }
        long readAt = state.feed.now();
        HubSpotApi.Page page = state.images.page(after);
        SourceOffset before = state.offset;
        after = page.next();
        nextPage = now + state.patienceMs();
        if (page.next() == null) {
            state.offset = before.with(Mark.SWEEP, serverTime);
            serverTime = -1;
            if (state.sweepWanted) {
                state.sweepWanted = false;
                state.offset = state.offset.with(Mark.SCOPE, state.scope.delivered());
            }
        }
        // Survivors of earlier merges brought their tombstones with the snapshot or the sweep before.
        long mergedSince = before.get(Mark.SWEEP) - state.setting(HubSpotSourceConfig.OVERLAP_MS);
        Delivery delivery = new Delivery(state).images(page.contacts(), Origin.SWEEP, readAt, mergedSince);
        // Compaction removes the snapshot's own marks after a while: a sink that starts later finds these.
        return (page.next() == null ? delivery.snapshotEnds() : delivery).from(before);
    }
}
