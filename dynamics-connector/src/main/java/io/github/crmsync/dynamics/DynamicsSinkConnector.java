package io.github.crmsync.dynamics;

import io.github.crmsync.core.config.Findings;
import io.github.crmsync.core.config.Names;
import io.github.crmsync.core.config.SinkChecks;
import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Sink for contacts or leads in Microsoft Dynamics 365. */
public final class DynamicsSinkConnector extends SinkConnector {
    /** How long a user's privileges wait for the columns. */
    private static final long LOOKUPS_MS = 5_000;

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
        Findings findings = new Findings(super.validate(props));
        SinkChecks sink = new SinkChecks(findings, props, "dynamics");
        sink.run(config().names());
        if (findings.none()) {
            DynamicsSinkConfig config = new DynamicsSinkConfig(props);
            try (LiveCheck live = new LiveCheck(findings, config)) {
                // The columns tell which lookups are set; a user is not asked for privileges before they are known.
                CompletableFuture<Map<String, String>> lookups = new CompletableFuture<Map<String, String>>()
                        .completeOnTimeout(Map.of(), LOOKUPS_MS, TimeUnit.MILLISECONDS);
                live.run((api, user) -> checkWriting(api, user, config.table(), lookups), check -> {
                    check.start("Columns of the table", api -> {
                        TableMetadata metadata = new TableMetadata(api, config.table());
                        ColumnTypes columns;
                        try {
                            columns = metadata.columns();
                            lookups.complete(lookups(sink, columns, metadata));
                        } finally {
                            lookups.complete(Map.of());
                        }
                        written(sink, columns, config.table(), findings);
                        masked(sink, metadata, findings);
                        EmailColumns.check(config.secondaryEmailColumns(), config.table(), metadata, columns);
                        OperationColumn.check(config.operationColumn(), config.table(), metadata, columns);
                    });
                    // The privilege to read shows with the first row only.
                    check.start(
                            "Reading the table",
                            api -> api.first(
                                    new DataverseApi.Reading(
                                            List.of(config.table().key()), 1, false),
                                    false));
                    new SyncSinkConfig(props).check(findings, check.others(), "dynamics");
                });
            }
        }
        return findings.config();
    }

    /** What the sink writes has to exist in the table. */
    private static void written(SinkChecks sink, ColumnTypes columns, Table table, Findings findings) {
        for (SinkChecks.Written written : sink.written()) {
            if (!columns.unknown(List.of(written.field())).isEmpty()) {
                findings.error(
                        written.setting(),
                        "Table " + table.logicalName() + " has no column '" + written.field() + "'"
                                + Names.hint(written.field(), columns.names()));
            }
        }
    }

    /** Masked values would be taken for edits of the target. */
    private static void masked(SinkChecks sink, TableMetadata metadata, Findings findings) {
        Set<String> masked = metadata.masked(
                sink.written().stream().map(SinkChecks.Written::field).toList());
        for (SinkChecks.Written written : sink.written()) {
            if (masked.contains(written.field())) {
                findings.error(written.setting(), TableMetadata.maskedMessage(List.of(written.field())));
            }
        }
    }

    /** Schema names of the tables that the lookups which the sink sets lead to, by column. */
    private static Map<String, String> lookups(SinkChecks sink, ColumnTypes columns, TableMetadata metadata) {
        Map<String, String> tables = new TreeMap<>();
        for (SinkChecks.Written written : sink.written()) {
            if (columns.unknown(List.of(written.field())).isEmpty()) {
                String set = columns.leadsTo(written.field());
                if (set != null) {
                    tables.put(written.field(), metadata.schemaName(set));
                }
            }
        }
        return tables;
    }

    private static void checkWriting(
            DataverseApi api, String user, Table table, CompletableFuture<Map<String, String>> lookups) {
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
        lookups.join().forEach((column, other) -> {
            for (String privilege : List.of("prvAppend" + table.schemaName(), "prvAppendTo" + other)) {
                if (api.lacks(user, privilege)) {
                    throw new SettingException(
                            DynamicsConfig.CLIENT_ID,
                            "Application user " + user + " lacks the privilege " + privilege + ", which setting column "
                                    + column
                                    + " takes: give it a security role that has it, or take the column out of the"
                                    + " mapping");
                }
            }
        });
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
