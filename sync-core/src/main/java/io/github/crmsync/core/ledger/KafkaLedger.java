package io.github.crmsync.core.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ledger in a compacted topic with one partition, whose offsets are the total order.
 *
 * <p>Each flush is a short transaction for each partition of images, under a transactional id that belongs to the connector and
 * that partition: whoever takes a partition over, as whichever task, fences the one who had it before, so that a zombie cannot
 * record another intent.
 */
public final class KafkaLedger implements Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLedger.class);
    /** Each question may take some seconds: many partitions must not wait for one after the other. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(200);

    private final String syncName;
    private final TopicPartition partition;
    /** Whether an entry of a newer version was read, and said so. */
    private boolean newerSeen;

    private final Consumer<String, byte[]> consumer;
    private final Function<String, Producer<String, byte[]>> producers;
    private final String writer;
    private final Map<String, Object> client;
    /** For what belongs to no partition. */
    private Producer<String, byte[]> task;

    private final String taskId;

    private final Map<TopicPartition, Producer<String, byte[]>> taken = new HashMap<>();
    private final LedgerIndex index = new LedgerIndex();
    private final NoteIndex notes = new NoteIndex();
    /** Other syncs of the topic, to which this one yields. */
    private final Map<String, LedgerIndex> others = new HashMap<>();

    /** Null until a topic is looked for. */
    private Admin admin;
    /** When Kafka last told nothing of a topic, in ns; null if it told. */
    private Long silentSince;

    private long lastAppend = -1;

    private KafkaLedger(
            String syncName,
            String topic,
            Consumer<String, byte[]> consumer,
            Function<String, Producer<String, byte[]>> producers,
            String writer,
            String task,
            Map<String, Object> client) {
        this.client = client;
        this.syncName = syncName;
        this.partition = new TopicPartition(topic, 0);
        this.consumer = consumer;
        this.producers = producers;
        this.writer = writer;
        this.taskId = writer + "-task-" + task;
        this.task = producers.apply(taskId);
    }

    /**
     * Connects, creates the topic if it is missing, and fences earlier incarnations of the task.
     *
     * @param client Kafka client settings, with bootstrap.servers
     * @param writer name of the connector, with which its transactional ids begin
     * @param task number of the connector's task
     * @throws ConnectException if the topic is not a compacted one with a single partition
     */
    public static KafkaLedger connect(
            String syncName, String topic, Map<String, Object> client, String writer, String task, short replication) {
        return connect(syncName, Set.of(), topic, client, writer, task, replication);
    }

    /**
     * Connects, as above.
     *
     * @param yieldsTo other syncs of the topic whose links are to be known
     */
    public static KafkaLedger connect(
            String syncName,
            Set<String> yieldsTo,
            String topic,
            Map<String, Object> client,
            String writer,
            String task,
            short replication) {
        Brokers.require(client);
        ensureTopic(topic, client, replication);
        Map<String, Object> reading = new HashMap<>(client);
        reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        reading.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        reading.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        Map<String, Object> writing = new HashMap<>(client);
        writing.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        writing.put(ProducerConfig.ACKS_CONFIG, "all");
        writing.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        Consumer<String, byte[]> consumer =
                new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer());
        Function<String, Producer<String, byte[]>> producers = id -> {
            Map<String, Object> settings = new HashMap<>(writing);
            settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
            return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        };
        KafkaLedger ledger = new KafkaLedger(syncName, topic, consumer, producers, writer, task, client);
        yieldsTo.forEach(sync -> ledger.others.put(sync, new LedgerIndex()));
        try {
            ledger.task.initTransactions();
            consumer.assign(List.of(ledger.partition));
            consumer.seekToBeginning(List.of(ledger.partition));
            ledger.catchUp();
            return ledger;
        } catch (org.apache.kafka.common.errors.RetriableException e) {
            ledger.close();
            throw new RetriableException("The ledger " + topic + " cannot be read now: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    private static void ensureTopic(String topic, Map<String, Object> client, short replication) {
        NewTopic wanted = new NewTopic(topic, Optional.of(1), Optional.of(replication))
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.SEGMENT_MS_CONFIG, "3600000",
                        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.3"));
        int partitions = Topics.ensure(client, wanted);
        if (partitions != 1) {
            throw new ConnectException("The ledger topic " + topic + " has " + partitions
                    + " partitions; it needs exactly one, because its order is the lock of the sync");
        }
        try (Admin admin = Admin.create(client)) {
            new CleanupPolicy(admin, client).require(List.of(topic));
        }
    }

    @Override
    public void requireCompacted(Collection<String> topics, boolean mayCreate) {
        try (Admin admin = Admin.create(client)) {
            CleanupPolicy policy = new CleanupPolicy(admin, client);
            Set<String> missing = policy.require(topics);
            if (mayCreate && !missing.isEmpty()) {
                policy.refuseAutoCreation(missing);
            }
        }
    }

    @Override
    public synchronized Optional<TopicInfo> topic(String name) {
        if (silentSince != null && System.nanoTime() - silentSince < ASK_AGAIN.toNanos()) {
            return Optional.empty();
        }
        if (admin == null) {
            admin = Admin.create(client);
        }
        Optional<TopicInfo> found = Topics.look(admin, name);
        silentSince = found.isEmpty() ? System.nanoTime() : null;
        return found;
    }

    @Override
    public void catchUp() {
        try {
            long end = Math.max(consumer.endOffsets(List.of(partition)).get(partition), lastAppend + 1);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    apply(record);
                }
            }
        } catch (org.apache.kafka.common.errors.RetriableException e) {
            throw new RetriableException("The ledger cannot be read now: " + e.getMessage(), e);
        }
    }

    private void apply(ConsumerRecord<String, byte[]> record) {
        String sync = record.key().substring(0, Math.max(0, record.key().indexOf(':')));
        LedgerIndex of = sync.equals(syncName) ? index : others.get(sync);
        if (of == null) {
            return;
        }
        String[] key = record.key().split(":", 3);
        if (key.length == 3 && Note.isName(key[2])) {
            if (of == index) {
                notes.apply(note(key[1], key[2], record), record.offset());
            }
            return;
        }
        if (record.value() == null) {
            return;
        }
        try {
            LedgerEntry entry = LedgerJson.entry(record.value());
            if (entry.isUnreadable() && !newerSeen) {
                newerSeen = true;
                LOG.warn(
                        "The ledger's entry at offset {}, of {}, was written by a newer version of this software. Records with"
                                + " such entries wait until this task runs that version",
                        record.offset(),
                        record.key());
            }
            of.apply(entry, record.offset());
        } catch (IOException e) {
            throw new ConnectException(
                    "The ledger's entry at offset " + record.offset()
                            + " cannot be read; was another program writing to " + partition.topic() + "?",
                    e);
        }
    }

    private Note note(String owner, String name, ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return Note.none(owner, name);
        }
        try {
            return new Note(owner, name, LedgerJson.note(record.value()).note());
        } catch (IOException e) {
            throw new ConnectException(
                    "The ledger's note " + name + " at offset " + record.offset()
                            + " cannot be read; was another program writing to " + partition.topic() + "?",
                    e);
        }
    }

    @Override
    public Collection<StoredNote> notes() {
        return notes.all();
    }

    @Override
    public void note(List<Note> added) {
        sendOfTask(added.stream()
                .map(note -> keyed(note.owner(), note.sourceId(), note.note().isEmpty() ? null : note))
                .toList());
        catchUp();
    }

    @Override
    public void take(TopicPartition images) {
        release(images);
        Producer<String, byte[]> producer = producers.apply(writer + "-" + images);
        try {
            producer.initTransactions();
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw new RetriableException("The ledger's entries of " + images + " cannot be taken over now", e);
        }
        taken.put(images, producer);
    }

    @Override
    public void release(TopicPartition images) {
        Producer<String, byte[]> producer = taken.remove(images);
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
        }
    }

    @Override
    public void append(List<LedgerEntry> entries) {
        sendOfTask(entries.stream()
                .map(entry -> keyed(entry.owner(), entry.sourceId(), entry))
                .toList());
        catchUp();
    }

    @Override
    public void append(Map<TopicPartition, List<LedgerEntry>> entries) {
        entries.forEach(this::appendOf);
        catchUp();
        Map<TopicPartition, List<LedgerEntry>> again = new HashMap<>();
        entries.keySet().forEach(images -> again.put(images, index.toRepeat(images.partition())));
        again.values().removeIf(List::isEmpty);
        if (!again.isEmpty()) {
            again.forEach(this::appendOf);
            catchUp();
        }
    }

    private void appendOf(TopicPartition images, List<LedgerEntry> added) {
        Producer<String, byte[]> producer = taken.get(images);
        if (producer == null) {
            throw new TakenOverException(images, null);
        }
        try {
            append(producer, added);
        } catch (ConnectException e) {
            if (e instanceof RetriableException) {
                throw e;
            }
            // Fenced, or failed for good: only a new producer can go on.
            release(images);
            throw new TakenOverException(images, e);
        }
    }

    private void append(Producer<String, byte[]> producer, List<LedgerEntry> entries) {
        send(
                producer,
                entries.stream()
                        .map(entry -> keyed(entry.owner(), entry.sourceId(), entry))
                        .toList());
    }

    /** @param value null removes the key */
    private ProducerRecord<String, byte[]> keyed(String owner, String id, Object value) {
        try {
            return new ProducerRecord<>(
                    partition.topic(),
                    0,
                    syncName + ":" + owner + ":" + id,
                    value == null ? null : LedgerJson.bytes(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(Producer<String, byte[]> producer, List<ProducerRecord<String, byte[]>> records) {
        try {
            producer.beginTransaction();
            Future<RecordMetadata> last = null;
            for (ProducerRecord<String, byte[]> record : records) {
                last = producer.send(record);
            }
            producer.commitTransaction();
            if (last != null) {
                lastAppend = Math.max(lastAppend, last.get().offset());
            }
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new ConnectException("Another task has taken over; this one stops", e);
        } catch (KafkaException e) {
            abort(producer, e);
            throw new RetriableException("The ledger could not be written", e);
        } catch (ExecutionException e) {
            throw new RetriableException("The ledger could not be written", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while writing the ledger", e);
        }
    }

    /** A producer that has failed for good: only a new one can go on. */
    private static final class BrokenProducer extends ConnectException {
        BrokenProducer(KafkaException cause) {
            super("The ledger's producer has failed for good", cause);
        }
    }

    /** What belongs to no partition. A producer that has failed for good is replaced. */
    private void sendOfTask(List<ProducerRecord<String, byte[]>> records) {
        if (task == null) {
            task = producers.apply(taskId);
            try {
                task.initTransactions();
            } catch (KafkaException e) {
                throw replaced(e);
            }
        }
        try {
            send(task, records);
        } catch (BrokenProducer e) {
            throw replaced(e);
        }
    }

    private RetriableException replaced(KafkaException cause) {
        task.close(Duration.ZERO);
        task = null;
        return new RetriableException("The ledger cannot be written now: " + cause.getMessage(), cause);
    }

    private static void abort(Producer<String, byte[]> producer, KafkaException cause) {
        try {
            producer.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            // After a commit that has timed out a producer takes nothing but the same commit again.
            cause.addSuppressed(e);
            throw new BrokenProducer(cause);
        }
    }

    @Override
    public Stored get(LedgerEntry.Key key) {
        return index.get(key);
    }

    @Override
    public Collection<Stored> touching(String hubspotId, String dynamicsId) {
        return index.touching(hubspotId, dynamicsId);
    }

    @Override
    public boolean linkedByAnotherSync(String hubspotId) {
        return others.values().stream().anyMatch(other -> other.links(hubspotId));
    }

    @Override
    public Collection<Stored> open() {
        return index.open();
    }

    @Override
    public void close() {
        consumer.close();
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
        if (task != null) {
            task.close(Duration.ofSeconds(1));
        }
        taken.values().forEach(producer -> producer.close(Duration.ofSeconds(1)));
        taken.clear();
    }
}
