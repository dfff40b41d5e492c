package io.github.crmsync.core.sink;

import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.http.ServiceFailedException;
import io.github.crmsync.core.identity.Account;
import io.github.crmsync.core.identity.ConsumerGroups;
import io.github.crmsync.core.identity.Groups;
import io.github.crmsync.core.identity.GuardedLedger;
import io.github.crmsync.core.identity.HeldException;
import io.github.crmsync.core.identity.Notice;
import io.github.crmsync.core.identity.SharedSettings;
import io.github.crmsync.core.identity.SyncIdentity;
import io.github.crmsync.core.ledger.ConsumerOffsets;
import io.github.crmsync.core.ledger.KafkaLedger;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.PreviewLedger;
import io.github.crmsync.core.ledger.TakenOverException;
import io.github.crmsync.core.record.Image;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell of both sinks: takes records, hands batches to the {@link SyncEngine}, and says which offsets are done.
 *
 * <p>Nothing waits inside {@link #put}: what cannot be finished stays in memory, uncommitted, and is tried again on a later
 * call. Rounds run in the {@link Background}, because Connect waits for a call of a task before it tells it to stop. While a
 * round is under way everything here is its own, but for what is marked as Connect's: {@link Arrivals} keep what Connect tells
 * meanwhile, and {@link Progress} is what Connect may know.
 */
public abstract class SyncSinkTask extends SinkTask {
    private static final Logger LOG = LoggerFactory.getLogger(SyncSinkTask.class);
    private static final int BATCH = 500;
    /** Connect's own setting. */
    private static final String TOPICS = "topics";

    private static final String ERRORS_TOLERANCE = "errors.tolerance";
    /** Time in ms between two looks at what the other sink says of itself in the ledger, while nothing else is to be done. */
    private static final long LOOK_MS = 2_000;

    private static final long FIRST_PAUSE_MS = 1_000;
    private static final long LONGEST_PAUSE_MS = 60_000;

    /** Time in ms after which a call takes no further batch. */
    private static final long MOST_ROUNDS_MS = 15_000;

    /** Batches in a row that the app failed on as a whole, after which it is not asked so often. */
    private static final int UNWELL = 10;

    /** How long a call waits for the round under way, in ms. */
    private static final long SLICE_MS = 500;
    /** Time in ms that a round has to end by itself when partitions go or the task stops. */
    private static final long PATIENCE_MS = 1_000;
    /** How long calls to the app are given up after that, in ms, and how often: the round may begin more of them. */
    private static final long GIVING_UP_MS = 1_000;

    private static final long GIVE_UP_MS = 200;

    /**
     * What Connect may know while a round is under way, as of its last batch.
     *
     * @param offsets what may be committed
     * @param waiting number of records in memory
     */
    private record Progress(Map<TopicPartition, OffsetAndMetadata> offsets, int waiting) {}

    private volatile Progress progress = new Progress(Map.of(), 0);
    /** Whether the round under way is to take no further batch. */
    private volatile boolean hurried;

    /** Connect's. */
    private final Arrivals arrivals = new Arrivals();
    /** Connect's. */
    private Background background;
    /** Connect's. */
    private final Set<TopicPartition> paused = new HashSet<>();

    /** Partitions of this task when the round began. */
    private Set<TopicPartition> assigned = Set.of();
    /** From where partitions are to be read again. */
    private final Map<TopicPartition, Long> rewound = new HashMap<>();

    private final WaitingRecords waiting = new WaitingRecords();
    private final Retries retries = new Retries();
    private final ToldDecisions toldDecisions = new ToldDecisions();
    private final Map<Work, SinkRecord> originals = new HashMap<>();
    /** Refused records, in whole or in a field, that fail this task. */
    private final Set<Work> failing = new HashSet<>();

    private final Plan plan = new Plan();
    private final Set<String> checkedTopics = new HashSet<>();
    /** Assigned, but an earlier holder might still record intents. */
    private final Set<TopicPartition> untaken = new HashSet<>();

    /** Taken over, with intents of an earlier holder that are still open. */
    private final Set<TopicPartition> unrecovered = new HashSet<>();

    /** Accounts of records that are yet to be compared with the sync's. */
    private final Set<Account> unknownAccounts = new HashSet<>();

    private Account lastAccount;

    private final Notice notice = new Notice(LOG, this::held);

    private Map<String, String> props;
    /** Of these: those that are not assigned to anybody, taken over only to end what was left open there. */
    private final Set<TopicPartition> adopted = new HashSet<>();

    private SyncSinkConfig config;
    private volatile TargetClient client;
    /** Null outside Connect: without a name nothing tells one connector from another. */
    private SyncIdentity identity;

    private Reevaluation.Images images;
    /** Null outside Connect. */
    private Reevaluation reevaluation;

    private long connectAt;
    private long connectPause;
    private long lookAt;
    private Ledger ledger;
    private volatile Report report;
    private SyncEngine engine;
    private ErrantRecordReporter errant;
    private FirstImport firstImport;
    private Logs logs;
    private Abandoned abandoned;
    private long gatherUntil;
    private boolean gathering;
    private boolean tolerant;
    private String taskId;
    private long notBefore;
    private int failuresInARow;
    private int recoveries;
    private long nextRecovery;
    private String fatal;

    /** Connects to the app that this sink writes to. */
    protected abstract TargetClient openTarget(Map<String, String> props);

    /**
     * Connects to the ledger.
     *
     * @param writer names the connector among those that write to it
     * @param task number of this task
     */
    protected Ledger openLedger(SyncSinkConfig settings, String writer, String task) {
        return KafkaLedger.connect(
                settings.getString(SyncSinkConfig.SYNC_NAME),
                settings.yieldsTo(),
                settings.getString(SyncSinkConfig.LEDGER_TOPIC),
                settings.kafkaClient(),
                writer,
                task,
                settings.getShort(SyncSinkConfig.LEDGER_REPLICATION));
    }

    /** Connects to where decisions are recorded. */
    protected Report openReport(SyncSinkConfig settings) {
        String topic = settings.getString(SyncSinkConfig.REPORT_TOPIC);
        return topic.isEmpty()
                ? Report.none()
                : KafkaReport.open(
                        topic,
                        new ReportJson(
                                settings.getString(SyncSinkConfig.SYNC_NAME),
                                settings.preview(),
                                settings.getBoolean(SyncSinkConfig.REPORT_VALUES)),
                        settings.kafkaClient(),
                        settings.getShort(SyncSinkConfig.LEDGER_REPLICATION));
    }

    /** Number of records that this connector has committed before now. */
    protected long committedBefore(Map<String, String> props) {
        return ConsumerOffsets.committed(config.kafkaClient(), group(props));
    }

    /** Whether other connectors run. */
    protected Groups groups() {
        return new ConsumerGroups(config.kafkaClient());
    }

    /** Reads the topics again where settings have changed. */
    protected Reevaluation.Images openImages() {
        return new TopicImages(config.kafkaClient());
    }

    /** What this connector has committed before now. */
    protected Map<TopicPartition, Long> committed() {
        return ConsumerOffsets.of(config.kafkaClient(), group(props));
    }

    /** With another ledger, or none, links and agreements would be made up anew behind the user's back. */
    private void identify() {
        if (!identity.known()) {
            if (committedBefore(props) > 0) {
                throw new ConnectException(
                        "The ledger topic " + config.getString(SyncSinkConfig.LEDGER_TOPIC)
                                + " knows nothing of the sync " + config.getString(SyncSinkConfig.SYNC_NAME)
                                + ", yet this connector has read records before: the ledger was lost, or "
                                + SyncSinkConfig.LEDGER_TOPIC
                                + " or " + SyncSinkConfig.SYNC_NAME
                                + " was changed. Restore the topic or the setting; to match all records"
                                + " anew instead, stop the connector and delete its offsets (DELETE /connectors/"
                                + props.get("name")
                                + "/offsets), and let its source begin anew on an empty topic: old images would be matched as they were");
            }
        }
        identity.enter();
    }

    /** Where rounds run. */
    protected Background background() {
        return Background.thread("crmsync-sink-" + props.getOrDefault("name", ""));
    }

    /** The clock, in ms since the epoch. */
    protected long now() {
        return System.currentTimeMillis();
    }

    /** Time that has passed since some moment, in ms: unlike the clock, nobody sets it. */
    protected long elapsed() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void start(Map<String, String> settings) {
        props = Map.copyOf(settings);
        config = new SyncSinkConfig(props);
        taskId = props.getOrDefault(SyncSinkConfig.TASK_ID, "0");
        errant = context.errantRecordReporter();
        tolerant = "all".equals(props.get(ERRORS_TOLERANCE));
        background = background();
        background.begin(() -> {
            openTarget();
            connected();
        });
        background.idle(SLICE_MS);
        background.rethrow();
    }

    private void openTarget() {
        TargetClient app = openTarget(props);
        if (config.preview()) {
            app = new PreviewTarget(app);
            LOG.info("Preview: nothing is written to {}, and no offset is committed", app.app());
        }
        client = app;
    }

    /** Whether the ledger is open; while its brokers do not answer, it is tried again after pauses that grow. */
    private boolean connected() {
        if (engine == null && now() >= connectAt) {
            try {
                connect();
                notice.goesOn(now());
            } catch (RetriableException e) {
                closeQuietly(ledger);
                ledger = null;
                connectPause = Math.min(Math.max(FIRST_PAUSE_MS, connectPause * 2), LONGEST_PAUSE_MS);
                connectAt = now() + connectPause;
                notice.waits(e.getMessage(), now());
            }
        }
        return engine != null;
    }

    private void connect() {
        String sync = config.getString(SyncSinkConfig.SYNC_NAME);
        String connector = props.get("name");
        ledger = openLedger(config, "crmsync-" + sync + "-" + props.getOrDefault("name", client.app()), taskId);
        if (report == null) {
            report = openReport(config);
        }
        if (config.preview()) {
            ledger = new PreviewLedger(ledger);
        }
        String topics = props.getOrDefault(TOPICS, "");
        if (!topics.isBlank()) {
            ledger.requireCompacted(
                    Stream.of(topics.split(",")).map(String::strip).toList(),
                    !"false".equals(props.get("consumer.override.allow.auto.create.topics")));
        }
        Ledger guarded = ledger;
        if (connector != null) {
            identity = new SyncIdentity(
                    ledger,
                    sync,
                    new SyncIdentity.Sink(client.app(), connector, group(props)),
                    SharedSettings.of(props),
                    config.preview(),
                    groups(),
                    this::now,
                    this::elapsed);
            identify();
            guarded = new GuardedLedger(ledger, identity::check, this::requireTarget);
            images = openImages();
            reevaluation = new Reevaluation(
                    ledger, client.app(), DecisionSettings.fingerprint(props), images, this::committed);
        }
        // In a preview the other direction never gets to write anything that could be waited for.
        firstImport = new FirstImport(
                guarded,
                client.app(),
                config.getBoolean(SyncSinkConfig.WAIT_FOR_IMPORT) && !config.preview(),
                this::elapsed,
                this::now);
        logs = new Logs(guarded, this::elapsed);
        abandoned = new Abandoned(
                guarded,
                client.app(),
                topics.isBlank()
                        ? Set.of()
                        : Stream.of(topics.split(",")).map(String::strip).collect(Collectors.toSet()),
                this::elapsed);
        engine = new SyncEngine(
                client,
                guarded,
                this::decided,
                new LoopBreaker(
                        config.getInt(SyncSinkConfig.LOOP_LIMIT),
                        config.getLong(SyncSinkConfig.LOOP_WINDOW_MS),
                        this::now),
                caps(props),
                new WriteDeadlines(
                        config.preview() ? 0 : config.getLong(SyncSinkConfig.WRITE_DEADLINE_MS), this::elapsed));
        if (reevaluation != null) {
            engine.decidesAnew(reevaluation::covers);
        }
    }

    private static String group(Map<String, String> props) {
        return props.getOrDefault("consumer.override.group.id", "connect-" + props.get("name"));
    }

    private void requireTarget() {
        Account account = client.account();
        if (account != null) {
            identity.require(account, "this sink is connected to");
        }
    }

    /** Whether this is the sync that the ledger is about, and its sinks agree on how it goes. */
    private void lookAround() {
        if (identity == null) {
            return;
        }
        if (now() >= lookAt) {
            lookAt = now() + LOOK_MS;
            ledger.look();
        }
        identity.check();
        for (Account account : List.copyOf(unknownAccounts)) {
            if (account.app().equals(client.app())) {
                throw new ConnectException("The records of this sink's topic come from " + account
                        + ", but it writes to that app itself: set topics to the topic of the other app's source");
            }
            identity.require(account, "the records of its topic come from");
            unknownAccounts.remove(account);
        }
    }

    /** After a change of its settings the sink reads its topic once more. */
    private void reevaluate() {
        if (reevaluation != null) {
            Map<TopicPartition, Long> from = reevaluation.begin(assigned);
            forget(from.keySet());
            rewound.putAll(from);
        }
    }

    private void record(Work work, Outcome outcome, long at) {
        boolean news = toldDecisions.add(work.image(), outcome);
        if (reevaluation != null && reevaluation.covers(work)) {
            report.recordAnew(client.app(), work, outcome, at);
        } else if (news) {
            report.record(client.app(), work, outcome, at);
        }
    }

    private void held(String why, long now) {
        if (report != null) {
            report.held(client.app(), why, now);
        }
    }

    private WriteCaps caps(Map<String, String> props) {
        // A preview shows the whole plan.
        boolean live = !config.preview();
        return new WriteCaps(
                ledger,
                client.app(),
                Integer.parseInt(taskId),
                Integer.parseInt(props.getOrDefault(SyncSinkConfig.TASK_COUNT, "1")),
                live ? config.getLong(SyncSinkConfig.MAX_CREATES) : 0,
                live ? config.getLong(SyncSinkConfig.MAX_UPDATES) : 0,
                this::now);
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        arrivals.gain(partitions);
        // New partitions come unpaused; those that a cooperative assignor lets a task keep are not among them.
        paused.removeAll(partitions);
    }

    /** What the round under way does for these partitions is given up: intents stay open, for the next holder to judge. */
    @Override
    public void close(Collection<TopicPartition> partitions) {
        arrivals.lose(partitions);
        paused.removeAll(partitions);
        if (endRound()) {
            learn();
        }
    }

    /** Ends the round under way, and tells whether it has ended. */
    private boolean endRound() {
        hurried = true;
        boolean ended = background.idle(PATIENCE_MS);
        for (long waited = 0; !ended && waited < GIVING_UP_MS; waited += GIVE_UP_MS) {
            TargetClient open = client;
            if (open != null) {
                open.giveUp();
            }
            ended = background.idle(GIVE_UP_MS);
        }
        return ended;
    }

    private void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(waiting::forget);
        originals.keySet().removeIf(work -> {
            boolean gone = partitions.contains(work.partition());
            if (gone) {
                retries.forget(work);
            }
            return gone;
        });
    }

    private void lose(Set<TopicPartition> partitions) {
        forget(partitions);
        if (!partitions.isEmpty()) {
            // Another task may decide otherwise meanwhile.
            toldDecisions.clear();
        }
        untaken.removeAll(partitions);
        unrecovered.removeAll(partitions);
        rewound.keySet().removeAll(partitions);
        if (engine != null) {
            firstImport.forget(partitions);
            logs.forget(partitions);
            if (reevaluation != null) {
                reevaluation.forget(partitions);
            }
            partitions.forEach(engine::release);
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        arrivals.add(records);
        if (ready()) {
            learn();
            List<SinkRecord> arrived = arrivals.takeRecords();
            background.begin(() -> round(arrived));
        }
        boolean idle = background.idle(SLICE_MS);
        background.rethrow();
        if (idle && fatal != null) {
            throw new ConnectException(fatal);
        }
        if (idle) {
            learn();
        }
        throttle();
        context.timeout(untilNextCall(idle));
    }

    /** Whether no job is under way, and the ledger is open. */
    private boolean ready() {
        if (!background.idle(0)) {
            return false;
        }
        background.rethrow();
        if (engine == null) {
            background.begin(this::connected);
        }
        return background.idle(SLICE_MS) && engine != null;
    }

    private long untilNextCall(boolean idle) {
        if (!idle) {
            return 1;
        }
        if (engine == null) {
            return FIRST_PAUSE_MS;
        }
        return config.getLong(gathering ? SyncSinkConfig.LINGER_MS : SyncSinkConfig.RETRY_BACKOFF_MS);
    }

    /** Between two rounds: learns of partitions that come and go, and lets Connect know what the last round has come to. */
    private void learn() {
        assigned = Set.copyOf(context.assignment());
        lose(arrivals.takeLost());
        Set<TopicPartition> gained = arrivals.takeGained();
        untaken.addAll(gained);
        adopted.removeAll(gained);
        rewound.forEach(context::offset);
        arrivals.drop(rewound.keySet());
        rewound.clear();
        hurried = false;
        publish();
    }

    private void publish() {
        if (engine == null) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = waiting.committable();
        firstImport.hold(offsets);
        if (reevaluation != null) {
            reevaluation.hold(offsets);
        }
        progress = new Progress(offsets, waiting.size());
    }

    private void round(List<SinkRecord> arrived) {
        for (SinkRecord record : arrived) {
            // What comes after a record that fails the task must not be counted as delivered.
            if (fatal == null) {
                take(record);
            }
        }
        if (!arrived.isEmpty() && gatherUntil == 0) {
            gatherUntil = now() + config.getLong(SyncSinkConfig.LINGER_MS);
        }
        gathering = fatal == null && waiting.size() < BATCH && now() < gatherUntil;
        if (!gathering && now() >= notBefore) {
            gatherUntil = 0;
            work();
        }
    }

    private void take(SinkRecord record) {
        TopicPartition partition = Arrivals.partition(record);
        if (FirstImport.isMark(record)) {
            waiting.delivered(partition, record.originalKafkaOffset());
            firstImport.mark(partition, record);
            return;
        }
        Account.of(record.headers()).ifPresent(this::from);
        if (reevaluation != null && reevaluation.passesOver(partition, record.originalKafkaOffset())) {
            waiting.delivered(partition, record.originalKafkaOffset());
            return;
        }
        try {
            Work work = new Work(
                    Image.of(record, client.app()),
                    partition,
                    record.originalKafkaOffset(),
                    logs.of(partition, record.originalKafkaOffset()),
                    record.timestamp() == null ? 0 : record.timestamp());
            Work replaced = waiting.add(work);
            if (replaced != null) {
                originals.remove(replaced);
            }
            originals.put(work, record);
            firstImport.delivered(partition, work.image().origin());
        } catch (DataException e) {
            if (tolerant) {
                waiting.delivered(partition, record.originalKafkaOffset());
            }
            reject(record, e);
        }
    }

    private void from(Account account) {
        if (!account.equals(lastAccount)) {
            lastAccount = account;
            unknownAccounts.add(account);
        }
    }

    private void work() {
        long now = now();
        long began = elapsed();
        List<Work> batch = List.of();
        try {
            lookAround();
            notice.goesOn(now());
            if (!firstImport.mayWork()) {
                return;
            }
            if (waiting.conflicts() > 0) {
                ledger.catchUp();
            }
            recover();
            reevaluate();
            batch = due(now);
            while (!batch.isEmpty()) {
                attempt(batch, now);
                publish();
                // A batch is finished in any case; a task that is to fail takes no further one.
                // What else is due comes with the next round: what has arrived meanwhile waits for the end of this one.
                boolean more = fatal == null && !hurried && now() >= notBefore && elapsed() - began < MOST_ROUNDS_MS;
                batch = more ? due(now) : List.of();
            }
            firstImport.settle(assigned, waiting);
            if (reevaluation != null) {
                reevaluation.settle(waiting.committable());
            }
            summarize();
        } catch (HeldException e) {
            notice.waits(e.getMessage(), now);
            long wait = config.getLong(SyncSinkConfig.RETRY_BACKOFF_MS);
            batch.forEach(work -> waiting.park(work, now, wait));
            notBefore = now + wait;
        } catch (RetriableException e) {
            long asked = e instanceof RetryLaterException later ? later.waitMs() : 0;
            long wait = Math.max(asked, config.getLong(SyncSinkConfig.RETRY_BACKOFF_MS));
            if (e instanceof TakenOverException lost && adopted.remove(lost.partition())) {
                // Another task closes what was left open there, or this one once it looks again.
                unrecovered.remove(lost.partition());
                engine.release(lost.partition());
            } else if (e instanceof TakenOverException lost && assigned.contains(lost.partition())) {
                // The next poll tells whether it is still ours; then whoever was late has to give way.
                untaken.add(lost.partition());
            }
            LOG.warn("All records wait for {} ms: {}", wait, e.getMessage());
            batch.forEach(work -> waiting.park(work, now, wait));
            notBefore = now() + wait;
        }
    }

    /** Where the app fails on a whole batch, parts of it are tried by themselves: a single record may be to blame. */
    private void attempt(List<Work> batch, long now) {
        Map<Work, String> hopeless = new HashMap<>();
        for (Work work : batch) {
            String message = retries.hopeless(work);
            if (message != null) {
                hopeless.put(work, message);
            }
        }
        try {
            Map<Work, Outcome> outcomes =
                    engine.process(batch, waiting.unfinished(), hopeless, retries::writtenTogether);
            int unanswered = (int) outcomes.values().stream()
                    .filter(outcome -> outcome.trouble() == Outcome.Trouble.UNANSWERED)
                    .count();
            outcomes.forEach((work, outcome) -> settle(work, outcome, unanswered, now));
            boolean allFailed = outcomes.values().stream().allMatch(outcome -> outcome.trouble() != null)
                    && outcomes.values().stream().anyMatch(outcome -> outcome.trouble() != Outcome.Trouble.PUT_OFF);
            failuresInARow = allFailed ? failuresInARow + 1 : 0;
            if (allFailed) {
                restIfUnwell(outcomes.values().iterator().next().detail());
            }
        } catch (ServiceFailedException e) {
            failuresInARow++;
            for (Work work : batch) {
                if (batch.size() == 1 && hopeless.containsKey(work)) {
                    Outcome failed = Outcome.of(Outcome.Kind.FAILED, null, e.getMessage());
                    decided(work, failed);
                    finish(work, failed);
                } else {
                    retries.unread(work, batch.size(), e.getMessage());
                    pause(work, now);
                }
            }
            restIfUnwell(e.getMessage());
        }
    }

    /** An app that fails on everything is not asked about each record. */
    private void restIfUnwell(String message) {
        if (failuresInARow >= UNWELL) {
            long pause = Retries.pauseMs(failuresInARow - UNWELL, config.getLong(SyncSinkConfig.RETRY_BACKOFF_MS));
            LOG.warn("{} batches in a row have failed; all records wait for {} ms: {}", failuresInARow, pause, message);
            notBefore = now() + pause;
        }
    }

    private void fail(Work work, Outcome outcome, int unanswered, long now) {
        retries.failed(work, outcome.trouble(), unanswered, outcome.detail());
        pause(work, now);
    }

    private void pause(Work work, long now) {
        waiting.park(work, now, retries.pauseMs(work, config.getLong(SyncSinkConfig.RETRY_BACKOFF_MS)));
    }

    /** Before the first image of a partition: what an earlier holder of it was doing when it ended. */
    private void recover() {
        // Those that match a pattern are not known before.
        Set<String> unseen = untaken.stream().map(TopicPartition::topic).collect(Collectors.toSet());
        unseen.removeAll(checkedTopics);
        if (!unseen.isEmpty()) {
            ledger.requireCompacted(unseen, false);
            checkedTopics.addAll(unseen);
        }
        abandoned.of(assigned).stream().filter(adopted::add).forEach(untaken::add);
        for (TopicPartition partition : List.copyOf(untaken)) {
            engine.take(partition);
            untaken.remove(partition);
            unrecovered.add(partition);
            nextRecovery = 0;
        }
        if (unrecovered.isEmpty()) {
            recoveries = 0;
        } else if (now() >= nextRecovery) {
            List<Recovery.Unsettled> open =
                    engine.recover(intent -> unrecovered.contains(intent.images()), recoveries >= Retries.LONE_TRIES);
            if (open.isEmpty()) {
                LOG.info("Ledger loaded and open intents closed for {}", unrecovered);
                unrecovered.clear();
                adopted.forEach(engine::release);
                adopted.clear();
            } else if (open.stream().anyMatch(one -> one.failure() != null)) {
                nextRecovery = now() + Retries.pauseMs(recoveries++, config.getLong(SyncSinkConfig.RETRY_BACKOFF_MS));
            }
        }
    }

    private List<Work> due(long now) {
        return waiting.due(now, BATCH, engine::nextAgreement, retries::readTogether, retries::writtenTogether);
    }

    /** @param unanswered number of records of its batch of which the app did not say what became of them */
    private void settle(Work work, Outcome outcome, int unanswered, long now) {
        if (config.preview()) {
            finish(work, outcome);
        } else if (outcome.kind() == Outcome.Kind.PARKED_CONFLICT) {
            long since = waiting.parkConflict(work, now, engine.nextAgreement(work));
            if (now - since < config.getLong(SyncSinkConfig.PARK_LIMIT_MS)
                    && waiting.conflicts() <= config.getInt(SyncSinkConfig.PARK_LIMIT_RECORDS)) {
                return;
            }
            // In a first import the other sink has yet to see the winner's image; else the next sweep shows it again.
            record(work, outcome.unsettled(), now);
            finish(work, outcome);
        } else if (outcome.trouble() != null) {
            fail(work, outcome, unanswered, now);
        } else if (outcome.kind() == Outcome.Kind.PARKED) {
            waiting.park(work, now, config.getLong(SyncSinkConfig.RETRY_BACKOFF_MS));
        } else {
            finish(work, outcome);
        }
    }

    /** The offset of a failing record stays uncommitted: the task fails, and comes back to it when it is restarted. */
    private void finish(Work work, Outcome outcome) {
        retries.done(work, outcome.kind());
        if (!failing.contains(work)) {
            originals.remove(work);
            waiting.done(work);
        }
    }

    /** A record may fail in one field and go on in the others: what failed goes to the dead letter queue in any case. */
    private void decided(Work work, Outcome outcome) {
        boolean stillWaits = outcome.kind().parked() && waiting.isParked(work) && !outcome.wrote();
        if (!stillWaits) {
            record(work, outcome, now());
        }
        if (config.preview()) {
            plan.add(outcome.kind());
        }
        outcome.leftOut().stream().filter(LeftOut::newRefusal).forEach(fields -> refuse(work, fields.detail()));
        if (outcome.kind() == Outcome.Kind.FAILED) {
            refuse(work, outcome.detail());
        }
    }

    private void refuse(Work work, String message) {
        if (!tolerant) {
            failing.add(work);
        }
        reject(originals.get(work), new DataException(message));
    }

    /** What a preview has found so far, each time that it has come to the end of what there is. */
    private void summarize() {
        if (waiting.size() == 0 && plan.takeChanged()) {
            LOG.info("Preview so far, nothing written: {}", plan.counts());
            report.plan(client.app(), plan.counts(), now());
        }
    }

    /** One bad record never fails its batch; with errors.tolerance=none the task stops once the others are done. */
    private void reject(SinkRecord record, RuntimeException cause) {
        if (!tolerant) {
            fatal = "A record was refused and errors.tolerance is none: " + cause.getMessage();
        } else if (errant != null) {
            errant.report(record, cause);
        } else {
            LOG.warn("A record was refused; set a dead letter queue to keep such records: {}", cause.getMessage());
        }
    }

    private void throttle() {
        boolean full = progress.waiting() + arrivals.size() > config.getInt(SyncSinkConfig.MAX_WAITING);
        Set<TopicPartition> change = new HashSet<>(full ? context.assignment() : paused);
        if (full) {
            change.removeAll(paused);
        }
        if (change.isEmpty()) {
            return;
        }
        TopicPartition[] partitions = change.toArray(new TopicPartition[0]);
        if (full) {
            context.pause(partitions);
            paused.addAll(change);
        } else {
            context.resume(partitions);
            paused.clear();
        }
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> current) {
        if (background.idle(0)) {
            learn();
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(progress.offsets());
        offsets.keySet().removeAll(arrivals.lost());
        // Going live starts from where the preview did.
        if (report != null) {
            report.flush();
        }
        return config.preview() ? Map.of() : offsets;
    }

    @Override
    public void stop() {
        hurried = true;
        TargetClient open = client;
        closeQuietly(open);
        if (background != null) {
            background.end(() -> closeAll(open), PATIENCE_MS);
        }
    }

    private void closeAll(TargetClient closed) {
        if (client != closed) {
            closeQuietly(client);
        }
        closeQuietly(report);
        closeQuietly(ledger);
        if (images instanceof AutoCloseable open) {
            closeQuietly(open);
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception e) {
            LOG.warn("Closing failed: {}", e.toString());
        }
    }

    @Override
    public String version() {
        String version = getClass().getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
