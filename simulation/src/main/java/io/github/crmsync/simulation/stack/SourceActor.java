package io.github.crmsync.simulation.stack;

import io.github.crmsync.simulation.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
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
    private Map<String, ?> committed;

    SourceActor(
            Stack stack,
            String name,
            Topic topic,
            Supplier<Map<String, String>> settings,
            Function<SourceActor, SourceTask> tasks) {
        super(stack, name);
        this.topic = topic;
        this.settings = settings;
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
        committed = null;
        crash();
    }

    @Override
    void life() throws InterruptedException {
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
            for (SourceRecord record : records) {
                here("append to topic");
                if (record.topic().equals(topic.name())) {
                    stack.appended(topic, stack.wire().send(record, topic));
                }
            }
            here("store offset");
            if (stack.choices().chance(0.6) || stack.calm()) {
                committed = records.get(records.size() - 1).sourceOffset();
                stack.log(() -> this + " stores its offset");
            }
        }
    }

    @Override
    public boolean await(CountDownLatch done, long ms) {
        boolean drawl = ms > 0 && stack.calm() && stack.choices().chance(0.7);
        return super.await(done, drawl ? Math.max(ms, DRAWL_MS) : ms);
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
            return new OffsetStorageReader() {
                @Override
                public <T> Map<String, Object> offset(Map<String, T> partition) {
                    return committed == null ? null : new HashMap<>(committed);
                }

                @Override
                public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
                    throw new UnsupportedOperationException();
                }
            };
        }
    }
}
