package io.github.crmsync.simulation;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.sink.Background;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Report;
import io.github.crmsync.core.sink.SyncSinkConfig;
import io.github.crmsync.core.sink.SyncSinkTask;
import io.github.crmsync.core.sink.TargetClient;
import io.github.crmsync.core.sink.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/**
 * Both sinks' real tasks over one ledger and two small apps, a step at a time: a test says what happens at which call of a
 * task, so that every history is the same each time.
 */
final class TwoSinks implements CrmClient.Observer {
    /** Longer than any wait of a task. */
    private static final long STEP_MS = 60_000;

    private static final int ROUNDS = 6;

    final Crm hubspot;
    final Crm dynamics;
    final Sink toHubspot;
    final Sink toDynamics;
    final LedgerLog ledger = new LedgerLog((before, after) -> {});
    private final Scenario scenario;
    private final Images images;
    private long now = STEP_MS;

    /** @param scenario says which measures there are: link property, history check */
    TwoSinks(String defaultApp, Scenario scenario) {
        this.scenario = scenario;
        images = new Images(defaultApp, false);
        hubspot = new Crm("hubspot", () -> now, false);
        dynamics = new Crm("dynamics", () -> now, false);
        toDynamics = new Sink(dynamics, new Topic("crm.hubspot.contacts", 1));
        toHubspot = new Sink(hubspot, new Topic("crm.dynamics.contacts", 1));
    }

    /** The source of an app sends what has changed. */
    void poll(Crm crm) {
        for (String id : List.copyOf(crm.changed)) {
            Crm.Row row = crm.rows.get(id);
            Topic topic = topicOf(crm);
            topic.add(
                    0,
                    row == null
                            ? images.deletion(crm, crm.deleted.get(id), topic)
                            : images.of(crm, row, Origin.LIVE, topic));
        }
        crm.changed.clear();
    }

    /** The source of an app sends everything once more. */
    void sweep(Crm crm) {
        Topic topic = topicOf(crm);
        crm.rows.values().forEach(row -> topic.add(0, images.of(crm, row, Origin.SWEEP, topic)));
        crm.changed.clear();
    }

    private Topic topicOf(Crm crm) {
        return crm == hubspot ? toDynamics.topic : toHubspot.topic;
    }

    /** Both sources and both sinks go on until they have nothing left to do; without a sweep. */
    void settle() {
        for (int i = 0; i < ROUNDS; i++) {
            poll(hubspot);
            poll(dynamics);
            toDynamics.run();
            toHubspot.run();
        }
    }

    /** Both topics from their beginning, an image at a time, to tasks that remember nothing. */
    void replayOneByOne() {
        toDynamics.replay();
        toHubspot.replay();
        settle();
    }

    int syncWrites() {
        return hubspot.syncWrites + dynamics.syncWrites;
    }

    @Override
    public String operation(String app, String sourceId, String targetId) {
        return "a sink";
    }

    @Override
    public void answerLost(String operation) {
        throw new AssertionError("no answer is lost here");
    }

    @Override
    public void situation(String name) {
        // A test knows what it does.
    }

    @Override
    public void overwroteUnread(String app, String id, String field) {
        // A test knows what it does.
    }

    @Override
    public void landed(String operation) {
        // A test knows what it does.
    }

    @Override
    public void violation(String what) {
        throw new AssertionError(what);
    }

    @Override
    public void later(long ms, Runnable effect) {
        throw new AssertionError("no request is late here");
    }

    /** The task of one direction. */
    final class Sink implements Pause {
        private final Crm target;
        private final Topic topic;
        private final TopicPartition partition;
        private final Map<String, Runnable> hooks = new HashMap<>();
        /** What was decided, oldest first. */
        final List<Outcome.Kind> decisions = new ArrayList<>();

        private SyncSinkTask task;
        private int position;
        private long committed;
        private int puts;

        private Sink(Crm target, Topic topic) {
            this.target = target;
            this.topic = topic;
            this.partition = new TopicPartition(topic.name, 0);
            start(0);
        }

        /**
         * What happens once this task comes to a call the next time: "read", "was read", "find", "was found", "create", "was
         * created", "update", "was updated", "ledger append", "ledger was appended to", "ledger read", "ledger was read".
         */
        void at(String call, Runnable what) {
            hooks.put(call, what);
        }

        void crashAt(String call) {
            at(call, () -> {
                throw new Crash();
            });
        }

        @Override
        public void here(String what) {
            Runnable hook = hooks.remove(what);
            if (hook != null) {
                hook.run();
            }
        }

        /** Starts anew after a crash. */
        void restart() {
            start(committed);
        }

        /** Starts anew after a crash; what it has read and not finished was compacted away. */
        void startAtTheEnd() {
            start(topic.end(0));
        }

        private void replay() {
            start(0);
            for (int end = 1; end <= topic.end(0); end++) {
                run(end);
            }
        }

        private void start(long offset) {
            task = new Task();
            task.initialize(new Context());
            task.start(settings());
            task.open(List.of(partition));
            position = (int) offset;
        }

        /** Gets what the topic has, and goes on with what waits; a crash ends it. */
        void run() {
            run((int) topic.end(0));
        }

        private void run(int end) {
            now += STEP_MS;
            puts++;
            List<SinkRecord> records = List.copyOf(topic.of(partition).subList(position, end));
            position = end;
            try {
                task.put(records);
                committed = offset(task.preCommit(Map.of()));
            } catch (Crash e) {
                hooks.clear();
            }
        }

        private long offset(Map<TopicPartition, OffsetAndMetadata> offsets) {
            return offsets.containsKey(partition) ? offsets.get(partition).offset() : committed;
        }

        Outcome.Kind lastDecision() {
            return decisions.get(decisions.size() - 1);
        }

        private Map<String, String> settings() {
            return Map.of(
                    SyncSinkConfig.LEDGER_SERVERS,
                    "none",
                    SyncSinkConfig.LINGER_MS,
                    "0",
                    SyncSinkConfig.LOOP_LIMIT,
                    "0",
                    SyncSinkConfig.RETRY_BACKOFF_MS,
                    "10",
                    SyncSinkConfig.PARK_LIMIT_MS,
                    String.valueOf(Long.MAX_VALUE / 2),
                    "errors.tolerance",
                    "all");
        }

        private final class Task extends SyncSinkTask {
            @Override
            protected Background background() {
                return Background.atOnce();
            }

            @Override
            protected TargetClient openTarget(Map<String, String> props) {
                return new CrmClient(target, scenario, Choices.of(new int[0]), Sink.this, TwoSinks.this);
            }

            @Override
            protected Ledger openLedger(SyncSinkConfig settings, String writer, String number) {
                return new LogLedger(ledger, writer, number, Sink.this);
            }

            @Override
            protected Report openReport(SyncSinkConfig settings) {
                return new Decided(decisions);
            }

            @Override
            protected long now() {
                return now;
            }

            @Override
            protected long elapsed() {
                // Between two puts every request has ended.
                return puts * 1_000_000L;
            }
        }
    }

    private record Decided(List<Outcome.Kind> decisions) implements Report {
        @Override
        public void record(String targetApp, Work work, Outcome outcome, long now) {
            decisions.add(outcome.kind());
        }

        @Override
        public void plan(String targetApp, Map<Outcome.Kind, Long> counts, long now) {
            // Nobody previews.
        }

        @Override
        public void flush() {
            // Nothing to keep.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private static final class Context implements SinkTaskContext {
        @Override
        public Map<String, String> configs() {
            return Map.of();
        }

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void offset(TopicPartition partition, long offset) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void timeout(long timeoutMs) {
            // The test calls put itself.
        }

        @Override
        public Set<TopicPartition> assignment() {
            return Set.of();
        }

        @Override
        public void pause(TopicPartition... partitions) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void resume(TopicPartition... partitions) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void requestCommit() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ErrantRecordReporter errantRecordReporter() {
            return (record, error) -> null;
        }
    }
}
