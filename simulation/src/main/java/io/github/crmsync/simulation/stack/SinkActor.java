package io.github.crmsync.simulation.stack;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.TopicInfo;
import io.github.crmsync.core.sink.Report;
import io.github.crmsync.core.sink.SyncSinkTask;
import io.github.crmsync.simulation.LogLedger;
import io.github.crmsync.simulation.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.kafka.connect.transforms.Transformation;

/** Runs a sink task: transforms and delivers records, commits offsets now and then. */
final class SinkActor extends Actor implements SinkOutside {
    private static final long POLL_MS = 1_000;
    /** While there is nothing to do; a record wakes it. */
    private static final long LONGEST_POLL_MS = 60_000;

    private final String app;
    private final Topic topic;
    private final Function<Map<String, String>, Example> configured;
    private final Function<SinkActor, SyncSinkTask> tasks;
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final Map<TopicPartition, Long> position = new HashMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private long timeout;
    private boolean settled;

    /** @param configured its configuration, with the settings that were saved since */
    SinkActor(
            Stack stack,
            String name,
            String app,
            Topic topic,
            Function<Map<String, String>, Example> configured,
            Function<SinkActor, SyncSinkTask> tasks) {
        super(stack, name);
        this.app = app;
        this.topic = topic;
        this.configured = configured;
        this.tasks = tasks;
        partitions = IntStream.range(0, topic.partitions())
                .mapToObj(i -> new TopicPartition(topic.name(), i))
                .toList();
    }

    @Override
    boolean isSink() {
        return true;
    }

    @Override
    void cutOff() {
        stack.watch().windows().endNotSeen(app);
    }

    String app() {
        return app;
    }

    Topic topic() {
        return topic;
    }

    @Override
    void crash() {
        settled = false;
        super.crash();
    }

    /** Whether everything in the topic is finished. */
    boolean settled() {
        return settled && partitions.stream().allMatch(p -> position.getOrDefault(p, -1L) == topic.end(p.partition()));
    }

    /** Everything again from the beginning. */
    void rewind() {
        committed.clear();
        crash();
    }

    @Override
    void life() {
        settled = false;
        paused.clear();
        SyncSinkTask task = tasks.apply(this);
        Example example = configured.apply(stack.operators().saved(this));
        List<Transformation<SinkRecord>> chain = example.transforms();
        task.initialize(new Context(example.settings()));
        task.start(example.settings());
        partitions.forEach(partition -> position.put(partition, committed.getOrDefault(partition, 0L)));
        task.open(partitions);
        while (true) {
            List<SinkRecord> records = records(chain);
            task.put(records);
            here("put returned");
            Map<TopicPartition, OffsetAndMetadata> done = task.preCommit(Map.of());
            settled = records.isEmpty()
                    && done.entrySet().stream()
                            .allMatch(entry -> entry.getValue().offset() >= position.get(entry.getKey()));
            if (stack.choices().chance(0.3) || stack.calm()) {
                done.forEach((partition, offset) -> committed.put(partition, offset.offset()));
                stack.log(() -> this + " commits " + committed.values() + " at " + position.values());
            }
            if (!more()) {
                sleep(settled ? LONGEST_POLL_MS : Math.min(Math.max(timeout, 1), POLL_MS));
            }
        }
    }

    private boolean more() {
        return partitions.stream()
                .anyMatch(partition ->
                        !paused.contains(partition) && position.get(partition) < topic.end(partition.partition()));
    }

    private List<SinkRecord> records(List<Transformation<SinkRecord>> chain) {
        List<SinkRecord> records = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            List<SinkRecord> log = topic.of(partition);
            long from = position.get(partition);
            if (from < log.size() && !paused.contains(partition)) {
                long to = Math.min(log.size(), from + 1 + stack.choices().next(stack.calm() ? 200 : 4));
                log.subList((int) from, (int) to).forEach(record -> add(records, record, chain));
                position.put(partition, to);
            }
        }
        return records;
    }

    private static void add(List<SinkRecord> records, SinkRecord record, List<Transformation<SinkRecord>> chain) {
        SinkRecord result = record.newRecord(
                record.topic(),
                record.kafkaPartition(),
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                record.timestamp(),
                record.headers().duplicate());
        for (Transformation<SinkRecord> transform : chain) {
            result = result == null ? null : transform.apply(result);
        }
        if (result != null) {
            records.add(result);
        }
    }

    // --- what the task finds

    @Override
    public Optional<TopicInfo> topic(String name) {
        return name.equals(topic.name()) ? Optional.of(topic.info()) : Optional.empty();
    }

    @Override
    public Ledger ledger(String writer, String task) {
        return new LogLedger(stack.ledger(), writer, task, this);
    }

    @Override
    public Report report() {
        return stack.watch().report(app);
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
        return topic.newest(partition);
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
            timeout = timeoutMs;
        }

        @Override
        public Set<TopicPartition> assignment() {
            return new HashSet<>(partitions);
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
                stack.log(() -> SinkActor.this + " dead letter " + record.key() + ": " + error.getMessage());
                stack.findings().situation("dead letter");
                return null;
            };
        }
    }
}
