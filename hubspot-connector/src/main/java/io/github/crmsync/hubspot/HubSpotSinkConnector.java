package io.github.crmsync.hubspot;

import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Records of another app as contacts of HubSpot. */
public final class HubSpotSinkConnector extends SinkConnector {
    private Map<String, String> props;

    static ConfigDef definition() {
        return SyncSinkConfig.define(HubSpotConfig.defineLink(HubSpotConfig.define(new ConfigDef())));
    }

    @Override
    public void start(Map<String, String> settings) {
        props = settings;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return HubSpotSinkTask.class;
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
        Config config = super.validate(settings);
        LiveCheck check = new LiveCheck(config.configValues());
        AbstractConfig[] parsed = new AbstractConfig[1];
        check.run(
                () -> parsed[0] = new AbstractConfig(definition(), settings, false),
                known -> check.linkProperty(parsed[0].getString(HubSpotConfig.LINK_PROPERTY), known));
        return config;
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return definition();
    }

    @Override
    public String version() {
        return Version.of(getClass());
    }
}
