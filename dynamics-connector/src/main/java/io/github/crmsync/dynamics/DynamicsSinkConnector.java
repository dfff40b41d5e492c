package io.github.crmsync.dynamics;

import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Records of another app as contacts or leads of Dynamics 365. */
public final class DynamicsSinkConnector extends SinkConnector {
    private Map<String, String> props;

    @Override
    public void start(Map<String, String> settings) {
        props = settings;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return DynamicsSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        List<Map<String, String>> configs = new ArrayList<>();
        for (int i = 0; i < maxTasks; i++) {
            Map<String, String> config = new HashMap<>(props);
            config.put(SyncSinkConfig.TASK_ID, Integer.toString(i));
            configs.add(config);
        }
        return configs;
    }

    @Override
    public Config validate(Map<String, String> settings) {
        return LiveCheck.check(super.validate(settings), settings, false);
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return DynamicsSinkConfig.definition();
    }

    @Override
    public String version() {
        return Version.of(getClass());
    }
}
