package io.github.crmsync.simulation.stack;

import io.github.crmsync.simulation.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** Runs a source task: polls, appends to the topic, stores offsets now and then. */
final class SourceActor extends Actor {
    /** A worker may be slow to poll again: most of a rest is waiting. */
    private static final long DRAWL_MS = 60_000;

    private final Supplier<Map<String, String>> settings;
    private final Function<SourceActor, SourceTask> tasks;
    private final Topic topic;
    private final SourceConnector connector;
    private final OffsetStore offsets;
    /** Offsets of records that have been appended, by partition, still to be stored. */
    private Map<Map<String, ?>, Map<String, ?>> delivered = new HashMap<>();

    private int lives;
    /** Whether this life began with a stored offset that the task has not found yet. */
    private boolean missed;

    SourceActor(
            Stack stack,
            String name,
            Topic topic,
            Supplier<Map<String, String>> settings,
            SourceConnector connector,
            Function<SourceActor, SourceTask> tasks) {
        super(stack, name);
        this.topic = topic;
        this.settings = settings;
        this.connector = connector;
        this.offsets = new OffsetStore(name);
        this.tasks = tasks;
    }

    @Override
    boolean isSink() {
        return false;
    }

    @Override
    void cutOff() {
        // It only reads.
    }

    /** Reads everything again. */
    void forgetOffset() {
        offsets.reset(connector, settings.get(), jvm());
        crash();
    }

    /** Each life of the task is in a JVM of its own. */
    private long jvm() {
        return stack.setup().seed() * 10_000 + lives;
    }

    @Override
    void life() throws InterruptedException {
        lives++;
        delivered = new HashMap<>();
        missed = !offsets.isEmpty();
        SourceTask task = tasks.apply(this);
        Map<String, String> props = settings.get();
        task.initialize(new Context(props));
        task.start(props);
        while (true) {
            List<SourceRecord> records = task.poll();
            if (records == null) {
                // An idle poll may not have waited.
                sleep(1);
                continue;
            }
            if (missed) {
                stack.findings().violation("a restarted source does not find its stored offset");
                missed = false;
            }
            for (SourceRecord record : records) {
                here("append to topic");
                if (record.topic().equals(topic.name())) {
                    stack.appended(topic, stack.wire().send(record, topic));
                }
                delivered.put(partition(record.sourcePartition()), offset(record.sourceOffset()));
            }
            here("store offset");
            if (stack.choices().chance(0.6) || stack.calm()) {
                offsets.store(delivered, jvm());
                delivered.clear();
                stack.log(() -> this + " stores its offset");
            }
        }
    }

    @Override
    public boolean await(CountDownLatch done, long ms) {
        boolean drawl = ms > 0 && stack.calm() && stack.choices().chance(0.7);
        return super.await(done, drawl ? Math.max(ms, DRAWL_MS) : ms);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ?> partition(Map<?, ?> partition) {
        return (Map<String, ?>) partition;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ?> offset(Map<?, ?> offset) {
        return (Map<String, ?>) offset;
    }

    private final class Context implements SourceTaskContext {
        private final Map<String, String> props;

        Context(Map<String, String> props) {
            this.props = props;
        }

        @Override
        public Map<String, String> configs() {
            return props;
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            OffsetStorageReader reader = offsets.reader(jvm());
            return new OffsetStorageReader() {
                @Override
                public <T> Map<String, Object> offset(Map<String, T> partition) {
                    Map<String, Object> found = reader.offset(partition);
                    if (found != null && missed) {
                        missed = false;
                        stack.findings().situation("a restart reads a stored offset");
                    }
                    return found;
                }

                @Override
                public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
                    throw new UnsupportedOperationException();
                }
            };
        }
    }
}
