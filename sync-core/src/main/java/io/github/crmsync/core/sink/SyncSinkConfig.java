package io.github.crmsync.core.sink;

import io.github.crmsync.core.config.Findings;
import io.github.crmsync.core.config.LiveChecks;
import io.github.crmsync.core.config.TopicNames;
import io.github.crmsync.core.ledger.BrokerCheck;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Settings that both sinks share: the sync's name, the ledger, the report, and batching. */
public final class SyncSinkConfig extends AbstractConfig {
    public static final String SYNC_NAME = "sync.name";
    public static final String YIELD_TO = "yield.to.syncs";
    public static final String LEDGER_TOPIC = "ledger.topic";
    public static final String LEDGER_SERVERS = "ledger.bootstrap.servers";
    public static final String LEDGER_REPLICATION = "ledger.replication.factor";
    /** Prefix of further Kafka client settings for ledger and report, such as {@code ledger.client.security.protocol}. */
    public static final String LEDGER_CLIENT_PREFIX = "ledger.client.";

    public static final String MODE = "sync.mode";
    /** Value of {@link #MODE}: decide and report, but write nothing. */
    public static final String PREVIEW = "preview";

    public static final String REPORT_TOPIC = "report.topic";
    public static final String REPORT_VALUES = "report.values";
    public static final String WAIT_FOR_IMPORT = "wait.for.first.import";
    public static final String LINGER_MS = "linger.ms";
    public static final String RETRY_BACKOFF_MS = "retry.backoff.ms";
    public static final String PARK_LIMIT_MS = "park.limit.ms";
    public static final String PARK_LIMIT_RECORDS = "park.limit.records";
    public static final String WRITE_DEADLINE_MS = "write.deadline.ms";
    public static final String MAX_WAITING = "max.waiting.records";
    public static final String MAX_CREATES = "max.creates.per.day";
    public static final String MAX_UPDATES = "max.updates.per.day";
    public static final String LOOP_LIMIT = "loop.limit.writes";
    public static final String LOOP_WINDOW_MS = "loop.window.ms";
    /** Set by the connector for each task. */
    public static final String TASK_ID = "crmsync.task.id";
    /** Set by the connector for each task: number of its tasks. */
    public static final String TASK_COUNT = "crmsync.task.count";

    /** The name begins the ledger's keys, up to a colon. */
    private static final ConfigDef.Validator SYNC_NAMES = ConfigDef.LambdaValidator.with(
            (setting, value) -> {
                String name = String.valueOf(value);
                if (value == null || name.isBlank() || name.contains(":")) {
                    throw new ConfigException(setting, value, "must be a text without a colon");
                }
            },
            () -> "non-empty string without a colon");

    private static final ConfigDef.Validator REPLICAS = ConfigDef.LambdaValidator.with(
            (setting, value) -> {
                if (value instanceof Short replicas && replicas != -1 && replicas < 1) {
                    throw new ConfigException(setting, value, "must be a number of replicas, or -1");
                }
            },
            () -> "[-1, 1, ...]");

    private static final ConfigDef.Validator SYNC_NAME_LISTS = ConfigDef.LambdaValidator.with(
            (setting, value) -> {
                if (value instanceof List<?> names) {
                    names.forEach(name -> SYNC_NAMES.ensureValid(setting, name));
                }
            },
            () -> "names without a colon");

    public SyncSinkConfig(Map<String, String> props) {
        super(define(new ConfigDef()), props, false);
    }

    /** Adds the shared settings to a sink's own. */
    public static ConfigDef define(ConfigDef def) {
        String group = "Sync";
        return def.define(
                        SYNC_NAME,
                        Type.STRING,
                        "contacts",
                        SYNC_NAMES,
                        Importance.HIGH,
                        "Name of the sync. The two sinks of a two-way sync use the same name; their links and agreements are"
                                + " kept under it.",
                        group,
                        1,
                        Width.MEDIUM,
                        "Sync name")
                .define(
                        LEDGER_TOPIC,
                        Type.STRING,
                        "crm.sync.ledger",
                        TopicNames.required(),
                        Importance.HIGH,
                        "Compacted topic with one partition that holds links, agreements and intents. It is created if it is"
                                + " missing.",
                        group,
                        2,
                        Width.MEDIUM,
                        "Ledger topic")
                .define(
                        LEDGER_SERVERS,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new NonEmptyString(),
                        Importance.HIGH,
                        "Kafka brokers of the ledger and report topics, usually those of the worker.",
                        group,
                        3,
                        Width.LONG,
                        "Ledger brokers")
                .define(
                        LEDGER_REPLICATION,
                        Type.SHORT,
                        (short) -1,
                        REPLICAS,
                        Importance.LOW,
                        "Replication factor of the ledger topic if it has to be created; -1 means the brokers' default.",
                        group,
                        4,
                        Width.SHORT,
                        "Ledger replication factor")
                .define(
                        REPORT_TOPIC,
                        Type.STRING,
                        "",
                        TopicNames.optional(),
                        Importance.MEDIUM,
                        "Topic that gets one record per decision; empty means none.",
                        group,
                        5,
                        Width.MEDIUM,
                        "Report topic")
                .define(
                        WAIT_FOR_IMPORT,
                        Type.BOOLEAN,
                        false,
                        Importance.MEDIUM,
                        "Whether this sink waits until the sink of the other direction has handled the whole first snapshot of"
                                + " its source.",
                        group,
                        6,
                        Width.SHORT,
                        "Wait for first import")
                .define(
                        YIELD_TO,
                        Type.LIST,
                        List.of(),
                        SYNC_NAME_LISTS,
                        Importance.MEDIUM,
                        "Names of other syncs in the same ledger topic that go first: a HubSpot contact that one of them has"
                                + " linked takes no part in this one. For leads next to contacts: the name of the contacts'"
                                + " sync, in both sinks of the leads'.",
                        group,
                        19,
                        Width.MEDIUM,
                        "Yield to syncs")
                .define(
                        LINGER_MS,
                        Type.LONG,
                        200L,
                        Range.between(0, 60_000),
                        Importance.LOW,
                        "Time in milliseconds that the first record of a batch waits for more: fuller batches need fewer API"
                                + " calls.",
                        group,
                        7,
                        Width.SHORT,
                        "Linger")
                .define(
                        RETRY_BACKOFF_MS,
                        Type.LONG,
                        500L,
                        Range.atLeast(10),
                        Importance.LOW,
                        "Time in milliseconds between two tries of a parked record.",
                        group,
                        8,
                        Width.SHORT,
                        "Retry back-off")
                .define(
                        PARK_LIMIT_MS,
                        Type.LONG,
                        900_000L,
                        Range.atLeast(0),
                        Importance.LOW,
                        "Time in milliseconds that a record which lost a conflict waits for the other direction; after that it"
                                + " is left to the next sweep.",
                        group,
                        9,
                        Width.SHORT,
                        "Park limit")
                .define(
                        PARK_LIMIT_RECORDS,
                        Type.INT,
                        1000,
                        Range.atLeast(0),
                        Importance.LOW,
                        "Number of records that may wait for the other direction after they lost a conflict; further ones are"
                                + " left to the other direction, and to the next sweep.",
                        group,
                        10,
                        Width.SHORT,
                        "Most parked conflicts")
                .define(
                        MAX_WAITING,
                        Type.INT,
                        5000,
                        Range.atLeast(1),
                        Importance.LOW,
                        "Number of waiting records in memory above which the task reads no further.",
                        group,
                        11,
                        Width.SHORT,
                        "Most waiting records")
                .define(
                        MODE,
                        Type.STRING,
                        "live",
                        ValidString.in("live", PREVIEW),
                        Importance.MEDIUM,
                        "live, or preview: everything is read and decided, the report says what would happen, and nothing is"
                                + " written, recorded or committed.",
                        group,
                        12,
                        Width.SHORT,
                        "Mode")
                .define(
                        MAX_CREATES,
                        Type.LONG,
                        0L,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Records that may be created within 24 hours; before more are, the task stops with a message. 0 means any"
                                + " number.",
                        group,
                        13,
                        Width.SHORT,
                        "Most creations per day")
                .define(
                        MAX_UPDATES,
                        Type.LONG,
                        0L,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Changes of records that may be made within 24 hours; before more are, the task stops with a message. 0"
                                + " means any number.",
                        group,
                        14,
                        Width.SHORT,
                        "Most changes per day")
                .define(
                        LOOP_LIMIT,
                        Type.INT,
                        20,
                        Range.atLeast(0),
                        Importance.LOW,
                        "Writes of one field of one record within loop.window.ms after which the field is left alone and"
                                + " reported, because both apps keep rewriting it. 0 means never.",
                        group,
                        15,
                        Width.SHORT,
                        "Loop limit")
                .define(
                        LOOP_WINDOW_MS,
                        Type.LONG,
                        600_000L,
                        Range.atLeast(1),
                        Importance.LOW,
                        "Time in milliseconds in which the writes of loop.limit.writes are counted.",
                        group,
                        16,
                        Width.SHORT,
                        "Loop window")
                .define(
                        REPORT_VALUES,
                        Type.BOOLEAN,
                        false,
                        Importance.LOW,
                        "Whether the report tells the values of fields, and not only their fingerprints: the report topic"
                                + " then holds personal data, for as long as it keeps its records.",
                        group,
                        17,
                        Width.SHORT,
                        "Values in the report")
                .define(
                        WRITE_DEADLINE_MS,
                        Type.LONG,
                        60_000L,
                        Range.between(5_000, 240_000),
                        Importance.LOW,
                        "Time in milliseconds within which a write must have been answered; whoever takes over after a crash"
                                + " or a rebalance waits that long, and 10 seconds more, before it touches a record that was"
                                + " being written.",
                        group,
                        18,
                        Width.SHORT,
                        "Write deadline");
    }

    /** Whether nothing may be written. */
    public boolean preview() {
        return getString(MODE).equals(PREVIEW);
    }

    /** Settings of each of a sink's tasks. */
    public static List<Map<String, String>> forTasks(Map<String, String> connector, int tasks) {
        return IntStream.range(0, tasks)
                .mapToObj(i -> {
                    Map<String, String> task = new HashMap<>(connector);
                    task.put(TASK_ID, Integer.toString(i));
                    task.put(TASK_COUNT, Integer.toString(tasks));
                    return task;
                })
                .toList();
    }

    Set<String> yieldsTo() {
        return Set.copyOf(getList(YIELD_TO));
    }

    /**
     * Asks the ledger's brokers, while a configuration is validated, whether ledger and topics can be used.
     *
     * @param checks takes the calls
     * @param app the app that the sink writes to
     */
    public void check(Findings findings, LiveChecks checks, String app) {
        BrokerCheck brokers = new BrokerCheck(findings, kafkaClient());
        brokers.settings();
        List<String> topics = Stream.of(
                        originalsStrings().getOrDefault("topics", "").split(","))
                .map(String::strip)
                .filter(topic -> !topic.isEmpty())
                .toList();
        boolean creates = !"false".equals(originalsStrings().get("consumer.override.allow.auto.create.topics"));
        checks.start(
                LEDGER_SERVERS,
                "Ledger and topics",
                () -> brokers.sink(getString(LEDGER_TOPIC), getShort(LEDGER_REPLICATION), topics, app, creates));
    }

    /** Kafka client settings of ledger and report. */
    public Map<String, Object> kafkaClient() {
        Map<String, Object> client = new HashMap<>(originalsWithPrefix(LEDGER_CLIENT_PREFIX));
        client.put("bootstrap.servers", getString(LEDGER_SERVERS));
        return client;
    }
}
