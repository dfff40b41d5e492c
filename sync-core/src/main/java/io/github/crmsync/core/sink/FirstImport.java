package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of the first import (rule N14): the source marks the end of its snapshot in every partition; a sink that has decided
 * everything before the marks says so in the ledger; the sink of the other direction may wait for that.
 */
final class FirstImport {
    private static final Logger LOG = LoggerFactory.getLogger(FirstImport.class);
    /** Ledger key that says that the first import into an app is complete; with a number, that one partition is. */
    private static final String DONE = "first-import";

    private final Ledger ledger;
    private final String app;
    private final Map<TopicPartition, Long> marks = new HashMap<>();
    private boolean awaited;
    private boolean settled;
    private boolean twoWay;
    /** How many partitions the source marks. */
    private int partitions;

    /**
     * @param app that this sink writes to
     * @param awaited whether this sink has to wait for the other direction
     */
    FirstImport(Ledger ledger, String app, boolean awaited) {
        this.ledger = ledger;
        this.app = app;
        this.awaited = awaited;
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
        marks.put(partition, record.originalKafkaOffset());
        SyncHeaders.get(record.headers(), SyncHeaders.PARTITIONS)
                .map(Integer::valueOf)
                .ifPresent(count -> partitions = count);
        twoWay = SyncHeaders.get(record.headers(), SyncHeaders.MERGE)
                .map(policy -> MergePolicy.parse(policy).twoWay())
                .orElse(false);
    }

    void forget(Collection<TopicPartition> lost) {
        marks.keySet().removeAll(lost);
    }

    /** Whether this sink may write; until then it only collects. */
    boolean mayWork() {
        if (awaited) {
            ledger.catchUp();
            awaited = !isDone(app.equals("hubspot") ? "dynamics" : "hubspot", DONE);
        }
        return !awaited;
    }

    /**
     * Records the end of the import once it is reached.
     *
     * @param decided whether everything delivered so far has been decided
     * @throws ConnectException if the other direction would wait for ever
     */
    void settle(Set<TopicPartition> assignment, boolean decided) {
        if (settled || marks.isEmpty()) {
            return;
        }
        if (isDone(app, DONE)) {
            settled = true;
            return;
        }
        if (twoWay && unmarked(assignment)) {
            throw new ConnectException(
                    "Topic " + marks.keySet().iterator().next().topic() + " has more partitions than the "
                            + partitions + " that its source marks, so the end of the first import cannot be told: set"
                            + " topic.creation.default.partitions of the source to the topic's number, and restart both");
        }
        if (decided && assignment.stream().allMatch(this::imported)) {
            ledger.append(marks.keySet().stream()
                    .map(partition -> LedgerEntry.blank(app, done(partition.partition())))
                    .toList());
            // Other tasks may hold further partitions: whoever is last finds the entries of all.
            if (IntStream.range(0, partitions).allMatch(i -> isDone(app, done(i)))) {
                ledger.append(List.of(LedgerEntry.blank(app, DONE)));
                LOG.info("The first import into {} is complete", app);
            }
            settled = true;
        }
    }

    /** Also where a task before this one has come past the mark. */
    private boolean imported(TopicPartition partition) {
        return marks.containsKey(partition) || isDone(app, done(partition.partition()));
    }

    private boolean unmarked(Set<TopicPartition> assignment) {
        return assignment.stream().anyMatch(partition -> partition.partition() >= partitions);
    }

    private boolean isDone(String owner, String what) {
        return ledger.get(new LedgerEntry.Key(owner, what)) != null;
    }

    private static String done(int partition) {
        return DONE + "-" + partition;
    }

    /** Until the import is recorded as complete, a restarted task has to see the marks again. */
    void hold(Map<TopicPartition, OffsetAndMetadata> offsets, Set<TopicPartition> assignment) {
        if (!settled && !unmarked(assignment)) {
            marks.forEach((partition, offset) -> offsets.computeIfPresent(
                    partition, (p, o) -> o.offset() > offset ? new OffsetAndMetadata(offset) : o));
        }
    }
}
