package io.github.crmsync.hubspot;

import io.github.crmsync.core.config.TopicNames;
import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.HashMap;
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
    public static final String ARCHIVE_INTERVAL_MS = "archive.poll.interval.ms";
    public static final String DELETION_CHECK_INTERVAL_MS = "deletion.check.interval.ms";
    public static final String LIST_IDS = "list.ids";
    public static final String LIST_CHECK_INTERVAL_MS = "list.check.interval.ms";
    public static final String HEARTBEAT_TOPIC = "heartbeat.topic";
    /** Connect's own setting, read for the number of marks at the end of a snapshot. */
    static final String PARTITIONS = "topic.creation.default.partitions";

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
                        TopicNames.required(),
                        Importance.HIGH,
                        "Topic that the contacts are written to.",
                        GROUP,
                        1,
                        Width.LONG,
                        "Topic")
                .define(
                        PROPERTIES,
                        Type.LIST,
                        PropertySelection.DEFAULT,
                        ConfigDef.LambdaValidator.with(
                                (name, value) -> {
                                    if (((List<?>) value).isEmpty()) {
                                        throw new ConfigException(name, value, "Name at least one property");
                                    }
                                },
                                () -> "non-empty list"),
                        Importance.HIGH,
                        "Contact properties to read: internal names, group:<internal name of a property group>, mapped (those"
                                + " that the connector's own FieldMapping transform needs), or * for all.",
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
                        ARCHIVE_INTERVAL_MS,
                        Type.LONG,
                        60_000L,
                        Range.atLeast(1_000),
                        Importance.LOW,
                        "Time between two readings of the list of archived contacts, in ms; it grows by itself where the list is"
                                + " long.",
                        GROUP,
                        7,
                        Width.SHORT,
                        "Archive poll interval (ms)")
                .define(
                        DELETION_CHECK_INTERVAL_MS,
                        Type.LONG,
                        86_400_000L,
                        Range.atLeast(0),
                        Importance.LOW,
                        "Time between two checks whether the contacts that the ledger links still exist, in ms: HubSpot reports"
                                + " some deletions nowhere, such as those for privacy reasons. 0 means never; without "
                                + SyncSinkConfig.LEDGER_SERVERS + " there is no check.",
                        GROUP,
                        8,
                        Width.SHORT,
                        "Deletion check (ms)")
                .define(
                        LIST_IDS,
                        Type.LIST,
                        List.of(),
                        ConfigDef.LambdaValidator.with(
                                (name, value) -> checkIds(name, (List<?>) value), () -> "list of numbers"),
                        Importance.MEDIUM,
                        "Ids of HubSpot lists (segments), static or active: contacts that are members of none of them are out of"
                                + " scope. Empty means that all contacts are in scope. Needs the scope crm.lists.read.",
                        GROUP,
                        9,
                        Width.LONG,
                        "Lists")
                .define(
                        LIST_CHECK_INTERVAL_MS,
                        Type.LONG,
                        300_000L,
                        Range.atLeast(1_000),
                        Importance.LOW,
                        "Time between two readings of the lists' members, in ms, after which a contact that joined or left is"
                                + " noticed; it grows by itself where the lists are long.",
                        GROUP,
                        10,
                        Width.SHORT,
                        "List check (ms)")
                .define(
                        HEARTBEAT_TOPIC,
                        Type.STRING,
                        "",
                        TopicNames.optional(),
                        Importance.LOW,
                        "Topic for a small record now and then that moves the stored offset of a quiet source; empty means none.",
                        GROUP,
                        11,
                        Width.LONG,
                        "Heartbeat topic");
        return HubSpotConfig.define(HubSpotConfig.defineLink(defineLedger(def)));
    }

    /** The ledger's settings as the sinks have them, here optional. */
    private static ConfigDef defineLedger(ConfigDef def) {
        String group = "Sync";
        return def.define(
                        SyncSinkConfig.SYNC_NAME,
                        Type.STRING,
                        "contacts",
                        new NonEmptyString(),
                        Importance.MEDIUM,
                        "Name of the sync, as its sinks have it; for the check for deleted contacts.",
                        group,
                        1,
                        Width.MEDIUM,
                        "Sync name")
                .define(
                        SyncSinkConfig.LEDGER_TOPIC,
                        Type.STRING,
                        "crm.sync.ledger",
                        TopicNames.required(),
                        Importance.MEDIUM,
                        "Ledger topic of the sync's sinks, which is only read here.",
                        group,
                        2,
                        Width.MEDIUM,
                        "Ledger topic")
                .define(
                        SyncSinkConfig.LEDGER_SERVERS,
                        Type.STRING,
                        "",
                        Importance.MEDIUM,
                        "Kafka brokers of the ledger topic, usually those of the worker; empty means that the ledger is not read."
                                + " Further settings ledger.client.<name> go to the Kafka client.",
                        group,
                        3,
                        Width.LONG,
                        "Ledger brokers");
    }

    private static void checkIds(String name, List<?> ids) {
        for (Object id : ids) {
            if (!id.toString().strip().matches("\\d{1,18}")) {
                throw new ConfigException(name, id, "Must be the number of a list, as in its address in HubSpot");
            }
        }
    }

    HubSpotConfig connection() {
        return new HubSpotConfig(this);
    }

    PropertySelection selection() {
        return new PropertySelection(getList(PROPERTIES), originals());
    }

    /** Ids of the lists that limit the scope, each once; none for no limit. */
    List<String> listIds() {
        return getList(LIST_IDS).stream().map(String::strip).distinct().toList();
    }

    /** Kafka client settings of the ledger. */
    Map<String, Object> ledgerClient() {
        Map<String, Object> client = new HashMap<>(originalsWithPrefix(SyncSinkConfig.LEDGER_CLIENT_PREFIX));
        client.put("bootstrap.servers", getString(SyncSinkConfig.LEDGER_SERVERS));
        return client;
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
