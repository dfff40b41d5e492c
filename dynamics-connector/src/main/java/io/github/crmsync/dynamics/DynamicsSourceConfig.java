package io.github.crmsync.dynamics;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Settings of the source. */
public final class DynamicsSourceConfig extends DynamicsConfig {
    public static final String TOPIC = "topic";
    public static final String COLUMNS = "columns";
    public static final String POLL_INTERVAL_MS = "poll.interval.ms";
    public static final String PAGE_SIZE = "page.size";
    public static final String SWEEP_INTERVAL_MS = "sweep.interval.ms";
    public static final String HEARTBEAT_TOPIC = "heartbeat.topic";

    /** Connect's own setting: how many partitions it creates the topic with. */
    private static final String PARTITIONS = "topic.creation.default.partitions";

    /** Columns that the protocol needs, whatever the user asks for. */
    private static final List<String> ALWAYS = List.of("statecode", "modifiedon", "versionnumber");

    private static final String GROUP = "Source";

    public DynamicsSourceConfig(Map<String, String> props) {
        super(definition(), props);
    }

    public static ConfigDef definition() {
        return DynamicsConfig.define(new ConfigDef())
                .define(
                        TOPIC,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new NonEmptyString(),
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
                        "Columns to read, by logical name (lookups as _name_value); empty means the common ones of the"
                                + " table. Another list later reads the whole table again.",
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
                        Importance.LOW,
                        "Topic that gets a small record once a minute while no row changes, so that the stored offset does"
                                + " not grow too old; empty means none.",
                        GROUP,
                        6,
                        Width.MEDIUM,
                        "Heartbeat topic");
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
    Map<String, String> sourcePartition() {
        return Map.of("environment", environmentName(), "table", table().logicalName());
    }
}
