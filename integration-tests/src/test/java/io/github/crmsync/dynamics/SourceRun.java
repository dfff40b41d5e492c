package io.github.crmsync.dynamics;

import io.github.crmsync.it.TaskRun;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** A Dynamics source at work. */
final class SourceRun extends TaskRun<SourceRun> {
    private final Environment environment;

    SourceRun(Environment environment) {
        this(environment, Map.of(), null);
    }

    /**
     * @param settings more settings, or other ones than usual
     * @param offset where to go on; null for the first start
     */
    SourceRun(Environment environment, Map<String, String> settings, Map<String, ?> offset) {
        this(new DynamicsSourceTask(), environment, settings, offset);
    }

    SourceRun(SourceTask task, Environment environment, Map<String, String> settings, Map<String, ?> offset) {
        super(task, settings(environment, settings), offset);
        this.environment = environment;
    }

    /** Settings of a source that asks for changes often, with others on top. */
    static Map<String, String> settings(Environment environment, Map<String, String> more) {
        Map<String, String> props = new HashMap<>(environment.connection());
        props.put(DynamicsSourceConfig.TOPIC, "people");
        props.put(DynamicsSourceConfig.COLUMNS, "emailaddress1,firstname");
        props.put(DynamicsSourceConfig.POLL_INTERVAL_MS, "100");
        props.put(DynamicsSourceConfig.SWEEP_INTERVAL_MS, "0");
        props.putAll(more);
        return props;
    }

    @Override
    protected SourceRun self() {
        return this;
    }

    /** Polls on for some more requests for changes. */
    SourceRun rounds(int rounds) {
        long requests = environment.operations("s") + rounds;
        return until(() -> environment.operations("s") >= requests);
    }

    /** The newest record of each row. */
    Map<Object, SourceRecord> last() {
        Map<Object, SourceRecord> last = new HashMap<>();
        delivered().forEach(record -> last.put(record.key(), record));
        return last;
    }
}
