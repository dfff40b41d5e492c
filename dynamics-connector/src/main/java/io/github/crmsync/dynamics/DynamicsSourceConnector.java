package io.github.crmsync.dynamics;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/** Source of contacts or leads in Microsoft Dynamics 365, by change tracking. */
public final class DynamicsSourceConnector extends SourceConnector {
    private final Function<DynamicsSourceConfig, String> organizations;
    private Map<String, String> props;

    public DynamicsSourceConnector() {
        this(DynamicsSourceConnector::organizationOf);
    }

    /** @param organizations id of the organization that a configuration's environment belongs to */
    DynamicsSourceConnector(Function<DynamicsSourceConfig, String> organizations) {
        this.organizations = organizations;
    }

    @Override
    public void start(Map<String, String> props) {
        this.props = Map.copyOf(props);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return DynamicsSourceTask.class;
    }

    /** One task: the changes of a table come as one sequence. */
    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(props);
    }

    @Override
    public Config validate(Map<String, String> props) {
        Config config = super.validate(props);
        LiveCheck.run(config, () -> new DynamicsSourceConfig(props), DynamicsSourceConnector::check);
        return config;
    }

    private static void check(DataverseApi api, DynamicsSourceConfig config) {
        api.users();
        TableMetadata metadata = new TableMetadata(api, config.table());
        boolean tracking = metadata.changeTracking();
        if (!tracking && !config.byTime()) {
            throw new SettingException(
                    DynamicsSourceConfig.INCREMENTAL_MODE,
                    "Change tracking is switched off for table "
                            + config.table().logicalName()
                            + ": switch it on in the table's properties (Track changes), or set modifiedon");
        }
        if (config.chosenColumns().isEmpty()) {
            throw new SettingException(
                    DynamicsSourceConfig.COLUMNS,
                    "Name the columns to read of table " + config.table().logicalName());
        }
        List<String> unknown = metadata.columns().unknown(config.chosenColumns());
        if (!unknown.isEmpty()) {
            throw new SettingException(
                    DynamicsSourceConfig.COLUMNS,
                    "Table " + config.table().logicalName() + " has no columns " + String.join(", ", unknown));
        }
        if (!config.listId().isEmpty() && !config.viewId().isEmpty()) {
            throw new SettingException(DynamicsSourceConfig.VIEW_ID, "Give a list or a view, not both");
        }
        new ScopeQueries(api, config.table()).check(config);
        // Privileges show with the first row only; tracked reading needs the right to read all rows.
        api.first(new DataverseApi.Reading(List.of(config.table().key()), 1, false), !config.byTime());
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> props) {
        // Offsets travel with their records, and reading again from an offset gives the same rows or newer ones.
        return ExactlyOnceSupport.SUPPORTED;
    }

    /** Accepts deletions, and offsets of this environment and table in this connector's format. */
    @Override
    public boolean alterOffsets(Map<String, String> props, Map<Map<String, ?>, Map<String, ?>> offsets) {
        DynamicsSourceConfig config = new DynamicsSourceConfig(props);
        config.sourcePartition().alter(offsets, offset -> check(offset, config));
        return true;
    }

    private void check(Map<String, ?> offset, DynamicsSourceConfig config) {
        SourceOffset altered = SourceOffset.of(offset);
        Set<String> unknown = SourceOffset.unknown(offset);
        if (!unknown.isEmpty()) {
            throw new ConnectException("An offset has nothing called " + String.join(", ", unknown));
        }
        if (altered.link() != null) {
            String path = OData.follow(config.environment(), altered.link()).getPath();
            if (!path.endsWith("/" + config.table().entitySet())) {
                throw new ConnectException("The offset's link is for " + path + ", not for table "
                        + config.table().logicalName());
            }
        }
        altered.requireOrganization(organization(config));
    }

    private String organization(DynamicsSourceConfig config) {
        try {
            return organizations.apply(config);
        } catch (RetriableException e) {
            throw new ConnectException(
                    "The environment cannot tell its organization now, so the offset is not taken; try again: "
                            + e.getMessage(),
                    e);
        }
    }

    private static String organizationOf(DynamicsSourceConfig config) {
        try (DataverseApi api = new DataverseApi(config, config.http().forValidation())) {
            return api.organizationId();
        }
    }

    @Override
    public ConfigDef config() {
        return DynamicsSourceConfig.definition();
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
