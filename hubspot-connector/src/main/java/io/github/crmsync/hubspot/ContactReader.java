package io.github.crmsync.hubspot;

import io.github.crmsync.core.record.Origin;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads contacts step by step: the snapshot, then changes, deletions, members of lists and sweeps by turns. Each step makes a
 * few calls and leaves the state as it was when one fails. Used by one thread.
 */
final class ContactReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ContactReader.class);
    private static final long HEARTBEAT_MS = 30_000;

    private final SourceState state;
    private final ChangePass changes;
    /** In the order of their urgency. */
    private final List<Pass> passes;

    private SourceOffset sent;
    private long nextHeartbeat;

    /**
     * @param offset where to go on; null for the first start
     * @param linked ids of the linked contacts; null if they cannot be known
     * @param clock local time in ms, for intervals only
     */
    ContactReader(
            ContactFeed feed,
            HubSpotSourceConfig config,
            String portal,
            SourceOffset offset,
            LinkedContacts linked,
            LongSupplier clock) {
        // Before the snapshot: what changes while it is read is found again by the first search.
        long start = feed.now() - config.getLong(HubSpotSourceConfig.OVERLAP_MS);
        state = new SourceState(
                feed, config, clock, offset == null ? SourceOffset.begin(portal, start) : offset.forPortal(portal));
        DeletionCheck deletions = new DeletionCheck(state, linked);
        if (state.offset.atTheBeginning() && deletions.knowsLinks()) {
            LOG.info("The ledger knows linked contacts: those deleted meanwhile are looked for after the snapshot");
            state.offset = state.offset.checkDue();
        }
        Metadata metadata = new Metadata(state);
        metadata.load(offset == null);
        state.scope = new ListScope(state, config.listIds());
        if (state.scope.ready()) {
            state.scope.begin();
        }
        changes = new ChangePass(state);
        passes = List.of(changes, metadata, new ArchivePass(state), state.scope, deletions, new SweepPass(state));
        sent = offset;
        nextHeartbeat = clock.getAsLong() + HEARTBEAT_MS;
    }

    /** Makes the step that is due; without one, nothing. */
    List<SourceRecord> step() {
        List<SourceRecord> result;
        try {
            result = due();
        } catch (RuntimeException e) {
            changes.startOver();
            throw e;
        }
        if (result.isEmpty()) {
            result = heartbeat(state.clock.getAsLong());
        }
        if (!result.isEmpty()) {
            sent = state.offset;
            nextHeartbeat = state.clock.getAsLong() + HEARTBEAT_MS;
        }
        return result;
    }

    private List<SourceRecord> due() {
        long now = state.clock.getAsLong();
        if (!state.scope.ready()) {
            return now >= state.scope.due() ? state.scope.step(now) : List.of();
        }
        if (state.offset.inSnapshot()) {
            return snapshotPage();
        }
        for (Pass pass : passes) {
            if (now >= pass.due()) {
                return pass.step(now);
            }
        }
        return List.of();
    }

    /** Time in ms until the next step is due. */
    long waitMs() {
        if (!state.scope.ready()) {
            return Math.max(0, state.scope.due() - state.clock.getAsLong());
        }
        if (state.offset.inSnapshot()) {
            return 0;
        }
        long next = passes.stream().mapToLong(Pass::due).min().orElseThrow();
        return Math.max(0, next - state.clock.getAsLong());
    }

    private List<SourceRecord> snapshotPage() {
        SourceOffset before = state.offset;
        Delivery delivery = new Delivery(state);
        if (!state.config.getBoolean(HubSpotSourceConfig.SNAPSHOT)) {
            state.offset = before.incremental();
            return delivery.snapshotEnds().from(before);
        }
        long readAt = state.feed.now();
        HubSpotApi.Page page = state.images.page(before.after());
        state.offset = page.next() == null ? before.incremental() : before.withAfter(page.next());
        delivery.images(page.contacts(), Origin.SNAPSHOT, readAt, 0);
        return (page.next() == null ? delivery.snapshotEnds() : delivery).from(before);
    }

    private List<SourceRecord> heartbeat(long now) {
        String topic = state.config.getString(HubSpotSourceConfig.HEARTBEAT_TOPIC);
        if (topic.isBlank() || now < nextHeartbeat || state.offset.equals(sent)) {
            return List.of();
        }
        return List.of(ContactRecords.heartbeat(topic, state.offset));
    }

    @Override
    public void close() {
        for (Pass pass : passes) {
            pass.close();
        }
    }
}
