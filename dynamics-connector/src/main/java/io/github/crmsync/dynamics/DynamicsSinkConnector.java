package io.github.crmsync.dynamics;

import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Sink for contacts or leads in Microsoft Dynamics 365. */
public final class DynamicsSinkConnector extends SinkConnector {
    private Map<String, String> props;

    @Override
    public void start(Map<String, String> props) {
        this.props = Map.copyOf(props);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return DynamicsSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return SyncSinkConfig.forTasks(props, maxTasks);
    }

    @Override
    public Config validate(Map<String, String> props) {
        Config config = super.validate(props);
        LiveCheck.run(config, () -> new DynamicsSinkConfig(props), (api, sink) -> {
            List<String> users = api.users();
            TableMetadata metadata = new TableMetadata(api, sink.table());
            OperationColumn.check(sink.operationColumn(), sink.table(), metadata, metadata.columns());
            // The privilege to read shows with the first row only.
            api.first(new DataverseApi.Reading(List.of(sink.table().key()), 1, false), false);
            users.forEach(user -> checkWriting(api, user, sink.table()));
        });
        return config;
    }

    private static void checkWriting(DataverseApi api, String user, Table table) {
        for (String action : List.of("Create", "Write")) {
            String privilege = "prv" + action + table.schemaName();
            if (api.lacks(user, privilege)) {
                throw new SettingException(
                        DynamicsConfig.CLIENT_ID,
                        "Application user " + user + " lacks the privilege " + privilege
                                + ": give it a security role that may create and write rows of table "
                                + table.logicalName());
            }
        }
    }

    @Override
    public ConfigDef config() {
        return DynamicsSinkConfig.definition();
    }

    @Override
    public void stop() {
        // Tasks hold everything that needs closing.
    }

    @Override
    public String version() {
        return Version.text();
    }
}
