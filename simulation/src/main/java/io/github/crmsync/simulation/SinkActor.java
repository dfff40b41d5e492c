package io.github.crmsync.simulation;

import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.TopicInfo;
import io.github.crmsync.core.sink.Background;
import io.github.crmsync.core.sink.Report;
import io.github.crmsync.core.sink.SyncSinkConfig;
import io.github.crmsync.core.sink.SyncSinkTask;
import io.github.crmsync.core.sink.TargetClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** A worker's thread for one sink task: delivers records, commits now and then, and starts the task anew after a crash. */
final class SinkActor implements Pause {
    /** What the write deadline is set to, and what a minute of the tasks' clock is here: a history takes a second or so. */
    private static final int DEADLINE_MS = 20_000;

    private static final int CLOCK_RATE = 100;
    /** For how long a request may go on after its sender has given it up. */
    private static final long GRACE_MS = 10_000;

    private final World world;
    private final Crm target;
    private final Topic topic;
    private final int number;
    private final Set<TopicPartition> paused = new HashSet<>();
    private final Thread thread;
    private final Map<TopicPartition, Long> position = new LinkedHashMap<>();
    /** What went to another task, as this one has yet to learn. */
    private final Set<TopicPartition> revoked = new HashSet<>();

    private long puts;
    private boolean crash;
    private boolean ended;
    private boolean settled;
    private int failures;

    SinkActor(World world, Crm target, Topic topic, int number) {
        this.world = world;
        this.target = target;
        this.topic = topic;
        this.number = number;
        this.thread = new Thread(this::run, "sink-" + target.app + "-" + number);
        thread.setDaemon(true);
    }

    Thread thread() {
        return thread;
    }

    String app() {
        return target.app;
    }

    boolean isHubspot() {
        return target.isHubspot();
    }

    /** Ends the task where it stands; it starts anew at its next turn. */
    void crash() {
        crash = true;
        settled = false;
    }

    /** The topic was made again: what the task still has of it begins at its beginning, and the task need not be told. */
    void startOver() {
        position.replaceAll((partition, offset) -> 0L);
        settled = false;
    }

    /** Whether the task has come to this offset: Connect takes none beyond. */
    boolean hasReached(TopicPartition partition, long offset) {
        return position.getOrDefault(partition, 0L) >= offset;
    }

    Topic topic() {
        return topic;
    }

    /** Takes partitions away, as the task finds out when it polls again. */
    void revoke(List<TopicPartition> partitions) {
        revoked.addAll(partitions);
    }

    /** Whether the group's coordinator knows the task as it is. */
    boolean current() {
        return revoked.isEmpty();
    }

    /** Time of the simulation in which a request given up by this deadline may still arrive. */
    static int stillArrives(Deadline deadline) {
        return (int) ((deadline.leftMs() + GRACE_MS) / CLOCK_RATE);
    }

    void end() {
        ended = true;
    }

    /** Whether everything delivered is finished. */
    boolean settled() {
        return settled && delivered();
    }

    /** Whether the task has been given everything. */
    boolean delivered() {
        return !crash
                && world.assigned(this).stream()
                        .allMatch(p -> position.getOrDefault(p, -1L) == topic.end(p.partition()));
    }

    int failures() {
        return failures;
    }

    /** What the task is given at first. */
    List<TopicPartition> firstPartitions() {
        List<TopicPartition> mine = new ArrayList<>();
        for (int i = number; i < topic.partitions(); i += world.scenario().tasks()) {
            mine.add(new TopicPartition(topic.name, i));
        }
        return mine;
    }

    private void run() {
        world.baton().await();
        while (!ended) {
            try {
                incarnation();
            } catch (Crash e) {
                world.log(() -> this + " crashes, back to " + world.committed(world.assigned(this)));
            } catch (ConnectException e) {
                world.log(() -> this + " fails: " + e.getMessage());
                world.failed(this, e);
            } catch (RuntimeException | LinkageError | AssertionError e) {
                world.failed(e);
            }
        }
        world.finished();
    }

    private void incarnation() {
        crash = false;
        settled = false;
        paused.clear();
        // Even a start is a step that others may come before.
        here("start");
        Task task = new Task();
        task.initialize(new Context());
        task.start(settings());
        position.clear();
        revoked.clear();
        while (true) {
            assign(task);
            List<SinkRecord> records = records();
            if (!records.isEmpty()) {
                settled = false;
                world.log(() ->
                        this + " gets " + records.stream().map(Images::describe).toList());
            }
            puts++;
            task.put(records);
            here("put returned");
            Map<TopicPartition, OffsetAndMetadata> done = task.preCommit(Map.of());
            settled = records.isEmpty()
                    && done.entrySet().stream()
                            .allMatch(entry -> entry.getValue().offset() >= position.getOrDefault(entry.getKey(), 0L));
            if (world.choices().chance(0.4) || world.draining()) {
                world.commit(this, done);
            }
        }
    }

    /** What a poll tells of the group: partitions that are gone, and new ones; now and then all are given anew. */
    private void assign(Task task) {
        List<TopicPartition> now = world.assigned(this);
        if (revoked.isEmpty() && position.keySet().equals(Set.copyOf(now))) {
            return;
        }
        if (!position.isEmpty() && !world.draining() && world.choices().chance(0.3)) {
            // The group's answer is still on its way.
            return;
        }
        boolean eager = world.choices().next(2) == 1;
        List<TopicPartition> lost = position.keySet().stream()
                .filter(partition -> eager || revoked.contains(partition) || !now.contains(partition))
                .toList();
        revoked.clear();
        task.close(lost);
        position.keySet().removeAll(lost);
        List<TopicPartition> gained = now.stream()
                .filter(partition -> !position.containsKey(partition))
                .toList();
        gained.forEach(partition -> position.put(partition, world.committed(partition)));
        paused.removeAll(gained);
        task.open(gained);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(Map.of(
                SyncSinkConfig.LEDGER_SERVERS,
                "none",
                SyncSinkConfig.WRITE_DEADLINE_MS,
                String.valueOf(DEADLINE_MS),
                SyncSinkConfig.TASK_ID,
                String.valueOf(number),
                SyncSinkConfig.LINGER_MS,
                "0",
                SyncSinkConfig.LOOP_LIMIT,
                "0",
                SyncSinkConfig.RETRY_BACKOFF_MS,
                "10",
                SyncSinkConfig.PARK_LIMIT_MS,
                String.valueOf(world.parkLimit()),
                "errors.tolerance",
                "all"));
        if (world.scenario().has(Scenario.Feature.LOSSES)) {
            settings.put("name", "sink-" + target.app);
        }
        if (world.scenario().has(Scenario.Feature.IMPORT) && !isHubspot()) {
            settings.put(SyncSinkConfig.WAIT_FOR_IMPORT, "true");
        }
        return settings;
    }

    private List<SinkRecord> records() {
        List<SinkRecord> records = new ArrayList<>();
        for (TopicPartition partition : position.keySet()) {
            List<SinkRecord> log = topic.of(partition);
            long from = position.get(partition);
            if (from < log.size() && !paused.contains(partition)) {
                long to = Math.min(log.size(), from + 1 + world.choices().next(3));
                log.subList((int) from, (int) to).stream()
                        .filter(Objects::nonNull)
                        .forEach(records::add);
                position.put(partition, to);
            }
        }
        return records;
    }

    @Override
    public void here(String what) {
        if (!ended) {
            world.turn(this);
        }
        if (crash && !ended) {
            world.findings.situation("crash before: " + what);
            world.crashed(this);
        }
        if (crash || ended) {
            throw new Crash();
        }
        world.log(() -> this + ": " + what);
    }

    @Override
    public void taken(TopicPartition partition) {
        world.taken(partition);
    }

    @Override
    public Optional<TopicInfo> topic(String name) {
        return name.equals(topic.name) ? Optional.of(topic.info()) : Optional.empty();
    }

    @Override
    public void situation(String name) {
        world.findings.situation(name);
    }

    @Override
    public String toString() {
        return "sink " + target.app + (world.scenario().tasks() > 1 ? "#" + number : "");
    }

    private final class Task extends SyncSinkTask {
        @Override
        protected Background background() {
            return Background.atOnce();
        }

        @Override
        protected TargetClient openTarget(Map<String, String> props) {
            return new CrmClient(target, world.scenario(), world.choices(), SinkActor.this, world);
        }

        @Override
        protected Ledger openLedger(SyncSinkConfig settings, String writer, String task) {
            return new LogLedger(world.ledger(), writer, task, SinkActor.this);
        }

        @Override
        protected Report openReport(SyncSinkConfig settings) {
            return new Decisions(world);
        }

        @Override
        protected long committedBefore(Map<String, String> props) {
            return firstPartitions().stream().mapToLong(world::committed).sum();
        }

        @Override
        protected long now() {
            return world.now();
        }

        @Override
        protected long elapsed() {
            // Where requests never outlive their sender, all of them have ended by the next call.
            return world.scenario().zombies() ? world.now() * CLOCK_RATE : puts * 1_000_000;
        }
    }

    private final class Context implements SinkTaskContext {
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
            // The actor comes back at its next turn.
        }

        @Override
        public Set<TopicPartition> assignment() {
            return new HashSet<>(position.keySet());
        }

        @Override
        public void pause(TopicPartition... partitions) {
            paused.addAll(List.of(partitions));
        }

        @Override
        public void resume(TopicPartition... partitions) {
            paused.removeAll(Set.of(partitions));
        }

        @Override
        public void requestCommit() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ErrantRecordReporter errantRecordReporter() {
            return (record, error) -> {
                failures++;
                world.log(() -> SinkActor.this + " dead letter " + record.key() + ": " + error.getMessage());
                return null;
            };
        }
    }
}
