package io.github.crmsync.hubspot;

import io.github.crmsync.core.config.Findings;
import io.github.crmsync.core.config.SinkChecks;
import io.github.crmsync.core.config.TransformChain;
import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Sink that brings HubSpot contacts into agreement with another app's records. */
public class HubSpotSinkConnector extends SinkConnector {
    private Map<String, String> props;

    @Override
    public String version() {
        return HubSpotSourceConnector.pluginVersion();
    }

    @Override
    public ConfigDef config() {
        return HubSpotSinkConfig.definition();
    }

    @Override
    public Config validate(Map<String, String> connectorConfigs) {
        Findings findings = new Findings(super.validate(connectorConfigs));
        SinkChecks sink = new SinkChecks(findings, connectorConfigs, "hubspot");
        sink.run(config().names());
        recordsWithoutEmail(connectorConfigs, findings);
        if (findings.none()) {
            HubSpotSinkConfig config = new HubSpotSinkConfig(connectorConfigs);
            LiveCheck check = new LiveCheck(findings, config.connection());
            check.run(
                    known -> {
                        check.linkProperty(config.linkProperty(), known);
                        check.written(sink, known);
                    },
                    List.of(),
                    checks -> new SyncSinkConfig(connectorConfigs).check(findings, checks, "hubspot"));
        }
        return findings.config();
    }

    /** Only the link property tells a contact without an address again: a repeated creation would make a second one. */
    private static void recordsWithoutEmail(Map<String, String> connector, Findings findings) {
        boolean created = TransformChain.of(connector).ofType(TransformChain.EMAIL_DEDUP).stream()
                .anyMatch(step -> step.text("on.invalid", "exclude").equals("pass"));
        boolean unlinked =
                connector.getOrDefault(HubSpotConfig.LINK_PROPERTY, "any").isBlank();
        if (created && unlinked) {
            findings.error(
                    HubSpotConfig.LINK_PROPERTY,
                    "Records without an e-mail address (on.invalid=pass) need a link property: name one, or set"
                            + " on.invalid to exclude");
        }
    }

    @Override
    public void start(Map<String, String> connectorConfigs) {
        props = new HashMap<>(connectorConfigs);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return HubSpotSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return SyncSinkConfig.forTasks(props, maxTasks);
    }

    @Override
    public void stop() {
        // Nothing is open outside the tasks.
    }
}
