package io.github.crmsync.core.config;

import io.github.crmsync.core.ledger.BrokerCheck;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What can be wrong between the settings of a source, without a network: as {@link SinkChecks} for sinks. */
public final class SourceChecks {
    private static final String TOPIC = "topic";
    private static final String LEDGER = "ledger.topic";
    private static final String HEARTBEATS = "heartbeat.topic";
    private static final String PARTITIONS = "topic.creation.default.partitions";

    private final Findings findings;
    private final Map<String, String> connector;

    public SourceChecks(Findings findings, Map<String, String> connector) {
        this.findings = findings;
        this.connector = connector;
    }

    /**
     * Makes all checks.
     *
     * @param own names of the source's own settings
     * @param topicByDefault the topic where the setting is not given; empty for none
     */
    public void run(Collection<String> own, String topicByDefault) {
        new SettingNames(own, false).check(connector, findings);
        Converters.check(connector, false, findings);
        String topic = text(TOPIC).isEmpty() ? topicByDefault : text(TOPIC);
        String ledger = text(LEDGER).isEmpty() ? "crm.sync.ledger" : text(LEDGER);
        if (topic.equals(ledger)) {
            findings.error(TOPIC, topic + " is the ledger: records need a topic of their own");
        }
        String heartbeats = text(HEARTBEATS);
        if (!heartbeats.isEmpty() && (heartbeats.equals(topic) || heartbeats.equals(ledger))) {
            findings.error(HEARTBEATS, "Heartbeats need a topic of their own, not " + heartbeats);
        }
        if (!text(PARTITIONS).isEmpty() && !text(PARTITIONS).matches("[1-9]\\d{0,4}|-1")) {
            findings.error(PARTITIONS, PARTITIONS + " must be a number of partitions, such as 4");
        }
    }

    private String text(String setting) {
        return connector.getOrDefault(setting, "").strip();
    }

    /**
     * Asks the ledger's brokers whether they answer, where the source reads the ledger.
     *
     * @param client Kafka client settings, with bootstrap.servers
     * @param checks takes the call
     */
    public void brokers(Map<String, Object> client, LiveChecks checks) {
        if (!text("ledger.bootstrap.servers").isEmpty()) {
            BrokerCheck brokers = new BrokerCheck(findings, client);
            brokers.settings();
            checks.start("ledger.bootstrap.servers", "The ledger", brokers::brokers);
        }
    }

    /**
     * Checks the fields that the source's own transforms look at.
     *
     * @param fields all that its records have
     * @param app the source's app
     */
    public void fields(Collection<String> fields, String app) {
        try {
            FieldNames.check(
                    TransformChain.of(connector),
                    Set.copyOf(new TreeSet<>(fields)),
                    app.equals("hubspot") ? "dynamics" : "hubspot",
                    findings);
        } catch (IllegalArgumentException e) {
            findings.error("transforms", e.getMessage());
        }
    }
}
