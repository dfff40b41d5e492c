package io.github.crmsync.core.ledger;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether topics keep the newest record of every key, for ever: with anything less a sync forgets records. */
final class CleanupPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(CleanupPolicy.class);
    private static final String AUTO_CREATE = "auto.create.topics.enable";

    private final Admin admin;
    private final Object servers;

    CleanupPolicy(Admin admin, Map<String, Object> client) {
        this.admin = admin;
        this.servers = client.get("bootstrap.servers");
    }

    /**
     * Checks topics that exist.
     *
     * @return those that do not
     * @throws ConnectException if one has another policy than {@code compact}
     * @throws RetriableException if the brokers do not answer now
     */
    Set<String> require(Collection<String> topics) {
        Map<String, KafkaFuture<Config>> answers = new LinkedHashMap<>();
        List<ConfigResource> asked = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        admin.describeConfigs(asked).values().forEach((topic, config) -> answers.put(topic.name(), config));
        Set<String> missing = new TreeSet<>();
        answers.forEach((topic, answer) -> {
            try {
                require(topic, answer.get().get(TopicConfig.CLEANUP_POLICY_CONFIG));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                    missing.add(topic);
                } else {
                    unknown("the cleanup.policy of " + topic, e.getCause());
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        });
        return missing;
    }

    private void require(String topic, ConfigEntry entry) {
        Set<String> policy = entry == null || entry.value() == null
                ? Set.of()
                : List.of(entry.value().split(",")).stream().map(String::strip).collect(Collectors.toSet());
        if (!policy.equals(Set.of(TopicConfig.CLEANUP_POLICY_COMPACT))) {
            throw new ConnectException("The topic " + topic + " has cleanup.policy="
                    + (entry == null ? "" : entry.value())
                    + (policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                            ? ", which also deletes records for their age: what nobody has changed for that long would be forgotten"
                            : ", which deletes records that nobody may have read yet")
                    + ". It must be compact: kafka-configs.sh --bootstrap-server " + servers
                    + " --alter --entity-type topics --entity-name " + topic
                    + " --add-config cleanup.policy=compact");
        }
    }

    /**
     * Topics that are missing must not be made by subscribing to them: they would get the brokers' default policy, and number of
     * partitions.
     *
     * @throws ConnectException if the brokers create topics that somebody subscribes to
     */
    void refuseAutoCreation(Set<String> missing) {
        try {
            Node broker = admin.describeCluster().nodes().get().iterator().next();
            ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
            ConfigEntry creates = admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get(AUTO_CREATE);
            if (creates != null && Boolean.parseBoolean(creates.value())) {
                throw new ConnectException("There is no topic " + String.join(", ", missing)
                        + " yet, and the brokers would create it with their default cleanup.policy as soon as this sink"
                        + " subscribes. Start its source first, or set consumer.override.allow.auto.create.topics=false in this"
                        + " connector's configuration");
            }
            LOG.info("The topics {} do not exist yet: this sink waits for their source to create them", missing);
        } catch (ExecutionException e) {
            unknown("whether subscribing to " + missing + " would create them", e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void unknown(String what, Throwable cause) {
        if (cause instanceof org.apache.kafka.common.errors.RetriableException) {
            throw new RetriableException("Kafka does not tell " + what + " now: " + cause.getMessage(), cause);
        }
        if (!(cause instanceof AuthorizationException)) {
            throw new ConnectException("Kafka does not tell " + what + ": " + cause.getMessage(), cause);
        }
        LOG.warn("Without the right to describe configurations nobody checks {}: {}", what, cause.getMessage());
    }

    private static ConnectException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ConnectException("Interrupted while looking at topics", e);
    }
}
