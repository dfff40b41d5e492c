package io.github.crmsync.dynamics;

import io.github.crmsync.core.record.SyncHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.awaitility.Awaitility;

/** A source task at work, polled by the test's thread, and everything that it has delivered. */
final class SourceRun implements AutoCloseable {
    private final SourceTask task;
    private final Environment environment;
    private final List<SourceRecord> records = new ArrayList<>();

    SourceRun(Environment environment) {
        this(environment, Map.of(), null);
    }

    /**
     * @param settings more settings, or other ones than usual
     * @param offset where to go on; null for the first start
     */
    SourceRun(Environment environment, Map<String, String> settings, Map<String, ?> offset) {
        this(new DynamicsSourceTask(), environment, settings, offset);
    }

    SourceRun(SourceTask task, Environment environment, Map<String, String> settings, Map<String, ?> offset) {
        this.task = task;
        this.environment = environment;
        Map<String, String> props = settings(environment, settings);
        task.initialize(context(props, offset));
        task.start(props);
    }

    /** Settings of a source that asks for changes often, with others on top. */
    static Map<String, String> settings(Environment environment, Map<String, String> more) {
        Map<String, String> props = new HashMap<>(environment.connection());
        props.put(DynamicsSourceConfig.TOPIC, "people");
        props.put(DynamicsSourceConfig.COLUMNS, "emailaddress1,firstname");
        props.put(DynamicsSourceConfig.POLL_INTERVAL_MS, "100");
        props.put(DynamicsSourceConfig.SWEEP_INTERVAL_MS, "0");
        props.putAll(more);
        return props;
    }

    private static SourceTaskContext context(Map<String, String> props, Map<String, ?> offset) {
        return new SourceTaskContext() {
            @Override
            public Map<String, String> configs() {
                return props;
            }

            @Override
            public OffsetStorageReader offsetStorageReader() {
                return new Offsets(offset);
            }
        };
    }

    /** The offset store of a worker with one offset, or none. */
    private record Offsets(Map<String, ?> offset) implements OffsetStorageReader {
        @Override
        @SuppressWarnings("unchecked")
        public <T> Map<String, Object> offset(Map<String, T> partition) {
            return (Map<String, Object>) offset;
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
            throw new UnsupportedOperationException("the task asks for one partition only");
        }
    }

    /** One call of poll, as a worker makes it. */
    List<SourceRecord> poll() {
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
    SourceRun until(BooleanSupplier condition) {
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
        return this;
    }

    /** Polls until the snapshot has ended. */
    SourceRun snapshot() {
        return until(() -> records.stream().anyMatch(record -> "snapshot_end".equals(origin(record))));
    }

    /** Polls on for some more requests for changes. */
    SourceRun rounds(int rounds) {
        long requests = environment.operations("s") + rounds;
        return until(() -> environment.operations("s") >= requests);
    }

    /** Everything delivered since the last {@link #forget}, marks excepted. */
    List<SourceRecord> delivered() {
        return records.stream()
                .filter(record -> !"snapshot_end".equals(origin(record)))
                .toList();
    }

    /** Ids of what was delivered, in order; those of tombstones with a minus sign. */
    List<String> ids() {
        return delivered().stream()
                .map(record -> record.key() + (record.value() == null ? "-" : ""))
                .toList();
    }

    /** The newest record of each row. */
    Map<Object, SourceRecord> last() {
        Map<Object, SourceRecord> last = new HashMap<>();
        delivered().forEach(record -> last.put(record.key(), record));
        return last;
    }

    /** Offset of the last record, as a worker would have stored it. */
    Map<String, ?> offset() {
        return records.get(records.size() - 1).sourceOffset();
    }

    void forget() {
        records.clear();
    }

    static String origin(SourceRecord record) {
        return header(record, SyncHeaders.ORIGIN);
    }

    /** A header's value; empty where there is none. */
    static String header(SourceRecord record, String name) {
        return SyncHeaders.get(record.headers(), name).orElse("");
    }

    static Object value(SourceRecord record, String column) {
        return ((Struct) record.value()).get(column);
    }

    @Override
    public void close() {
        task.stop();
    }
}
