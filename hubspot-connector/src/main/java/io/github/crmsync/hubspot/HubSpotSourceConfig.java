package io.github.crmsync.hubspot;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Settings of the source. */
public final class HubSpotSourceConfig extends AbstractConfig {
    public static final String TOPIC = "topic";
    public static final String PROPERTIES = "properties";
    public static final String POLL_INTERVAL_MS = "poll.interval.ms";
    public static final String OVERLAP_MS = "overlap.ms";
    public static final String SNAPSHOT = "snapshot";
    public static final String SWEEP_INTERVAL_MS = "sweep.interval.ms";
    public static final String DELETION_CHECK_INTERVAL_MS = "deletion.check.interval.ms";
    public static final String HEARTBEAT_TOPIC = "heartbeat.topic";
    /** Connect's own setting, read for the number of marks at the end of a snapshot. */
    static final String PARTITIONS = "topic.creation.default.partitions";

    static final List<String> DEFAULT_PROPERTIES = List.of(
            "email",
            "firstname",
            "lastname",
            "phone",
            "mobilephone",
            "fax",
            "jobtitle",
            "company",
            "website",
            "salutation",
            "address",
            "city",
            "state",
            "zip",
            "country",
            "lifecyclestage");

    private static final String GROUP = "Source";

    public HubSpotSourceConfig(Map<String, String> props) {
        super(definition(), props, false);
    }

    /** All settings of the source, the connection's included. */
    public static ConfigDef definition() {
        ConfigDef def = new ConfigDef()
                .define(
                        TOPIC,
                        Type.STRING,
                        "crm.hubspot.contacts",
                        new NonEmptyString(),
                        Importance.HIGH,
                        "Topic that the contacts are written to.",
                        GROUP,
                        1,
                        Width.LONG,
                        "Topic")
                .define(
                        PROPERTIES,
                        Type.LIST,
                        DEFAULT_PROPERTIES,
                        ConfigDef.LambdaValidator.with(
                                (name, value) -> {
                                    if (((List<?>) value).isEmpty()) {
                                        throw new ConfigException(name, value, "Name at least one property");
                                    }
                                },
                                () -> "non-empty list"),
                        Importance.HIGH,
                        "Internal names of the contact properties to read.",
                        GROUP,
                        2,
                        Width.LONG,
                        "Properties")
                .define(
                        POLL_INTERVAL_MS,
                        Type.LONG,
                        5_000L,
                        Range.between(100, 3_600_000),
                        Importance.MEDIUM,
                        "Time between two searches for changes, in ms.",
                        GROUP,
                        3,
                        Width.SHORT,
                        "Poll interval (ms)")
                .define(
                        OVERLAP_MS,
                        Type.LONG,
                        60_000L,
                        Range.between(0, 86_400_000),
                        Importance.LOW,
                        "How far each search reaches back before the last one, in ms: HubSpot's search index shows changes"
                                + " late. What was sent already is not sent again.",
                        GROUP,
                        4,
                        Width.SHORT,
                        "Overlap (ms)")
                .define(
                        SNAPSHOT,
                        Type.BOOLEAN,
                        true,
                        Importance.MEDIUM,
                        "Whether all contacts are read at the first start; if not, only later changes are.",
                        GROUP,
                        5,
                        Width.SHORT,
                        "Snapshot")
                .define(
                        SWEEP_INTERVAL_MS,
                        Type.LONG,
                        86_400_000L,
                        Range.atLeast(0),
                        Importance.LOW,
                        "Time between two repetitions of the newest image of every contact, in ms; 0 means never.",
                        GROUP,
                        6,
                        Width.SHORT,
                        "Sweep interval (ms)")
                .define(
                        DELETION_CHECK_INTERVAL_MS,
                        Type.LONG,
                        60_000L,
                        Range.atLeast(1_000),
                        Importance.LOW,
                        "Time between two readings of the list of deleted contacts, in ms; it grows by itself where the list is"
                                + " long.",
                        GROUP,
                        7,
                        Width.SHORT,
                        "Deletion check (ms)")
                .define(
                        HEARTBEAT_TOPIC,
                        Type.STRING,
                        "",
                        Importance.LOW,
                        "Topic for a small record now and then that moves the stored offset of a quiet source; empty means none.",
                        GROUP,
                        8,
                        Width.LONG,
                        "Heartbeat topic");
        return HubSpotConfig.define(HubSpotConfig.defineLink(def));
    }

    HubSpotConfig connection() {
        return new HubSpotConfig(this);
    }

    /** The selected properties, each once. */
    List<String> properties() {
        return List.copyOf(new LinkedHashSet<>(getList(PROPERTIES)));
    }

    String linkProperty() {
        return getString(HubSpotConfig.LINK_PROPERTY).strip();
    }

    /** Partitions of the topic, as far as the configuration tells. */
    int partitions() {
        Object value = originals().get(PARTITIONS);
        try {
            return value == null
                    ? 1
                    : Math.max(1, Integer.parseInt(value.toString().strip()));
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
