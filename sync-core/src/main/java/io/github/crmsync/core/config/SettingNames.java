package io.github.crmsync.core.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Finds settings that nobody reads and that look like one that somebody would. Connect ignores names that it does not know, so a
 * slip would silently leave the default. Names that look like none of ours may be somebody else's and are left alone.
 */
public final class SettingNames {
    /** Settings of a connector itself that Connect reads (Kafka documentation, "Connector Configs", up to 4.3). */
    private static final Set<String> CONNECT = Set.of(
            "name",
            "connector.class",
            "connector.plugin.version",
            "tasks.max",
            "tasks.max.enforce",
            "key.converter",
            "key.converter.plugin.version",
            "value.converter",
            "value.converter.plugin.version",
            "header.converter",
            "header.converter.plugin.version",
            "config.action.reload",
            "transforms",
            "predicates",
            "errors.retry.timeout",
            "errors.retry.delay.max.ms",
            "errors.tolerance",
            "errors.log.enable",
            "errors.log.include.messages");

    private static final Set<String> CONNECT_SINK = Set.of(
            "topics",
            "topics.regex",
            "errors.deadletterqueue.topic.name",
            "errors.deadletterqueue.topic.replication.factor",
            "errors.deadletterqueue.context.headers.enable");

    private static final Set<String> CONNECT_SOURCE = Set.of(
            "topic.creation.groups",
            "exactly.once.support",
            "transaction.boundary",
            "transaction.boundary.interval.ms",
            "offsets.storage.topic");

    /** What begins so belongs to converters, transforms, Kafka's clients, or the topics that Connect creates. */
    private static final List<String> PREFIXES = List.of(
            "key.converter.",
            "value.converter.",
            "header.converter.",
            "transforms.",
            "predicates.",
            "consumer.override.",
            "producer.override.",
            "admin.override.",
            "topic.creation.",
            "config.providers",
            "crmsync.task.");

    private static final String LEDGER = "ledger.";
    private static final String LEDGER_CLIENT = "ledger.client.";

    private final Set<String> known = new TreeSet<>(CONNECT);
    private final Set<String> kafka = new HashSet<>();

    /**
     * @param own names of the connector's own settings
     * @param sink whether it is a sink
     */
    public SettingNames(Collection<String> own, boolean sink) {
        known.addAll(own);
        known.addAll(sink ? CONNECT_SINK : CONNECT_SOURCE);
        kafka.addAll(AdminClientConfig.configNames());
        kafka.addAll(ConsumerConfig.configNames());
        kafka.addAll(ProducerConfig.configNames());
    }

    /** Puts an error on each setting that nobody reads and that looks like another one. */
    public void check(Map<String, String> connector, Findings findings) {
        for (String name : connector.keySet()) {
            meant(name).ifPresent(other -> findings.error(name, unknown(name, other)));
        }
        for (TransformChain.Step step : TransformChain.of(connector).steps()) {
            if (step.ours()) {
                checkTransform(step, findings);
            }
        }
    }

    /** All settings of a transform are its own, so that each that it does not know is a mistake. */
    private static void checkTransform(TransformChain.Step step, Findings findings) {
        Set<String> own = TransformChain.SETTINGS.get(step.type());
        for (String name : step.settings().keySet()) {
            boolean option =
                    step.type().equals(TransformChain.FIELD_MAPPING) && name.startsWith(TransformChain.OPTIONS_PREFIX);
            if (!own.contains(name)
                    && !option
                    && !Set.of("type", "predicate", "negate", "plugin.version", "type.plugin.version")
                            .contains(name)) {
                findings.error(
                        step.fullName(name),
                        "There is no setting " + step.fullName(name)
                                + Names.nearest(name, own)
                                        .map(other -> ". Did you mean " + step.fullName(other) + "?")
                                        .orElse(": this transform has " + String.join(", ", new TreeSet<>(own))));
            }
        }
    }

    private static String unknown(String name, String other) {
        return "There is no setting " + name + ". Did you mean " + other + "?";
    }

    /** The setting that was probably meant by one that nobody reads; empty for all that are right or somebody else's. */
    private Optional<String> meant(String name) {
        if (known.contains(name)) {
            return Optional.empty();
        }
        if (name.startsWith(LEDGER_CLIENT)) {
            String client = name.substring(LEDGER_CLIENT.length());
            return kafka.contains(client)
                    ? Optional.empty()
                    : lookAlike(client, kafka).map(other -> LEDGER_CLIENT + other);
        }
        if (name.startsWith(LEDGER) && kafka.contains(name.substring(LEDGER.length()))) {
            return Optional.of(LEDGER_CLIENT + name.substring(LEDGER.length()));
        }
        return PREFIXES.stream().anyMatch(name::startsWith) ? Optional.empty() : lookAlike(name, known);
    }

    /** Near enough to be a slip: a few letters, the sign between words, the order of words, or a word too few or too many. */
    static Optional<String> lookAlike(String name, Collection<String> known) {
        String folded = Names.fold(name);
        int slips = Math.max(1, Math.min(3, folded.length() / 6));
        Optional<String> near =
                Names.nearest(name, known).filter(other -> Names.distance(folded, Names.fold(other)) <= slips);
        return near.isPresent()
                ? near
                : known.stream()
                        .filter(other -> sameWords(folded, Names.fold(other)))
                        .min((a, b) -> Names.distance(folded, a) - Names.distance(folded, b));
    }

    private static boolean sameWords(String a, String b) {
        List<String> left = Arrays.asList(a.split("\\."));
        List<String> right = Arrays.asList(b.split("\\."));
        return left.size() > 1
                && right.size() > 1
                && (right.containsAll(left) || left.size() == right.size() + 1 && left.containsAll(right));
    }
}
