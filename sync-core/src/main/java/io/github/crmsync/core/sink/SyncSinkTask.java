package io.github.crmsync.core.sink;

import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.ledger.ConsumerOffsets;
import io.github.crmsync.core.ledger.KafkaLedger;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
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
 * call.
 */
public abstract class SyncSinkTask extends SinkTask {
    private static final Logger LOG = LoggerFactory.getLogger(SyncSinkTask.class);
    private static final int BATCH = 500;
    /** Connect's own setting. */
    private static final String TOPICS = "topics";

    private static final String ERRORS_TOLERANCE = "errors.tolerance";
    /** Ledger key that every sink writes before anything else: a ledger without it was lost, or is another one. */
    private static final String IDENTITY = "identity";

    private final WaitingRecords waiting = new WaitingRecords();
    private final Map<Work, SinkRecord> originals = new HashMap<>();
    /** Refused records, in whole or in a field, that fail this task. */
    private final Set<Work> failing = new HashSet<>();

    private final Plan plan = new Plan();
    private final Set<String> checkedTopics = new HashSet<>();
    /** Assigned, but an earlier holder might still record intents. */
    private final Set<TopicPartition> untaken = new HashSet<>();

    /** Taken over, with intents of an earlier holder that are still open. */
    private final Set<TopicPartition> unrecovered = new HashSet<>();

    private SyncSinkConfig config;
    private TargetClient client;
    private Ledger ledger;
    private Report report;
    private SyncEngine engine;
    private ErrantRecordReporter errant;
    private FirstImport firstImport;
    private long gatherUntil;
    private boolean tolerant;
    private long notBefore;
    private boolean paused;
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
        String group = props.getOrDefault("consumer.override.group.id", "connect-" + props.get("name"));
        return ConsumerOffsets.committed(config.kafkaClient(), group);
    }

    /** With another ledger, or none, links and agreements would be made up anew behind the user's back. */
    private void identify(Map<String, String> props) {
        String connector = props.get("name");
        if (connector == null || ledger.get(new LedgerEntry.Key(client.app(), IDENTITY)) != null) {
            return;
        }
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
        ledger.append(List.of(LedgerEntry.blank(client.app(), IDENTITY)));
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
    public void start(Map<String, String> props) {
        config = new SyncSinkConfig(props);
        client = openTarget(props);
        String sync = config.getString(SyncSinkConfig.SYNC_NAME);
        ledger = openLedger(
                config,
                "crmsync-" + sync + "-" + props.getOrDefault("name", client.app()),
                props.getOrDefault(SyncSinkConfig.TASK_ID, "0"));
        report = openReport(config);
        if (config.preview()) {
            client = new PreviewTarget(client);
            ledger = new PreviewLedger(ledger);
            LOG.info("Preview: nothing is written to {}, and no offset is committed", client.app());
        }
        String topics = props.getOrDefault(TOPICS, "");
        if (!topics.isBlank()) {
            ledger.requireCompacted(
                    Stream.of(topics.split(",")).map(String::strip).toList(),
                    !"false".equals(props.get("consumer.override.allow.auto.create.topics")));
        }
        identify(props);
        engine = new SyncEngine(
                client,
                ledger,
                this::decided,
                new LoopBreaker(
                        config.getInt(SyncSinkConfig.LOOP_LIMIT),
                        config.getLong(SyncSinkConfig.LOOP_WINDOW_MS),
                        this::now),
                caps(props),
                new WriteDeadlines(
                        config.preview() ? 0 : config.getLong(SyncSinkConfig.WRITE_DEADLINE_MS), this::elapsed));
        errant = context.errantRecordReporter();
        tolerant = "all".equals(props.get(ERRORS_TOLERANCE));
        // In a preview the other direction never gets to write anything that could be waited for.
        firstImport = new FirstImport(
                ledger, client.app(), config.getBoolean(SyncSinkConfig.WAIT_FOR_IMPORT) && !config.preview());
    }

    private WriteCaps caps(Map<String, String> props) {
        // A preview shows the whole plan.
        boolean live = !config.preview();
        return new WriteCaps(
                ledger,
                client.app(),
                Integer.parseInt(props.getOrDefault(SyncSinkConfig.TASK_ID, "0")),
                Integer.parseInt(props.getOrDefault(SyncSinkConfig.TASK_COUNT, "1")),
                live ? config.getLong(SyncSinkConfig.MAX_CREATES) : 0,
                live ? config.getLong(SyncSinkConfig.MAX_UPDATES) : 0,
                this::now);
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        untaken.addAll(partitions);
        // Partitions come unpaused: the next put pauses them again if it has to.
        paused = false;
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        partitions.forEach(waiting::forget);
        originals.keySet().removeIf(work -> partitions.contains(work.partition()));
        firstImport.forget(partitions);
        untaken.removeAll(partitions);
        unrecovered.removeAll(partitions);
        partitions.forEach(ledger::release);
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        for (SinkRecord record : records) {
            // What comes after a record that fails the task must not be counted as delivered.
            if (fatal == null) {
                take(record);
            }
        }
        if (!records.isEmpty() && gatherUntil == 0) {
            gatherUntil = now() + config.getLong(SyncSinkConfig.LINGER_MS);
        }
        boolean gathering = fatal == null && waiting.size() < BATCH && now() < gatherUntil;
        if (!gathering && now() >= notBefore) {
            gatherUntil = 0;
            work();
        }
        if (fatal != null) {
            throw new ConnectException(fatal);
        }
        throttle();
        context.timeout(config.getLong(gathering ? SyncSinkConfig.LINGER_MS : SyncSinkConfig.RETRY_BACKOFF_MS));
    }

    private void take(SinkRecord record) {
        TopicPartition partition = new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
        if (FirstImport.isMark(record)) {
            waiting.delivered(partition, record.originalKafkaOffset());
            firstImport.mark(partition, record);
            return;
        }
        try {
            Work work = new Work(Image.of(record, client.app()), partition, record.originalKafkaOffset());
            Work replaced = waiting.add(work);
            if (replaced != null) {
                originals.remove(replaced);
            }
            originals.put(work, record);
        } catch (DataException e) {
            if (tolerant) {
                waiting.delivered(partition, record.originalKafkaOffset());
            }
            reject(record, e);
        }
    }

    private void work() {
        long now = now();
        List<Work> batch = List.of();
        try {
            if (!firstImport.mayWork()) {
                return;
            }
            if (waiting.conflicts() > 0) {
                ledger.catchUp();
            }
            recover();
            batch = due(now);
            while (!batch.isEmpty()) {
                engine.process(batch, waiting.unfinished()).forEach((work, outcome) -> settle(work, outcome, now));
                // A batch is finished in any case; a task that is to fail takes no further one.
                batch = fatal == null ? due(now) : List.of();
            }
            firstImport.settle(context.assignment(), waiting.allDecided());
            summarize();
        } catch (RetriableException e) {
            long asked = e instanceof RetryLaterException later ? later.waitMs() : 0;
            long wait = Math.max(asked, config.getLong(SyncSinkConfig.RETRY_BACKOFF_MS));
            if (e instanceof TakenOverException lost && context.assignment().contains(lost.partition())) {
                // The next poll tells whether it is still ours; then whoever was late has to give way.
                untaken.add(lost.partition());
            }
            LOG.warn("All records wait for {} ms: {}", wait, e.getMessage());
            batch.forEach(work -> waiting.park(work, now, wait));
            notBefore = now() + wait;
        }
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
        for (TopicPartition partition : List.copyOf(untaken)) {
            engine.take(partition);
            untaken.remove(partition);
            unrecovered.add(partition);
        }
        if (!unrecovered.isEmpty()
                && engine.recover(
                        intent -> unrecovered.contains(new TopicPartition(intent.topic(), intent.partition())))) {
            LOG.info("Ledger loaded and open intents closed for {}", unrecovered);
            unrecovered.clear();
        }
    }

    private List<Work> due(long now) {
        return waiting.due(now, BATCH, engine::nextAgreement);
    }

    private void settle(Work work, Outcome outcome, long now) {
        if (config.preview()) {
            finish(work);
        } else if (outcome.kind() == Outcome.Kind.PARKED_CONFLICT) {
            long since = waiting.parkConflict(work, now, engine.nextAgreement(work));
            if (now - since < config.getLong(SyncSinkConfig.PARK_LIMIT_MS)
                    && waiting.conflicts() <= config.getInt(SyncSinkConfig.PARK_LIMIT_RECORDS)) {
                return;
            }
            // In a first import the other sink has yet to see the winner's image; else the next sweep shows it again.
            LOG.debug(
                    "The conflict of record {} is left to the other direction",
                    work.image().id());
            finish(work);
        } else if (outcome.kind() == Outcome.Kind.PARKED) {
            waiting.park(work, now, config.getLong(SyncSinkConfig.RETRY_BACKOFF_MS));
        } else {
            finish(work);
        }
    }

    /** The offset of a failing record stays uncommitted: the task fails, and comes back to it when it is restarted. */
    private void finish(Work work) {
        if (!failing.contains(work)) {
            originals.remove(work);
            waiting.done(work);
        }
    }

    /** A record may fail in one field and go on in the others: what failed goes to the dead letter queue in any case. */
    private void decided(Work work, Outcome outcome) {
        boolean stillWaits = outcome.kind().parked() && waiting.isParked(work) && !outcome.wrote();
        if (!stillWaits) {
            report.record(client.app(), work, outcome, now());
        }
        if (config.preview()) {
            plan.add(outcome.kind());
        }
        if (outcome.kind() == Outcome.Kind.FAILED) {
            if (!tolerant) {
                failing.add(work);
            }
            reject(originals.get(work), new DataException(outcome.detail()));
        }
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
        boolean full = waiting.size() > config.getInt(SyncSinkConfig.MAX_WAITING);
        if (full != paused) {
            TopicPartition[] partitions = context.assignment().toArray(new TopicPartition[0]);
            if (full) {
                context.pause(partitions);
            } else {
                context.resume(partitions);
            }
            paused = full;
        }
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> current) {
        report.flush();
        if (config.preview()) {
            // Going live starts from where the preview did.
            return Map.of();
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = waiting.committable();
        firstImport.hold(offsets, context.assignment());
        return offsets;
    }

    @Override
    public void stop() {
        closeQuietly(report);
        closeQuietly(ledger);
        closeQuietly(client);
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
