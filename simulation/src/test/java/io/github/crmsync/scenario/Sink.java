package io.github.crmsync.scenario;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Report;
import io.github.crmsync.core.sink.SyncSinkTask;
import io.github.crmsync.core.sink.Work;
import io.github.crmsync.simulation.LogLedger;
import io.github.crmsync.simulation.Topic;
import io.github.crmsync.simulation.stack.SinkOutside;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.kafka.connect.transforms.Transformation;

/** A sink connector: what is in its topics goes through its transforms into its task. */
final class Sink extends Connector implements SinkOutside {
    /** A decision on a record, as the report has it. */
    record Decision(String sourceId, Outcome outcome) {}

    private final Function<Sink, SyncSinkTask> tasks;
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final Map<TopicPartition, Long> position = new HashMap<>();
    /** Up to where the task has got records: one that a transform refuses is committed with the next one only. */
    private final Map<TopicPartition, Long> handed = new HashMap<>();

    private final Set<TopicPartition> assigned = new LinkedHashSet<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final List<String> deadLetters = new ArrayList<>();
    private Map<Outcome.Kind, Long> plan = Map.of();
    private SyncSinkTask task;
    private List<Transformation<SinkRecord>> transforms;

    Sink(World world, String folder, String file, String name, Function<Sink, SyncSinkTask> tasks) {
        super(world, folder, file, name);
        this.tasks = tasks;
    }

    @Override
    void start() {
        Map<String, String> settings = configuration().settings();
        transforms = configuration().transforms();
        assigned.clear();
        position.clear();
        paused.clear();
        task = tasks.apply(this);
        task.initialize(new Context(settings));
        task.start(settings);
    }

    @Override
    boolean work() {
        assignTopics();
        int before = decisions.size();
        List<SinkRecord> records = new ArrayList<>();
        for (TopicPartition partition : assigned) {
            List<SinkRecord> log = world.topic(partition.topic(), 0).of(partition);
            int from = position.get(partition).intValue();
            if (from < log.size() && !paused.contains(partition)) {
                log.subList(from, log.size()).forEach(record -> transform(record, records));
                position.put(partition, (long) log.size());
            }
        }
        task.put(records);
        Map<TopicPartition, Long> newest = new HashMap<>(committed);
        task.preCommit(Map.of()).forEach((partition, offset) -> newest.put(partition, offset.offset()));
        boolean moved = !newest.equals(committed);
        committed.putAll(newest);
        return moved || !records.isEmpty() || decisions.size() > before;
    }

    /** Everything in its topics once more, from the beginning. */
    void again() {
        off();
        committed.clear();
        handed.clear();
        on();
    }

    /** A consumer sees a topic once its source has created it. */
    private void assignTopics() {
        for (String name : configuration().settings().get("topics").split(",")) {
            Topic topic = world.topics().get(name);
            if (topic != null && assigned.stream().noneMatch(p -> p.topic().equals(name))) {
                List<TopicPartition> added = new ArrayList<>();
                for (int i = 0; i < topic.partitions(); i++) {
                    added.add(new TopicPartition(name, i));
                }
                added.forEach(partition -> position.put(partition, committed.getOrDefault(partition, 0L)));
                assigned.addAll(added);
                task.open(added);
            }
        }
    }

    private void transform(SinkRecord record, List<SinkRecord> into) {
        SinkRecord result = record.newRecord(
                record.topic(),
                record.kafkaPartition(),
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                record.timestamp(),
                record.headers().duplicate());
        try {
            for (Transformation<SinkRecord> transform : transforms) {
                result = transform.apply(result);
            }
            into.add(result);
            handed.put(new TopicPartition(record.topic(), record.kafkaPartition()), record.kafkaOffset() + 1);
        } catch (DataException e) {
            deadLetters.add(e.getMessage());
        }
    }

    @Override
    void stop() {
        task.close(assigned);
        task.stop();
    }

    @Override
    boolean idle() {
        boolean preview = "preview".equals(configuration().settings().get("sync.mode"));
        return !isOn()
                || preview
                || assigned.stream()
                        .allMatch(partition -> position.getOrDefault(partition, 0L)
                                        == world.topic(partition.topic(), 0).end(partition.partition())
                                && committed.getOrDefault(partition, 0L) >= handed.getOrDefault(partition, 0L));
    }

    /** Kinds of all decisions on a record, in their order. */
    List<Outcome.Kind> decisions(String sourceId) {
        return decisions.stream()
                .filter(decision -> decision.sourceId.equals(sourceId))
                .map(decision -> decision.outcome.kind())
                .toList();
    }

    /** The newest decision on a record. */
    Outcome decision(String sourceId) {
        return decisions.stream()
                .filter(decision -> decision.sourceId.equals(sourceId))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no decision on " + sourceId))
                .outcome;
    }

    List<Decision> decisions() {
        return decisions;
    }

    List<String> deadLetters() {
        return deadLetters;
    }

    /** Counts of the newest plan of a preview. */
    Map<Outcome.Kind, Long> plan() {
        return plan;
    }

    // --- what the task finds around it

    @Override
    public Ledger ledger(String writer, String task) {
        Map<String, String> settings = configuration().settings();
        Set<String> others = Set.of(settings.getOrDefault("yield.to.syncs", "").split(","));
        return new OneOfSeveral(
                new LogLedger(world.ledger(settings.get("sync.name")), writer, task, what -> {}),
                hubspotId -> others.stream()
                        .anyMatch(sync -> world.ledger(sync).index().links(hubspotId)));
    }

    @Override
    public Report report() {
        return new Report() {
            @Override
            public void record(String targetApp, Work work, Outcome outcome, long now) {
                decisions.add(new Decision(work.image().id(), outcome));
            }

            @Override
            public void plan(String targetApp, Map<Outcome.Kind, Long> counts, long now) {
                plan = Map.copyOf(counts);
            }

            @Override
            public void flush() {
                // Nothing to keep.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    @Override
    public long committed() {
        return committed.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public Map<TopicPartition, Long> committedOffsets() {
        return Map.copyOf(committed);
    }

    @Override
    public long[] newest(TopicPartition partition) {
        return world.topic(partition.topic(), 0).newest(partition);
    }

    @Override
    public int members(String group) {
        return world.runs(group.substring("connect-".length())) ? 1 : 0;
    }

    @Override
    public long millis() {
        return world.now();
    }

    private final class Context implements SinkTaskContext {
        private final Map<String, String> settings;

        Context(Map<String, String> settings) {
            this.settings = settings;
        }

        @Override
        public Map<String, String> configs() {
            return settings;
        }

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {
            position.putAll(offsets);
        }

        @Override
        public void offset(TopicPartition partition, long offset) {
            position.put(partition, offset);
        }

        @Override
        public void timeout(long timeoutMs) {
            // It is called in turn with the others.
        }

        @Override
        public Set<TopicPartition> assignment() {
            return Set.copyOf(assigned);
        }

        @Override
        public void pause(TopicPartition... which) {
            paused.addAll(List.of(which));
        }

        @Override
        public void resume(TopicPartition... which) {
            paused.removeAll(Set.of(which));
        }

        @Override
        public void requestCommit() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ErrantRecordReporter errantRecordReporter() {
            return (record, error) -> {
                deadLetters.add(error.getMessage());
                return null;
            };
        }
    }
}
