package io.github.crmsync.dynamics;

import io.github.crmsync.core.config.TopicNames;
import io.github.crmsync.core.config.UsualFields;
import io.github.crmsync.core.sink.SyncSinkConfig;
import io.github.crmsync.core.source.SourcePartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Settings of the source. */
public final class DynamicsSourceConfig extends DynamicsConfig {
    public static final String ENTITY_SET = "dynamics.entity.set";
    public static final String TOPIC = "topic";
    public static final String COLUMNS = "columns";
    public static final String POLL_INTERVAL_MS = "poll.interval.ms";
    public static final String PAGE_SIZE = "page.size";
    public static final String SWEEP_INTERVAL_MS = "sweep.interval.ms";
    public static final String HEARTBEAT_TOPIC = "heartbeat.topic";
    public static final String INCREMENTAL_MODE = "incremental.mode";
    public static final String OVERLAP_MS = "overlap.ms";
    public static final String DELETION_CHECK_INTERVAL_MS = "deletion.check.interval.ms";
    public static final String LIST_ID = "list.id";
    public static final String VIEW_ID = "view.id";
    public static final String SCOPE_REFRESH_MS = "scope.refresh.interval.ms";
    public static final String OPTION_VALUES = "option.values";
    public static final String FOLLOW_QUALIFIED = "lead.follow.qualified";

    private static final String TRACKING = "tracking";
    private static final String MODIFIEDON = "modifiedon";
    private static final String NUMBER = "number";
    private static final String LABEL = "label";

    /** Connect's own setting: how many partitions it creates the topic with. */
    private static final String PARTITIONS = "topic.creation.default.partitions";

    /** Columns that the protocol needs, whatever the user asks for. */
    private static final List<String> ALWAYS = UsualFields.DYNAMICS_ALWAYS;

    private static final String GROUP = "Source";
    private static final String DELETIONS = "Deletions";
    private static final String SCOPE = "Scope";

    public DynamicsSourceConfig(Map<String, String> props) {
        super(definition(), props);
    }

    public static ConfigDef definition() {
        return DynamicsConfig.define(
                        new ConfigDef(),
                        ConfigDef.LambdaValidator.with(
                                DynamicsSourceConfig::checkTable, () -> "logical name of a table"),
                        "Table to read, by logical name: contact, lead, or another one for uses besides the sync (then"
                                + " name its columns).")
                .define(
                        ENTITY_SET,
                        Type.STRING,
                        "",
                        ConfigDef.LambdaValidator.with(
                                DynamicsSourceConfig::checkEntitySet, () -> "name of an entity set, or empty"),
                        Importance.LOW,
                        "Name of the table's entity set in URLs, where it is not the plural of the logical name.",
                        GROUP,
                        90,
                        Width.MEDIUM,
                        "Entity set")
                .define(
                        TOPIC,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        TopicNames.required(),
                        Importance.HIGH,
                        "Topic that gets the records; it should be compacted.",
                        GROUP,
                        1,
                        Width.MEDIUM,
                        "Topic")
                .define(
                        COLUMNS,
                        Type.LIST,
                        List.of(),
                        ConfigDef.LambdaValidator.with(
                                DynamicsSourceConfig::checkNames, () -> "logical names of columns"),
                        Importance.MEDIUM,
                        "Columns to read, by logical name (lookups as _parentcustomerid_value for the id,"
                                + " parentcustomeridname for the name); empty means the common ones of the table. Another"
                                + " list later reads the whole table again.",
                        GROUP,
                        2,
                        Width.LONG,
                        "Columns")
                .define(
                        POLL_INTERVAL_MS,
                        Type.LONG,
                        5_000L,
                        Range.between(100, 3_600_000),
                        Importance.MEDIUM,
                        "Time in milliseconds between two requests for changes.",
                        GROUP,
                        3,
                        Width.SHORT,
                        "Poll interval (ms)")
                .define(
                        PAGE_SIZE,
                        Type.INT,
                        5_000,
                        Range.between(1, 5_000),
                        Importance.LOW,
                        "Most rows in one answer, and so in memory.",
                        GROUP,
                        4,
                        Width.SHORT,
                        "Page size")
                .define(
                        SWEEP_INTERVAL_MS,
                        Type.LONG,
                        86_400_000L,
                        Range.atLeast(0),
                        Importance.LOW,
                        "Time in milliseconds after which the newest image of every row is sent again; 0 means never.",
                        GROUP,
                        5,
                        Width.SHORT,
                        "Sweep interval (ms)")
                .define(
                        HEARTBEAT_TOPIC,
                        Type.STRING,
                        "",
                        TopicNames.optional(),
                        Importance.LOW,
                        "Topic that gets a small record once a minute while no row changes, so that the stored offset"
                                + " does not grow too old; empty means none.",
                        GROUP,
                        6,
                        Width.MEDIUM,
                        "Heartbeat topic")
                .define(
                        INCREMENTAL_MODE,
                        Type.STRING,
                        TRACKING,
                        ValidString.in(TRACKING, MODIFIEDON),
                        Importance.MEDIUM,
                        "How changes are found: tracking (change tracking of the table, which also tells of deletions)"
                                + " or modifiedon (by modification time, for tables without change tracking).",
                        GROUP,
                        7,
                        Width.SHORT,
                        "Incremental mode")
                .define(
                        OVERLAP_MS,
                        Type.LONG,
                        120_000L,
                        Range.between(1_000, 3_600_000),
                        Importance.LOW,
                        "With incremental.mode=modifiedon: time in milliseconds that each pass reaches back before the"
                                + " last one, for changes whose transaction took long to commit.",
                        GROUP,
                        8,
                        Width.SHORT,
                        "Overlap (ms)")
                .define(
                        FOLLOW_QUALIFIED,
                        Type.BOOLEAN,
                        false,
                        Importance.MEDIUM,
                        "For leads, where contacts are synced too: whether a qualified lead passes its link on to the"
                                + " contact that qualification created. Otherwise it stops syncing.",
                        GROUP,
                        9,
                        Width.SHORT,
                        "Follow qualified leads")
                .define(
                        OPTION_VALUES,
                        Type.STRING,
                        NUMBER,
                        ValidString.in(NUMBER, LABEL),
                        Importance.LOW,
                        "How options of choice columns appear: as their number, or as their label in the language of"
                                + " the application user. A sink understands both.",
                        GROUP,
                        10,
                        Width.SHORT,
                        "Option values")
                .define(
                        LIST_ID,
                        Type.STRING,
                        "",
                        ConfigDef.LambdaValidator.with(DynamicsSourceConfig::checkId, () -> "id of a marketing list"),
                        Importance.MEDIUM,
                        "Static marketing list whose members alone take part; other rows are marked as excluded. Empty"
                                + " means all rows.",
                        SCOPE,
                        1,
                        Width.MEDIUM,
                        "Marketing list")
                .define(
                        VIEW_ID,
                        Type.STRING,
                        "",
                        ConfigDef.LambdaValidator.with(DynamicsSourceConfig::checkId, () -> "id of a system view"),
                        Importance.MEDIUM,
                        "System view whose rows alone take part, instead of a list; other rows are marked as excluded."
                                + " Empty means all rows.",
                        SCOPE,
                        2,
                        Width.MEDIUM,
                        "View")
                .define(
                        SCOPE_REFRESH_MS,
                        Type.LONG,
                        300_000L,
                        Range.atLeast(1_000),
                        Importance.LOW,
                        "Time in milliseconds between two readings of the list or view.",
                        SCOPE,
                        3,
                        Width.SHORT,
                        "Scope refresh interval (ms)")
                .define(
                        SyncSinkConfig.SYNC_NAME,
                        Type.STRING,
                        "contacts",
                        new NonEmptyString(),
                        Importance.LOW,
                        "Name of the sync, as in its sinks: under it the ledger keeps its links.",
                        DELETIONS,
                        1,
                        Width.MEDIUM,
                        "Sync name")
                .define(
                        SyncSinkConfig.LEDGER_TOPIC,
                        Type.STRING,
                        "crm.sync.ledger",
                        TopicNames.required(),
                        Importance.LOW,
                        "Ledger topic of the sync, as in its sinks.",
                        DELETIONS,
                        2,
                        Width.MEDIUM,
                        "Ledger topic")
                .define(
                        SyncSinkConfig.LEDGER_SERVERS,
                        Type.STRING,
                        "",
                        Importance.MEDIUM,
                        "Kafka brokers of the ledger. With them, rows that were deleted while no change told of it (an"
                                + " expired delta token, no change tracking) are found by looking for the linked ids;"
                                + " empty means they are not. Further client settings have the prefix ledger.client.",
                        DELETIONS,
                        3,
                        Width.LONG,
                        "Ledger brokers")
                .define(
                        DELETION_CHECK_INTERVAL_MS,
                        Type.LONG,
                        3_600_000L,
                        Range.atLeast(1_000),
                        Importance.LOW,
                        "With incremental.mode=modifiedon: time in milliseconds between two looks for deleted rows.",
                        DELETIONS,
                        4,
                        Width.SHORT,
                        "Deletion check interval (ms)");
    }

    private static void checkTable(String name, Object value) {
        if (value == null || !value.toString().matches("[a-z][a-z0-9_]*")) {
            throw new ConfigException(name, value, "Give a logical name such as contact or new_member");
        }
    }

    private static void checkEntitySet(String name, Object value) {
        if (value != null && !value.toString().matches("[A-Za-z0-9_]*")) {
            throw new ConfigException(name, value, "Give a name such as contacts");
        }
    }

    @Override
    public Table table() {
        Table usual = super.table();
        String entitySet = getString(ENTITY_SET);
        return entitySet.isEmpty() ? usual : new Table(usual.logicalName(), entitySet);
    }

    private static void checkNames(String name, Object value) {
        if (value instanceof List<?> columns) {
            for (Object column : columns) {
                if (!column.toString().matches("[a-z_][a-z0-9_]*")) {
                    throw new ConfigException(name, column, "Logical names are lower case letters, digits and _");
                }
            }
        }
    }

    private static void checkId(String name, Object value) {
        if (value != null && !value.toString().isEmpty() && !Ids.valid(Ids.plain(value.toString()))) {
            throw new ConfigException(name, value, "Give an id such as 00000000-0000-0000-0000-000000000000");
        }
    }

    /** Empty for none. */
    String listId() {
        return Ids.plain(getString(LIST_ID));
    }

    /** Empty for none. */
    String viewId() {
        return Ids.plain(getString(VIEW_ID));
    }

    long scopeRefreshMs() {
        return getLong(SCOPE_REFRESH_MS);
    }

    String topic() {
        return getString(TOPIC);
    }

    /** Columns that the user chose, or the table's common ones. */
    List<String> chosenColumns() {
        List<String> chosen = getList(COLUMNS);
        return chosen.isEmpty() ? table().defaultColumns() : List.copyOf(new LinkedHashSet<>(chosen));
    }

    /** All columns of a record, in the order of its schema. */
    List<String> columns() {
        Set<String> columns = new LinkedHashSet<>();
        columns.add(table().key());
        columns.addAll(chosenColumns());
        columns.addAll(ALWAYS);
        return new ArrayList<>(columns);
    }

    /** Columns to ask for: those of a record, and those that tell what becomes of it. */
    List<String> readColumns() {
        Set<String> columns = new LinkedHashSet<>(columns());
        columns.addAll(RowFates.columns(table()));
        return new ArrayList<>(columns);
    }

    /** Whether changes are found by modification time instead of by change tracking. */
    boolean byTime() {
        return getString(INCREMENTAL_MODE).equals(MODIFIEDON);
    }

    long overlapMs() {
        return getLong(OVERLAP_MS);
    }

    long deletionCheckIntervalMs() {
        return getLong(DELETION_CHECK_INTERVAL_MS);
    }

    /** Kafka client settings of the ledger. */
    Map<String, Object> ledgerClient() {
        Map<String, Object> client = new HashMap<>(originalsWithPrefix(SyncSinkConfig.LEDGER_CLIENT_PREFIX));
        client.put("bootstrap.servers", getString(SyncSinkConfig.LEDGER_SERVERS));
        return client;
    }

    boolean optionLabels() {
        return getString(OPTION_VALUES).equals(LABEL);
    }

    boolean followQualified() {
        return table().isLead() && getBoolean(FOLLOW_QUALIFIED);
    }

    long pollIntervalMs() {
        return getLong(POLL_INTERVAL_MS);
    }

    int pageSize() {
        return getInt(PAGE_SIZE);
    }

    long sweepIntervalMs() {
        return getLong(SWEEP_INTERVAL_MS);
    }

    /** Empty for none. */
    String heartbeatTopic() {
        return getString(HEARTBEAT_TOPIC);
    }

    /** Partitions that get an end mark. */
    int partitions() {
        Object text = originals().get(PARTITIONS);
        try {
            return text == null
                    ? 1
                    : Math.max(1, Integer.parseInt(text.toString().strip()));
        } catch (NumberFormatException e) {
            throw new ConfigException(PARTITIONS, text, "This is no number");
        }
    }

    /** Name of what is read, in Connect's offset storage. */
    SourcePartition sourcePartition() {
        String name = table().logicalName();
        return new SourcePartition("table", name, Map.of("environment", environmentName(), "table", name));
    }
}
