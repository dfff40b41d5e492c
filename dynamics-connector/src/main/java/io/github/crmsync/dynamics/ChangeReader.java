package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.sink.SyncSinkConfig;
import io.github.crmsync.dynamics.SourceOffset.Phase;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a source reads next - the table, its changes, a sweep - and keeps its place. One thread only.
 */
final class ChangeReader {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeReader.class);
    private static final long HEARTBEAT_MS = 60_000;

    /** Wait after the ids could not be compared. */
    private static final long CHECK_RETRY_MS = 60_000;
    /** Rows read at a time because they came into scope or left it. */
    private static final int MOVED_ROWS = 3_000;
    /** Readings that may start over one after another because their next link is refused. */
    private static final int MOST_REFUSALS = 3;

    /** Where pages come from. */
    interface Pages {
        /** The page at a link, or the first one for null. */
        Page read(String link, boolean tracked);

        /** The first page of the rows modified at a time, in ms since the epoch, or later. */
        Page changedSince(long from);

        /** The rows with some ids. */
        List<JsonNode> rows(Collection<String> ids);
    }

    private final DynamicsSourceConfig config;
    private final Pages pages;
    private final RecordFactory factory;
    private final RowFates fates;
    private final Scope scope;
    private final DeletionCheck deletions;
    private final RecentVersions recent;
    private final InstantSource clock;

    private SourceOffset offset;
    private SourceOffset sent;
    private long sentAt;
    private long liveDue;
    private long checkDue;
    private int refusals;
    private boolean sweeping;
    private String sweepLink;
    private final Deque<String> moved = new ArrayDeque<>();

    /**
     * @param scope null where all rows take part
     * @param deletions null where there is no ledger to compare ids with
     */
    ChangeReader(
            DynamicsSourceConfig config,
            Pages pages,
            RecordFactory factory,
            RowFates fates,
            Scope scope,
            DeletionCheck deletions,
            SourceOffset offset,
            InstantSource clock) {
        this.config = config;
        this.pages = pages;
        this.factory = factory;
        this.fates = fates;
        this.scope = scope;
        this.deletions = deletions;
        this.recent = new RecentVersions(config.table().key());
        this.offset = offset;
        this.sent = offset;
        this.clock = clock;
        this.sentAt = clock.millis();
    }

    /** Time in ms until {@link #next} has something to ask; 0 means at once. */
    long idleMs() {
        long now = clock.millis();
        return offset.phase() != Phase.LIVE || scopeDue(now) || checkDue(now) || sweepDue(now)
                ? 0
                : Math.max(0, liveDue - now);
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
        } else if (scopeDue(now)) {
            records = moved(now);
        } else if (checkDue(now)) {
            records = missing(now);
        } else {
            records = sweep(now);
        }
        return delivered(records, now);
    }

    private List<SourceRecord> changes(long now) {
        Page page;
        try {
            page = read();
        } catch (DataverseException e) {
            startOver(e);
            return List.of();
        }
        refusals = offset.link() == null ? refusals : 0;
        SourceOffset after = config.byTime()
                ? offset.afterByTime(page.nextLink(), page.serverTime(), now)
                : offset.after(page.nextLink(), page.deltaLink(), page.isEmpty(), now);
        Origin origin = switch (offset.phase()) {
            case SNAPSHOT -> Origin.SNAPSHOT;
            case REREAD -> Origin.SWEEP;
            default -> Origin.LIVE;
        };
        Page fresh = config.byTime() ? page.with(recent.unseen(page.rows())) : page;
        List<SourceRecord> records = factory.page(fresh, fates.of(fresh.rows()), origin, offset, after);
        if (config.byTime()) {
            recent.remember(page.rows());
            recent.forgetBefore(after.started() - config.overlapMs());
        }
        liveDue = page.nextLink() == null ? now + config.pollIntervalMs() : 0;
        offset = after;
        return records;
    }

    private Page read() {
        boolean firstOfPass =
                config.byTime() && offset.link() == null && !offset.phase().complete();
        return firstOfPass
                ? pages.changedSince(offset.since() - config.overlapMs())
                : pages.read(offset.link(), !config.byTime() && offset.phase().complete());
    }

    private void startOver(DataverseException failure) {
        if (DataverseAnswers.trackingOff(failure.error())) {
            throw new ConnectException(SourceOffset.TRACKING_OFF, failure);
        }
        if (offset.link() == null || failure.kind() != AnswerKind.GONE || ++refusals > MOST_REFUSALS) {
            throw failure;
        }
        LOG.warn(
                "{} the changes of table {} since the stored offset; the whole table is read again. {}",
                DataverseAnswers.expiredToken(failure.error())
                        ? "Dataverse no longer knows"
                        : "Dataverse refuses to give",
                config.table().logicalName(),
                deletions == null
                        ? "Rows deleted meanwhile are not reported: that takes a ledger ("
                                + SyncSinkConfig.LEDGER_SERVERS + ")."
                        : "Rows deleted meanwhile are found by comparing ids with the ledger.");
        offset = offset.restarted();
    }

    private boolean scopeDue(long now) {
        return scope != null && offset.phase() == Phase.LIVE && (!moved.isEmpty() || scope.due(now));
    }

    /** Rows that came into scope or left it: nothing else tells of that. */
    private List<SourceRecord> moved(long now) {
        if (moved.isEmpty()) {
            moved.addAll(scope.refresh(now));
        }
        List<String> ids = moved.stream().limit(MOVED_ROWS).toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        List<JsonNode> rows = pages.rows(ids);
        List<SourceRecord> records =
                factory.page(new Page(rows, List.of(), null, null, 0), fates.of(rows), Origin.LIVE, offset, offset);
        moved.removeAll(new HashSet<>(ids));
        return records;
    }

    private boolean checkDue(long now) {
        return deletions != null
                && offset.phase() == Phase.LIVE
                && now >= checkDue
                && (deletions.running() || offset.gap() || config.byTime());
    }

    /** One chunk of the comparison with the ledger. */
    private List<SourceRecord> missing(long now) {
        Optional<List<String>> missing;
        try {
            missing = deletions.next();
        } catch (RetriableException e) {
            LOG.warn("Ids are compared with the ledger in a minute: {}", e.getMessage());
            checkDue = now + CHECK_RETRY_MS;
            return List.of();
        }
        if (missing.isEmpty()) {
            LOG.info(
                    "All ids of the ledger have been looked for in table {}",
                    config.table().logicalName());
            checkDue = now + config.deletionCheckIntervalMs();
            offset = offset.compared();
            return List.of();
        }
        return factory.deletions(missing.get(), offset);
    }

    private List<SourceRecord> sweep(long now) {
        if (!sweepDue(now)) {
            return List.of();
        }
        sweeping = true;
        Page page;
        try {
            page = pages.read(sweepLink, false);
        } catch (DataverseException e) {
            if (sweepLink == null || e.kind() != AnswerKind.GONE) {
                throw e;
            }
            LOG.warn("The sweep ends early, the next one comes in its turn: {}", e.getMessage());
            return sweepEnded(now);
        }
        Map<String, RowFates.Fate> special = fates.of(page.rows());
        sweepLink = page.nextLink();
        boolean last = sweepLink == null;
        if (last) {
            sweepEnded(now);
        }
        List<SourceRecord> records = new ArrayList<>(factory.page(page, special, Origin.SWEEP, offset, offset));
        if (last) {
            // Compaction removes the first reading's own marks after a while: a sink that starts later finds these.
            records.addAll(factory.marks(offset, offset));
        }
        return records;
    }

    private List<SourceRecord> sweepEnded(long now) {
        sweeping = false;
        sweepLink = null;
        offset = offset.swept(now);
        return List.of();
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
