package io.github.crmsync.hubspot;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/** Contacts of HubSpot as records: a snapshot, then every change. */
public final class HubSpotSourceConnector extends SourceConnector {
    private Map<String, String> props;

    @Override
    public void start(Map<String, String> settings) {
        props = settings;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return HubSpotSourceTask.class;
    }

    /** One task: changes have one order. */
    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(props);
    }

    @Override
    public Config validate(Map<String, String> settings) {
        return LiveCheck.check(super.validate(settings), settings, config());
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> settings) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public boolean alterOffsets(Map<String, String> settings, Map<Map<String, ?>, Map<String, ?>> offsets) {
        offsets.keySet().forEach(partition -> {
            if (!partition.containsKey("portal") || !partition.containsKey("object")) {
                throw new ConnectException("An offset's partition names the portal and the object, not " + partition);
            }
        });
        return true;
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return HubSpotSourceConfig.definition();
    }

    @Override
    public String version() {
        return Version.of(getClass());
    }
}
