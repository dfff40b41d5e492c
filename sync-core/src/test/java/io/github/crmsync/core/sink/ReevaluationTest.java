package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.identity.Groups;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.record.Fingerprints;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.junit.jupiter.api.Test;

/** What happens to the records that are there when a filter, a mapping or a rule of a sink is saved. */
class ReevaluationTest {
    private static final TopicPartition PARTITION = new TopicPartition("contacts", 0);

    /** A contact as its source sent it. */
    private record Sent(String id, String country, int version) {}

    private final FakeApp dynamics = new FakeApp("dynamics");
    private final MemoryLedger ledger = new MemoryLedger();
    private final List<Sent> topic = new ArrayList<>();
    private final List<String> anew = new ArrayList<>();
    /** The filter in force. */
    private String filter = "NL";

    private SyncSinkTask task;
    private long position;
    private Long committed;
    private long now = 1_000_000;

    private final class Task extends SyncSinkTask {
        @Override
        protected Background background() {
            return Background.atOnce();
        }

        @Override
        protected TargetClient openTarget(Map<String, String> props) {
            return dynamics;
        }

        @Override
        protected Ledger openLedger(SyncSinkConfig settings, String writer, String task) {
            return ledger;
        }

        @Override
        protected Groups groups() {
            return group -> 0;
        }

        @Override
        protected Reevaluation.Images openImages() {
            return partition -> {
                Map<String, Long> newest = new LinkedHashMap<>();
                for (int i = 0; i < topic.size(); i++) {
                    newest.put(topic.get(i).id, (long) i);
                }
                return newest.values().stream()
                        .mapToLong(Long::longValue)
                        .sorted()
                        .toArray();
            };
        }

        @Override
        protected Map<TopicPartition, Long> committed() {
            return committed == null ? Map.of() : Map.of(PARTITION, committed);
        }

        @Override
        protected long committedBefore(Map<String, String> props) {
            return committed == null ? 0 : committed;
        }

        @Override
        protected long now() {
            return now;
        }

        @Override
        protected Report openReport(SyncSinkConfig settings) {
            return new Report() {
                @Override
                public void record(String targetApp, Work work, Outcome outcome, long now) {
                    // Not of interest.
                }

                @Override
                public void recordAnew(String targetApp, Work work, Outcome outcome, long now) {
                    anew.add(work.image().id() + " " + outcome.kind());
                }

                @Override
                public void plan(String targetApp, Map<Outcome.Kind, Long> counts, long now) {
                    // Nobody previews.
                }

                @Override
                public void flush() {
                    // Kept already.
                }

                @Override
                public void close() {
                    // Nothing is open.
                }
            };
        }
    }

    /** The connector with the filter in force, from where its group is. */
    private void start() {
        task = new Task();
        task.initialize(new Context());
        task.start(Map.of(
                "name", "dynamics-sink",
                "ledger.bootstrap.servers", "none",
                "linger.ms", "0",
                "retry.backoff.ms", "10",
                "transforms", "filter",
                "transforms.filter.type", "io.github.crmsync.transforms.SyncFilter",
                "transforms.filter.filter.expression", "record.country == '" + filter + "'"));
        position = committed == null ? 0 : committed;
        task.open(List.of(PARTITION));
    }

    /** One poll with what there is, up to a number of records. */
    private void poll(int most) {
        now += 3_000;
        List<SinkRecord> records = new ArrayList<>();
        while (position < topic.size() && records.size() < most) {
            records.add(image(position++));
        }
        task.put(records);
        OffsetAndMetadata done = task.preCommit(Map.of()).get(PARTITION);
        if (done != null) {
            assertThat(done.offset())
                    .as("nothing is committed backwards")
                    .isGreaterThanOrEqualTo(committed == null ? 0 : committed);
            committed = done.offset();
        }
    }

    private void drain() {
        for (int i = 0; i < 8; i++) {
            poll(1);
        }
    }

    private void save(String newFilter) {
        filter = newFilter;
        start();
    }

    private SinkRecord image(long offset) {
        Sent sent = topic.get((int) offset);
        Map<String, Object> value = Map.of("email", sent.id + "@example.org", "name", sent.id + sent.version);
        ConnectHeaders headers = new ConnectHeaders();
        SyncHeaders.set(headers, SyncHeaders.APP, "hubspot");
        SyncHeaders.set(headers, SyncHeaders.ID, sent.id);
        SyncHeaders.set(headers, SyncHeaders.VERSION, Integer.toString(sent.version));
        SyncHeaders.set(headers, SyncHeaders.ORIGIN, Origin.LIVE.text());
        Map<String, Long> fingerprints = new HashMap<>();
        value.forEach((field, content) -> fingerprints.put(field, Fingerprints.of(content)));
        SyncHeaders.set(headers, SyncHeaders.FINGERPRINTS, Fingerprints.pack(fingerprints));
        SyncHeaders.set(headers, SyncHeaders.EMAIL, sent.id + "@example.org");
        SyncHeaders.set(headers, SyncHeaders.EXCLUDED, filter.contains(sent.country) ? null : "filter");
        SyncHeaders.set(
                headers,
                SyncHeaders.MAPPING,
                MappedField.format(List.of(new MappedField("email", "email"), new MappedField("name", "name"))));
        return new SinkRecord(
                "contacts", 0, null, sent.id, null, value, offset, 0L, TimestampType.CREATE_TIME, headers);
    }

    @Test
    void aWiderFilterLetsInWhomItHeldBack() {
        topic.addAll(List.of(new Sent("ann", "NL", 1), new Sent("bob", "DE", 1)));
        start();
        drain();
        assertThat(dynamics.ids()).hasSize(1);

        save("NL or DE");
        drain();

        assertThat(dynamics.ids()).hasSize(2);
        assertThat(anew).containsExactly("ann UNCHANGED", "bob CREATED");
        assertThat(committed).isEqualTo(2);
    }

    @Test
    void aRecordThatIsAsAgreedCostsNoCall() {
        topic.add(new Sent("ann", "NL", 1));
        start();
        drain();
        int reads = dynamics.reads;

        save("NL or DE");
        drain();

        assertThat(anew).containsExactly("ann UNCHANGED");
        assertThat(dynamics.reads).isEqualTo(reads);
    }

    @Test
    void nothingIsReadAgainWhereNothingHasChanged() {
        topic.add(new Sent("ann", "DE", 1));
        start();
        drain();

        start();
        drain();

        assertThat(anew).isEmpty();
    }

    @Test
    void onlyTheNewestImageOfARecordCounts() {
        topic.addAll(List.of(new Sent("ann", "DE", 1), new Sent("ann", "FR", 2)));
        start();
        drain();

        save("DE");
        drain();

        assertThat(dynamics.ids()).as("Ann has long moved to France").isEmpty();
        assertThat(anew).containsExactly("ann EXCLUDED");
    }

    @Test
    void whatAnImageKeptOutItMayLetIn() {
        topic.addAll(List.of(new Sent("ann", "NL", 1), new Sent("ann", "DE", 2)));
        start();
        // In one poll: the first image is replaced before it is handled, which leaves a trace in the ledger.
        poll(2);
        drain();
        assertThat(dynamics.ids()).isEmpty();

        save("DE");
        drain();

        assertThat(dynamics.ids()).hasSize(1);
    }

    @Test
    void aCrashInTheMiddleBeginsAgain() {
        topic.addAll(List.of(new Sent("ann", "DE", 1), new Sent("bob", "DE", 1), new Sent("cyd", "DE", 1)));
        start();
        drain();
        save("DE");
        poll(1);
        poll(1);
        assertThat(dynamics.ids()).hasSize(1);
        assertThat(committed).isEqualTo(3);

        start();
        drain();

        assertThat(dynamics.ids()).hasSize(3);
    }

    @Test
    void goingBackInTheMiddleIsAChangeToo() {
        topic.addAll(List.of(new Sent("ann", "NL", 1), new Sent("bob", "NL", 1)));
        start();
        drain();
        save("DE");
        poll(1);
        poll(1);

        save("NL");
        drain();

        assertThat(anew).contains("ann EXCLUDED").endsWith("ann UNCHANGED", "bob UNCHANGED");
    }

    @Test
    void imagesThatComeMeanwhileAreHandledInTheirTurn() {
        topic.addAll(List.of(new Sent("ann", "DE", 1), new Sent("bob", "DE", 1)));
        start();
        drain();
        save("DE");
        topic.add(new Sent("cyd", "DE", 1));
        drain();

        assertThat(dynamics.ids()).hasSize(3);
        assertThat(committed).isEqualTo(3);
    }

    private final class Context implements SinkTaskContext {
        @Override
        public Map<String, String> configs() {
            return Map.of();
        }

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {
            offsets.forEach(this::offset);
        }

        @Override
        public void offset(TopicPartition partition, long offset) {
            position = offset;
        }

        @Override
        public void timeout(long timeoutMs) {
            // The test polls.
        }

        @Override
        public Set<TopicPartition> assignment() {
            return Set.of(PARTITION);
        }

        @Override
        public void pause(TopicPartition... partitions) {
            // Nothing is delivered but by the test.
        }

        @Override
        public void resume(TopicPartition... partitions) {
            // As above.
        }

        @Override
        public void requestCommit() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ErrantRecordReporter errantRecordReporter() {
            return null;
        }
    }
}
