package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.TopicInfo;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of the first import: the source marks the end of its snapshot in every partition that it knows of; a task that has
 * decided everything before the mark of a partition says so in the ledger; once it is said of every partition the import is
 * complete. The sink of the other direction may wait for that.
 *
 * <p>Each partition counts by itself, so that it does not matter which tasks come and go. A mark can be missing: the topic has
 * more partitions than the source knows of, or compaction has removed the mark. If the other sink waits, such a partition counts
 * as imported once the snapshot is known to have ended and the partition has had nothing new for a while.
 */
final class FirstImport {
    private static final Logger LOG = LoggerFactory.getLogger(FirstImport.class);
    /** Ledger key that says that the first import into an app is complete; with a number, that one partition is. */
    private static final String DONE = "first-import";
    /** Ledger key that says that the source has come to the end of its snapshot. */
    private static final String SNAPSHOT = "first-import-snapshot";
    /** Ledger key that says that the sink of this app waits for the import into the other one. */
    private static final String AWAITED = "first-import-awaited";

    /** A consumer that has reached the end of a partition gets what comes within a fraction of this. */
    static final long QUIET_MS = 30_000;

    private static final long SAY_AGAIN_MS = 600_000;
    private static final long LOOK_ANYWAY_MS = 300_000;

    private final Ledger ledger;
    private final String app;
    private final LongSupplier clock;
    private final LongSupplier time;
    /** Offset of the first mark of each partition that is not imported yet. */
    private final Map<TopicPartition, Long> marks = new HashMap<>();
    /** When the last record of each partition came, or when the partition was first seen. */
    private final Map<TopicPartition, Long> busy = new HashMap<>();

    private boolean awaited;
    private boolean settled;
    /** Whether a record has shown that the snapshot has ended. */
    private boolean ended;
    /** How many partitions the source marks. */
    private int marked;

    /** Whether a record of the snapshot, or its mark, has come. */
    private boolean inSnapshot;

    private long lookedAt;
    private long looked;
    private Long said;
    private Long countedAt;
    /** How many partitions Kafka says that there are; 0 if it does not. */
    private int counted;

    /**
     * @param app that this sink writes to
     * @param awaited whether this sink has to wait for the other direction
     * @param clock in ms; only goes forward
     * @param time in ms since the epoch
     */
    FirstImport(Ledger ledger, String app, boolean awaited, LongSupplier clock, LongSupplier time) {
        this.ledger = ledger;
        this.app = app;
        this.awaited = awaited;
        this.clock = clock;
        this.time = time;
        this.lookedAt = clock.getAsLong();
        this.looked = time.getAsLong();
        if (awaited) {
            LOG.info("This sink writes nothing before the first import of the other direction is complete");
        }
    }

    static boolean isMark(SinkRecord record) {
        return SyncHeaders.get(record.headers(), SyncHeaders.ORIGIN)
                .filter(Origin.SNAPSHOT_END.text()::equals)
                .isPresent();
    }

    void mark(TopicPartition partition, SinkRecord record) {
        marks.merge(partition, record.originalKafkaOffset(), Math::min);
        SyncHeaders.get(record.headers(), SyncHeaders.PARTITIONS)
                .map(Integer::valueOf)
                .ifPresent(count -> marked = count);
        ended = true;
        inSnapshot = true;
    }

    /** An image was delivered: one that repeats a record, or tells of a change, comes after the snapshot. */
    void delivered(TopicPartition partition, Origin origin) {
        if (!settled) {
            busy.put(partition, clock.getAsLong());
            ended |= origin != Origin.SNAPSHOT;
            inSnapshot |= origin == Origin.SNAPSHOT;
        }
    }

    void forget(Collection<TopicPartition> lost) {
        marks.keySet().removeAll(lost);
        busy.keySet().removeAll(lost);
    }

    /** Whether this sink may write; until then it only collects. */
    boolean mayWork() {
        if (awaited) {
            ledger.catchUp();
            awaited = !isDone(other(), DONE);
            if (awaited) {
                ask();
            }
        }
        return !awaited;
    }

    private void ask() {
        if (!isDone(app, AWAITED)) {
            ledger.append(List.of(LedgerEntry.blank(app, AWAITED)));
        }
        long now = clock.getAsLong();
        if (said == null) {
            said = now;
        } else if (now - said >= SAY_AGAIN_MS) {
            said = now;
            LOG.warn(
                    "Still waiting for the first import into {}: its sink {}",
                    other(),
                    isDone(other(), SNAPSHOT)
                            ? "has not decided on all records of the snapshot yet"
                            : "has not seen the end of its source's snapshot yet; is that connector running?");
        }
    }

    private String other() {
        return app.equals("hubspot") ? "dynamics" : "hubspot";
    }

    /** Records the end of the import, of a partition and of all, once it is reached. */
    void settle(Set<TopicPartition> assignment, WaitingRecords waiting) {
        if (settled || assignment.isEmpty()) {
            return;
        }
        if (isDone(app, DONE)) {
            settled = true;
            marks.clear();
            busy.clear();
            return;
        }
        look();
        boolean wanted = isDone(other(), AWAITED);
        if (marks.isEmpty() && !wanted) {
            return;
        }
        List<LedgerEntry> reached = new ArrayList<>();
        boolean known = isDone(app, SNAPSHOT);
        if (ended && !known) {
            reached.add(LedgerEntry.blank(app, SNAPSHOT));
        }
        for (TopicPartition partition : assignment) {
            String done = done(partition.partition());
            if (!isDone(app, done)
                    && (decidedBeforeMark(partition, waiting)
                            || wanted && (ended || known) && isAtEnd(partition, waiting))) {
                reached.add(LedgerEntry.blank(app, done));
            }
        }
        if (!reached.isEmpty()) {
            ledger.append(reached);
        }
        // Other tasks may hold further partitions: whichever is last finds the entries of all.
        int partitions = partitions(assignment);
        if (IntStream.range(0, partitions).allMatch(i -> isDone(app, done(i)))) {
            ledger.append(List.of(LedgerEntry.blank(app, DONE)));
            LOG.info("The first import into {} is complete", app);
        }
    }

    /** A task without records to decide on would not hear from the others. */
    private void look() {
        if (inSnapshot && clock.getAsLong() - lookedAt >= QUIET_MS || time.getAsLong() - looked >= LOOK_ANYWAY_MS) {
            ledger.catchUp();
            lookedAt = clock.getAsLong();
            looked = time.getAsLong();
        }
    }

    private boolean decidedBeforeMark(TopicPartition partition, WaitingRecords waiting) {
        Long mark = marks.get(partition);
        return mark != null && waiting.allDecidedBefore(partition, mark);
    }

    private boolean isAtEnd(TopicPartition partition, WaitingRecords waiting) {
        long now = clock.getAsLong();
        return now - busy.computeIfAbsent(partition, p -> now) >= QUIET_MS && waiting.allDecided();
    }

    /** Number of the topic's partitions: as Kafka says or else as far as the marks and the own assignment tell. */
    private int partitions(Set<TopicPartition> assignment) {
        long now = clock.getAsLong();
        if (countedAt == null || now - countedAt >= QUIET_MS) {
            countedAt = now;
            counted = ledger.topic(assignment.iterator().next().topic())
                    .map(TopicInfo::partitions)
                    .filter(count -> count > 0)
                    .orElse(0);
        }
        int held = 1
                + assignment.stream().mapToInt(TopicPartition::partition).max().orElse(0);
        return counted > 0 ? counted : Math.max(marked, held);
    }

    private boolean isDone(String owner, String what) {
        return ledger.get(new LedgerEntry.Key(owner, what)) != null;
    }

    private static String done(int partition) {
        return DONE + "-" + partition;
    }

    /** Until a partition is recorded as imported, a task that takes it over has to see its mark again. */
    void hold(Map<TopicPartition, OffsetAndMetadata> offsets) {
        marks.forEach((partition, offset) -> {
            if (!settled && !isDone(app, done(partition.partition()))) {
                offsets.computeIfPresent(partition, (p, o) -> o.offset() > offset ? new OffsetAndMetadata(offset) : o);
            }
        });
    }
}
