package io.github.crmsync.dynamics;

import io.github.crmsync.core.record.Origin;
import io.github.crmsync.dynamics.SourceOffset.Phase;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a source reads next - the table, its changes, a sweep - and keeps its place. One thread only.
 */
final class ChangeReader {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeReader.class);
    private static final long HEARTBEAT_MS = 60_000;

    /** Where pages come from. */
    interface Pages {
        /** The page at a link, or the first one for null. */
        Page read(String link, boolean tracked);
    }

    private final DynamicsSourceConfig config;
    private final Pages pages;
    private final RecordFactory factory;
    private final InstantSource clock;

    private SourceOffset offset;
    private SourceOffset sent;
    private long sentAt;
    private long liveDue;
    private boolean sweeping;
    private String sweepLink;

    ChangeReader(
            DynamicsSourceConfig config, Pages pages, RecordFactory factory, SourceOffset offset, InstantSource clock) {
        this.config = config;
        this.pages = pages;
        this.factory = factory;
        this.offset = offset;
        this.sent = offset;
        this.clock = clock;
        this.sentAt = clock.millis();
    }

    /** Time in ms until {@link #next} has something to ask; 0 means at once. */
    long idleMs() {
        return offset.phase() != Phase.LIVE || sweepDue(clock.millis()) ? 0 : Math.max(0, liveDue - clock.millis());
    }

    /** Records of the next page; empty if it has none. */
    List<SourceRecord> next() {
        long now = clock.millis();
        List<SourceRecord> records;
        if (offset.phase() == Phase.MARKS) {
            SourceOffset live = offset.marked();
            records = factory.marks(offset, live);
            offset = live;
            LOG.info("The first reading of table {} is complete", config.table().logicalName());
        } else if (offset.phase() != Phase.LIVE || now >= liveDue) {
            records = changes(now);
        } else {
            records = sweep(now);
        }
        return delivered(records, now);
    }

    private List<SourceRecord> changes(long now) {
        Page page;
        try {
            page = pages.read(offset.link(), offset.phase().complete());
        } catch (DataverseException e) {
            startOver(e);
            return List.of();
        }
        SourceOffset after = offset.after(page.nextLink(), page.deltaLink(), page.isEmpty(), now);
        Origin origin = switch (offset.phase()) {
            case SNAPSHOT -> Origin.SNAPSHOT;
            case REREAD -> Origin.SWEEP;
            default -> Origin.LIVE;
        };
        List<SourceRecord> records = factory.page(page, origin, offset, after);
        liveDue = page.nextLink() == null ? now + config.pollIntervalMs() : 0;
        offset = after;
        return records;
    }

    private void startOver(DataverseException failure) {
        if (failure.error().trackingOff()) {
            throw new ConnectException(SourceOffset.TRACKING_OFF, failure);
        }
        if (!failure.error().expiredToken() || offset.link() == null) {
            throw failure;
        }
        LOG.warn(
                "Dataverse no longer knows the changes of table {} since the stored offset; the whole table is read again."
                        + " Rows deleted meanwhile are not reported.",
                config.table().logicalName());
        offset = offset.restarted();
    }

    private List<SourceRecord> sweep(long now) {
        if (!sweepDue(now)) {
            return List.of();
        }
        sweeping = true;
        Page page = pages.read(sweepLink, false);
        sweepLink = page.nextLink();
        if (sweepLink == null) {
            sweeping = false;
            offset = offset.swept(now);
        }
        return factory.page(page, Origin.SWEEP, offset, offset);
    }

    private boolean sweepDue(long now) {
        return sweeping || config.sweepIntervalMs() > 0 && now - offset.swept() >= config.sweepIntervalMs();
    }

    private List<SourceRecord> delivered(List<SourceRecord> records, long now) {
        if (!records.isEmpty()) {
            sent = offset;
            sentAt = now;
            return records;
        }
        boolean due = !config.heartbeatTopic().isEmpty() && now - sentAt >= HEARTBEAT_MS && !offset.equals(sent);
        if (!due) {
            return records;
        }
        sent = offset;
        sentAt = now;
        return List.of(factory.heartbeat(offset, now));
    }
}
