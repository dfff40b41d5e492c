package io.github.crmsync.core.ledger;

import io.github.crmsync.core.config.Findings;
import io.github.crmsync.core.record.SyncHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a validation that asks Kafka: whether the ledger's brokers answer, and whether ledger and topics are fit for a sync.
 * It creates nothing.
 */
public final class BrokerCheck {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerCheck.class);
    /** A validation as a whole shall end within ten seconds. */
    private static final int ANSWER_MS = 5_000;

    private static final Duration PEEK = Duration.ofSeconds(2);

    private static final String SERVERS = "ledger.bootstrap.servers";
    private static final String CLIENT = "ledger.client.";
    private static final String LEDGER = "ledger.topic";
    private static final String REPLICATION = "ledger.replication.factor";
    private static final String TOPICS = "topics";

    private final Findings findings;
    private final Map<String, Object> client;

    /** @param client Kafka client settings of the ledger, with bootstrap.servers */
    public BrokerCheck(Findings findings, Map<String, Object> client) {
        this.findings = findings;
        this.client = new HashMap<>(client);
        this.client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MS - 1_000);
        this.client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MS);
        // One line per unanswered try would hide what matters.
        this.client.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
    }

    /** Whether the client's settings can be read, without a network. */
    public void settings() {
        try {
            new AdminClientConfig(client);
        } catch (ConfigException e) {
            findings.error(blamed(e.getMessage()), e.getMessage());
        }
    }

    /** The setting of ours that a message of the Kafka client is about. */
    private String blamed(String message) {
        return client.keySet().stream()
                .filter(name -> !name.equals(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG))
                .filter(name -> message.contains("configuration " + name + ":"))
                .findFirst()
                .map(name -> CLIENT + name)
                .orElse(SERVERS);
    }

    /** Whether the brokers answer. */
    public void brokers() {
        ask(admin -> admin.describeCluster().nodes().get());
    }

    /**
     * Whether a sink can use its ledger and its topics.
     *
     * @param ledger name of the ledger's topic
     * @param replication replication factor for a ledger that has to be created; below 1 for the brokers' default
     * @param topics the sink reads, as far as they are known by name
     * @param app the app that the sink writes to
     * @param createdBySubscribing whether the sink's consumer lets brokers create topics
     */
    public void sink(
            String ledger, short replication, Collection<String> topics, String app, boolean createdBySubscribing) {
        ask(admin -> {
            int brokers = admin.describeCluster().nodes().get().size();
            Optional<TopicDescription> existing = describe(admin, ledger);
            if (existing.isEmpty() && replication > brokers) {
                findings.error(
                        REPLICATION,
                        "The ledger cannot have " + replication + " replicas: there " + (brokers == 1 ? "is " : "are ")
                                + brokers + (brokers == 1 ? " broker" : " brokers"));
            }
            if (existing.isPresent() && existing.get().partitions().size() != 1) {
                findings.error(
                        LEDGER,
                        "The topic " + ledger + " has "
                                + existing.get().partitions().size()
                                + " partitions, and a ledger has one: its order is what the two sinks agree by");
            }
            CleanupPolicy policy = new CleanupPolicy(admin, client);
            compacted(LEDGER, () -> policy.require(List.of(ledger)));
            Set<String> missing = new TreeSet<>();
            compacted(TOPICS, () -> missing.addAll(policy.require(topics)));
            if (!missing.isEmpty() && createdBySubscribing) {
                compacted(TOPICS, () -> policy.refuseAutoCreation(missing));
            }
            topics.stream().filter(topic -> !missing.contains(topic)).forEach(topic -> notOwn(topic, app));
            return null;
        });
    }

    private void compacted(String setting, Runnable check) {
        try {
            check.run();
        } catch (ConnectException e) {
            findings.error(setting, e.getMessage());
        }
    }

    private static Optional<TopicDescription> describe(Admin admin, String topic) throws Exception {
        KafkaFuture<TopicDescription> answer =
                admin.describeTopics(Set.of(topic)).topicNameValues().get(topic);
        try {
            return Optional.of(answer.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private interface Question {
        Object ask(Admin admin) throws Exception;
    }

    private void ask(Question question) {
        try (Admin admin = Admin.create(client)) {
            question.ask(admin);
        } catch (ExecutionException e) {
            findings.firstError(SERVERS, reason(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            findings.firstError(SERVERS, "The ledger's brokers could not be asked: interrupted");
        } catch (KafkaException e) {
            // The client itself could not be made: the innermost message names the cause.
            Throwable cause = e;
            while (cause.getCause() instanceof KafkaException inner) {
                cause = inner;
            }
            findings.firstError(
                    blamed(cause.getMessage()), "The ledger's brokers cannot be asked: " + cause.getMessage());
        } catch (Exception e) {
            findings.firstError(SERVERS, "The ledger's brokers could not be asked: " + e.getMessage());
        }
    }

    private String reason(Throwable cause) {
        Object servers = client.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
        if (cause instanceof TimeoutException) {
            return "The brokers " + servers + " did not answer within " + ANSWER_MS / 1000
                    + " s: ledger and report were not checked";
        }
        return (cause instanceof AuthenticationException
                        ? "The brokers " + servers + " refuse the credentials of the settings " + CLIENT + "*: "
                        : "The brokers " + servers + " refuse the sink: ")
                + cause.getMessage();
    }

    /** A sink that reads its own app's records would link them with themselves. */
    private void notOwn(String topic, String app) {
        Map<String, Object> reading = new HashMap<>(client);
        reading.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        reading.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10);
        reading.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 65_536);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, PEEK).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            boolean empty = consumer.endOffsets(partitions, PEEK).equals(consumer.beginningOffsets(partitions, PEEK));
            if (empty) {
                return;
            }
            for (ConsumerRecord<byte[], byte[]> message : consumer.poll(PEEK)) {
                Header header = message.headers().lastHeader(SyncHeaders.APP);
                // As SyncHeaders writes it; a JSON converter puts quotes around it.
                if (header != null
                        && new String(header.value(), StandardCharsets.UTF_8)
                                .replaceAll("[\"=]", "")
                                .equals(app)) {
                    findings.error(
                            TOPICS,
                            "The topic " + topic + " holds records of " + app
                                    + ", the app that this sink writes to: name the topic of the other app's source");
                    return;
                }
            }
        } catch (KafkaException e) {
            LOG.info("The records of {} could not be looked at, their app was not checked: {}", topic, e.getMessage());
        }
    }
}
