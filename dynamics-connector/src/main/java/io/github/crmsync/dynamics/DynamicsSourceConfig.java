package io.github.crmsync.dynamics;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Settings of the source. */
public final class DynamicsSourceConfig extends DynamicsConfig {
    public static final String TOPIC = "topic";
    public static final String COLUMNS = "columns";
    public static final String POLL_INTERVAL_MS = "poll.interval.ms";
    public static final String PAGE_SIZE = "page.size";
    public static final String SWEEP_INTERVAL_MS = "sweep.interval.ms";
    /** Connect's own setting for the partitions of a topic that it creates. */
    public static final String PARTITIONS = "topic.creation.default.partitions";

    private static final List<String> COMMON = List.of(
            "salutation",
            "firstname",
            "lastname",
            "emailaddress1",
            "telephone1",
            "mobilephone",
            "fax",
            "jobtitle",
            "websiteurl",
            "address1_line1",
            "address1_city",
            "address1_stateorprovince",
            "address1_postalcode",
            "address1_country");

    public DynamicsSourceConfig(Map<String, String> props) {
        super(definition(), props);
    }

    public static ConfigDef definition() {
        String group = "Source";
        return connection()
                .define(
                        TOPIC,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new NonEmptyString(),
                        Importance.HIGH,
                        "Topic to write to.",
                        group,
                        1,
                        Width.MEDIUM,
                        "Topic")
                .define(
                        COLUMNS,
                        Type.LIST,
                        COMMON,
                        Importance.HIGH,
                        "Logical names of the columns to read.",
                        group,
                        2,
                        Width.LONG,
                        "Columns")
                .define(
                        POLL_INTERVAL_MS,
                        Type.LONG,
                        5000L,
                        Range.atLeast(100),
                        Importance.MEDIUM,
                        "Time in milliseconds between two looks for changes.",
                        group,
                        3,
                        Width.SHORT,
                        "Poll interval")
                .define(
                        PAGE_SIZE,
                        Type.INT,
                        5000,
                        Range.between(1, 5000),
                        Importance.LOW,
                        "Rows per page.",
                        group,
                        4,
                        Width.SHORT,
                        "Page size")
                .define(
                        SWEEP_INTERVAL_MS,
                        Type.LONG,
                        86_400_000L,
                        Range.atLeast(0),
                        Importance.LOW,
                        "Time in milliseconds between two repetitions of the newest image of every row; 0 means never.",
                        group,
                        5,
                        Width.SHORT,
                        "Sweep interval");
    }
}
