package io.github.crmsync.it;

import io.github.crmsync.core.record.SyncHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.awaitility.Awaitility;

/**
 * A source task at work, polled by the test's thread, and everything that it has delivered.
 *
 * @param <T> the run itself
 */
public abstract class TaskRun<T extends TaskRun<T>> implements AutoCloseable {
    private final SourceTask task;
    private final List<SourceRecord> records = new ArrayList<>();

    /** @param offset where to go on; null for the first start */
    protected TaskRun(SourceTask task, Map<String, String> props, Map<String, ?> offset) {
        this(task, props, new Offsets(offset));
    }

    /** @param offsets the worker's offset store */
    protected TaskRun(SourceTask task, Map<String, String> props, OffsetStorageReader offsets) {
        this.task = task;
        task.initialize(new SourceTaskContext() {
            @Override
            public Map<String, String> configs() {
                return props;
            }

            @Override
            public OffsetStorageReader offsetStorageReader() {
                return offsets;
            }
        });
        task.start(props);
    }

    /** The offset store of a worker with one offset, or none, under the only entry of the source's partition. */
    private record Offsets(Map<String, ?> offset) implements OffsetStorageReader {
        @Override
        @SuppressWarnings("unchecked")
        public <P> Map<String, Object> offset(Map<String, P> partition) {
            return partition.size() == 1 ? (Map<String, Object>) offset : null;
        }

        @Override
        public <P> Map<Map<String, P>, Map<String, Object>> offsets(Collection<Map<String, P>> partitions) {
            throw new UnsupportedOperationException("the task asks for one partition only");
        }
    }

    protected abstract T self();

    /** One call of poll, as a worker makes it. */
    public List<SourceRecord> poll() {
        try {
            List<SourceRecord> polled = task.poll();
            if (polled != null) {
                records.addAll(polled);
            }
            return polled == null ? List.of() : polled;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Polls until the condition holds. */
    public T until(BooleanSupplier condition) {
        Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofMinutes(4))
                .until(() -> {
                    if (!condition.getAsBoolean()) {
                        poll();
                    }
                    return condition.getAsBoolean();
                });
        return self();
    }

    /** Polls until the snapshot has ended. */
    public T snapshot() {
        return until(() -> records.stream().anyMatch(TaskRun::isEnd));
    }

    /** Everything delivered since the last {@link #forget}, marks excepted. */
    public List<SourceRecord> delivered() {
        return records.stream().filter(record -> !isEnd(record)).toList();
    }

    /** Ids of what was delivered, in order; those of tombstones with a minus sign. */
    public List<String> ids() {
        return delivered().stream()
                .map(record -> record.key() + (record.value() == null ? "-" : ""))
                .toList();
    }

    /** Offset of the last record, as a worker would have stored it. */
    public Map<String, ?> offset() {
        return records.get(records.size() - 1).sourceOffset();
    }

    public void forget() {
        records.clear();
    }

    private static boolean isEnd(SourceRecord record) {
        return origin(record).equals("snapshot_end");
    }

    public static String origin(SourceRecord record) {
        return header(record, SyncHeaders.ORIGIN).orElse("");
    }

    public static Optional<String> header(SourceRecord record, String name) {
        return SyncHeaders.get(record.headers(), name);
    }

    public static Object value(SourceRecord record, String field) {
        return ((Struct) record.value()).get(field);
    }

    @Override
    public void close() {
        task.stop();
    }
}
