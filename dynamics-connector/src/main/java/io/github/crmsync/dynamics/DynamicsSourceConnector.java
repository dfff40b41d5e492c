package io.github.crmsync.dynamics;

import io.github.crmsync.core.config.Findings;
import io.github.crmsync.core.config.Names;
import io.github.crmsync.core.config.SourceChecks;
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
        Findings findings = new Findings(super.validate(props));
        SourceChecks source = new SourceChecks(findings, props);
        source.run(config().names(), "");
        if (findings.none()) {
            DynamicsSourceConfig config = new DynamicsSourceConfig(props);
            if (config.chosenColumns().isEmpty()) {
                findings.error(
                        DynamicsSourceConfig.COLUMNS,
                        "Name the columns to read of table " + config.table().logicalName());
            }
            if (!config.listId().isEmpty() && !config.viewId().isEmpty()) {
                findings.error(DynamicsSourceConfig.VIEW_ID, "Give a list or a view, not both");
            }
            source.fields(config.columns(), "dynamics");
        }
        if (findings.none()) {
            check(new DynamicsSourceConfig(props), source, findings);
        }
        return findings.config();
    }

    private static void check(DynamicsSourceConfig config, SourceChecks source, Findings findings) {
        try (LiveCheck live = new LiveCheck(findings, config)) {
            live.run((api, user) -> {}, check -> {
                check.start("The table", api -> table(api, config));
                check.start("Columns of the table", api -> columns(api, config));
                check.start("List or view", api -> new ScopeQueries(api, config.table()).check(config));
                source.brokers(config.ledgerClient(), check.others());
            });
        }
    }

    private static void table(DataverseApi api, DynamicsSourceConfig config) {
        boolean tracking = new TableMetadata(api, config.table()).changeTracking();
        if (!tracking && !config.byTime()) {
            throw new SettingException(
                    DynamicsSourceConfig.INCREMENTAL_MODE,
                    "Change tracking is switched off for table "
                            + config.table().logicalName()
                            + ": switch it on in the table's properties (Track changes), or set modifiedon");
        }
        // Privileges show with the first row only; tracked reading needs the right to read all rows.
        api.first(new DataverseApi.Reading(List.of(config.table().key()), 1, false), !config.byTime());
    }

    private static void columns(DataverseApi api, DynamicsSourceConfig config) {
        TableMetadata metadata = new TableMetadata(api, config.table());
        ColumnTypes columns;
        try {
            columns = metadata.columns();
        } catch (DataverseException e) {
            if (e.error().status() == 404) {
                // There is no such table, which its own check reports.
                return;
            }
            throw e;
        }
        List<String> unknown = columns.unknown(config.chosenColumns());
        if (!unknown.isEmpty()) {
            throw new SettingException(
                    DynamicsSourceConfig.COLUMNS,
                    "Table " + config.table().logicalName() + " has no columns " + String.join(", ", unknown)
                            + Names.hint(unknown.get(0), columns.names()));
        }
        Set<String> masked = metadata.masked(config.chosenColumns());
        if (!masked.isEmpty()) {
            throw new SettingException(DynamicsSourceConfig.COLUMNS, TableMetadata.maskedMessage(masked));
        }
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
