package io.github.crmsync.hubspot;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Settings of the source. */
final class HubSpotSourceConfig {
    static final String TOPIC = "topic";
    static final String PROPERTIES = "properties";
    static final String POLL_INTERVAL_MS = "poll.interval.ms";
    static final String OVERLAP_MS = "overlap.ms";
    static final String DELETION_INTERVAL_MS = "deletion.check.interval.ms";
    static final String SWEEP_INTERVAL_MS = "sweep.interval.ms";
    /** Connect's own setting for the partitions of a topic that it creates. */
    static final String PARTITIONS = "topic.creation.default.partitions";

    private static final List<String> COMMON = List.of(
            "salutation",
            "firstname",
            "lastname",
            "email",
            "phone",
            "mobilephone",
            "fax",
            "jobtitle",
            "company",
            "website",
            "address",
            "city",
            "state",
            "zip",
            "country",
            "lifecyclestage");

    private HubSpotSourceConfig() {}

    static ConfigDef definition() {
        String group = "Source";
        return HubSpotConfig.defineLink(HubSpotConfig.define(new ConfigDef()))
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
                        PROPERTIES,
                        Type.LIST,
                        COMMON,
                        Importance.HIGH,
                        "Names of the contact properties to read.",
                        group,
                        2,
                        Width.LONG,
                        "Properties")
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
                        OVERLAP_MS,
                        Type.LONG,
                        60_000L,
                        Range.atLeast(0),
                        Importance.LOW,
                        "Time in milliseconds that each look goes back behind the last one, because HubSpot's search index"
                                + " lags.",
                        group,
                        4,
                        Width.SHORT,
                        "Overlap")
                .define(
                        DELETION_INTERVAL_MS,
                        Type.LONG,
                        60_000L,
                        Range.atLeast(1000),
                        Importance.LOW,
                        "Time in milliseconds between two looks for deleted contacts.",
                        group,
                        5,
                        Width.SHORT,
                        "Deletion check interval")
                .define(
                        SWEEP_INTERVAL_MS,
                        Type.LONG,
                        86_400_000L,
                        Range.atLeast(0),
                        Importance.LOW,
                        "Time in milliseconds between two repetitions of the newest image of every contact; 0 means never.",
                        group,
                        6,
                        Width.SHORT,
                        "Sweep interval");
    }
}
