package io.github.crmsync.scenario;

import io.github.crmsync.dynamics.DynamicsSourceConnector;
import io.github.crmsync.hubspot.HubSpotSourceConnector;
import io.github.crmsync.simulation.Topic;
import io.github.crmsync.simulation.stack.OffsetStore;
import java.util.Collections;
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
    private final OffsetStore offsets;
    /** Each start is in a JVM of its own. */
    private long jvm;

    Source(World world, String folder, String file, String name, Supplier<SourceTask> tasks) {
        super(world, folder, file, name);
        this.tasks = tasks;
        offsets = new OffsetStore(name);
    }

    @Override
    void start() {
        Map<String, String> settings = configuration().settings();
        jvm++;
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
                        offsets.store(offset(record), jvm);
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
        offsets.reset(
                name.contains("hubspot") ? new HubSpotSourceConnector() : new DynamicsSourceConnector(),
                configuration().settings(),
                jvm);
    }

    @Override
    void stop() {
        task.stop();
    }

    @Override
    boolean idle() {
        return true;
    }

    @SuppressWarnings("unchecked")
    private static Map<Map<String, ?>, Map<String, ?>> offset(SourceRecord record) {
        return Collections.singletonMap(
                (Map<String, ?>) record.sourcePartition(), (Map<String, ?>) record.sourceOffset());
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
            return offsets.reader(jvm);
        }
    }
}
