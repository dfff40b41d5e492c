package io.github.crmsync.scenario;

import io.github.crmsync.simulation.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** A source connector: what its task reads goes through a worker's converters into a topic. */
final class Source extends Connector {
    /** A poll without records may have read nothing because something else was due. */
    private static final int IDLE_POLLS = 10;

    private final Supplier<SourceTask> tasks;
    private SourceTask task;
    private Map<String, ?> offset;

    Source(World world, String folder, String file, String name, Supplier<SourceTask> tasks) {
        super(world, folder, file, name);
        this.tasks = tasks;
    }

    @Override
    void start() {
        Map<String, String> settings = configuration().settings();
        task = tasks.get();
        task.initialize(new Context(settings));
        task.start(settings);
    }

    @Override
    boolean work() {
        Map<String, String> settings = configuration().settings();
        Topic topic =
                world.topic(settings.get("topic"), Integer.parseInt(settings.get("topic.creation.default.partitions")));
        boolean any = false;
        try {
            for (int idle = 0; idle < IDLE_POLLS; idle++) {
                List<SourceRecord> records = task.poll();
                if (records != null) {
                    for (SourceRecord record : records) {
                        world.wire().send(record, topic);
                        offset = record.sourceOffset();
                    }
                    any = true;
                    idle = 0;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return any;
    }

    /** Reads everything from the beginning when it is turned on again. */
    void forgetOffset() {
        offset = null;
    }

    @Override
    void stop() {
        task.stop();
    }

    @Override
    boolean idle() {
        return true;
    }

    private record Place(Map<String, ?> offset) implements OffsetStorageReader {
        @Override
        public <T> Map<String, Object> offset(Map<String, T> partition) {
            return offset == null ? null : new HashMap<>(offset);
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
            throw new UnsupportedOperationException();
        }
    }

    private final class Context implements SourceTaskContext {
        private final Map<String, String> settings;

        Context(Map<String, String> settings) {
            this.settings = settings;
        }

        @Override
        public Map<String, String> configs() {
            return settings;
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return new Place(offset);
        }
    }
}
