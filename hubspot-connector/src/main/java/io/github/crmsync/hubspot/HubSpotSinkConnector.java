package io.github.crmsync.hubspot;

import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Sink that brings HubSpot contacts into agreement with another app's records. */
public class HubSpotSinkConnector extends SinkConnector {
    private Map<String, String> props;

    @Override
    public String version() {
        return HubSpotSourceConnector.pluginVersion();
    }

    @Override
    public ConfigDef config() {
        return HubSpotSinkConfig.definition();
    }

    @Override
    public Config validate(Map<String, String> connectorConfigs) {
        Config config = super.validate(connectorConfigs);
        LiveCheck check = new LiveCheck(config.configValues());
        check.recordsWithoutEmail(connectorConfigs);
        check.run(
                () -> new HubSpotSinkConfig(connectorConfigs),
                (api, known) -> check.linkProperty(new HubSpotSinkConfig(connectorConfigs).linkProperty(), known));
        return config;
    }

    @Override
    public void start(Map<String, String> connectorConfigs) {
        props = new HashMap<>(connectorConfigs);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return HubSpotSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return SyncSinkConfig.forTasks(props, maxTasks);
    }

    @Override
    public void stop() {
        // Nothing is open outside the tasks.
    }
}
