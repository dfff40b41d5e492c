package io.github.crmsync.hubspot;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/** Source of HubSpot contacts: a snapshot, then every change and deletion. One task, because it has one cursor. */
public class HubSpotSourceConnector extends SourceConnector {
    private Map<String, String> props;

    @Override
    public String version() {
        return pluginVersion();
    }

    static String pluginVersion() {
        String version = HubSpotSourceConnector.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    @Override
    public ConfigDef config() {
        return HubSpotSourceConfig.definition();
    }

    @Override
    public Config validate(Map<String, String> connectorConfigs) {
        Config config = super.validate(connectorConfigs);
        LiveCheck check = new LiveCheck(config.configValues());
        check.run(() -> new HubSpotSourceConfig(connectorConfigs), (api, known) -> {
            HubSpotSourceConfig source = new HubSpotSourceConfig(connectorConfigs);
            check.properties(source.selection(), known);
            check.linkProperty(source.linkProperty(), known);
            check.lists(source.listIds(), api);
        });
        return config;
    }

    @Override
    public void start(Map<String, String> connectorConfigs) {
        props = new HashMap<>(connectorConfigs);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return HubSpotSourceTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(props);
    }

    @Override
    public void stop() {
        // Nothing is open outside the task.
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
        offsets.forEach((partition, offset) -> {
            if (!partition.equals(SourceOffset.PARTITION)) {
                throw new ConnectException(
                        "The only partition of this connector is " + SourceOffset.PARTITION + ", not " + partition);
            }
            if (offset != null) {
                SourceOffset.of(offset);
            }
        });
        return true;
    }
}
