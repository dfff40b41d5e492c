package io.github.crmsync.hubspot;

import io.github.crmsync.core.record.SyncHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.awaitility.Awaitility;

/** A source task at work, polled by the test's thread, and everything that it has delivered. */
final class SourceRun implements AutoCloseable {
    private final SourceTask task;
    private final Portal portal;
    private final List<SourceRecord> records = new ArrayList<>();

    SourceRun(Portal portal) {
        this(portal, Map.of(), null);
    }

    /**
     * @param settings more settings, or other ones than usual
     * @param offset where to go on; null for the first start
     */
    SourceRun(Portal portal, Map<String, String> settings, Map<String, ?> offset) {
        this(portal, settings, offset, null);
    }

    /** @param linked ids of the contacts that the ledger links; null for no ledger */
    SourceRun(Portal portal, Map<String, String> settings, Map<String, ?> offset, List<String> linked) {
        this.portal = portal;
        task = new HubSpotSourceTask() {
            @Override
            LinkedContacts linkedContacts(HubSpotSourceConfig config) {
                return linked == null ? null : () -> new Ids(linked);
            }
        };
        Map<String, String> props = new HashMap<>(portal.connection());
        props.put(HubSpotSourceConfig.PROPERTIES, "email,firstname");
        props.put(HubSpotSourceConfig.POLL_INTERVAL_MS, "100");
        props.put(HubSpotSourceConfig.OVERLAP_MS, "10000");
        props.put(HubSpotSourceConfig.ARCHIVE_INTERVAL_MS, "1000");
        props.put(HubSpotSourceConfig.SWEEP_INTERVAL_MS, "0");
        props.putAll(settings);
        task.initialize(context(props, offset));
        task.start(props);
    }

    /** The ledger's ids, some at a time. */
    private static final class Ids implements LinkedContacts.Ids {
        private final Iterator<List<String>> chunks;

        Ids(List<String> ids) {
            chunks = Lists.cut(ids, 70).iterator();
        }

        @Override
        public Set<String> next() {
            return chunks.hasNext() ? Set.copyOf(chunks.next()) : Set.of();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
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
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(java.util.Collection<Map<String, T>> partitions) {
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

    /** Polls on for some more complete rounds of searching and looking for deletions. */
    SourceRun rounds(int rounds) {
        long searches = portal.calls("/search") + rounds;
        long lists = portal.calls("GET /crm/objects/{v}/contacts") + 1;
        return until(
                () -> portal.calls("/search") >= searches && portal.calls("GET /crm/objects/{v}/contacts") >= lists);
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

    /** Offset of the last record, as a worker would have stored it. */
    Map<String, ?> offset() {
        return records.get(records.size() - 1).sourceOffset();
    }

    void forget() {
        records.clear();
    }

    static String origin(SourceRecord record) {
        return SyncHeaders.get(record.headers(), SyncHeaders.ORIGIN).orElse("");
    }

    static Optional<String> header(SourceRecord record, String name) {
        return SyncHeaders.get(record.headers(), name);
    }

    /** The last record of a contact since the last {@link #forget}. */
    SourceRecord last(String id) {
        return delivered().stream()
                .filter(record -> record.key().equals(id))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    static String value(SourceRecord record, String property) {
        return ((org.apache.kafka.connect.data.Struct) record.value()).getString(property);
    }

    @Override
    public void close() {
        task.stop();
    }
}
