package io.github.crmsync.hubspot;

import io.github.crmsync.core.config.Findings;
import io.github.crmsync.core.config.SourceChecks;
import io.github.crmsync.core.http.RetryLaterException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/** Source of HubSpot contacts: a snapshot, then every change and deletion. One task, because it has one cursor. */
public class HubSpotSourceConnector extends SourceConnector {
    /** A clock that is wrong by a day does no harm. */
    private static final long FUTURE_MS = 86_400_000;

    private final Function<Map<String, String>, String> portals;
    private Map<String, String> props;

    public HubSpotSourceConnector() {
        this(HubSpotSourceConnector::portalOf);
    }

    /** @param portals id of the portal that a configuration's credentials belong to; empty where they cannot tell */
    HubSpotSourceConnector(Function<Map<String, String>, String> portals) {
        this.portals = portals;
    }

    @Override
    public String version() {
        return pluginVersion();
    }

    static String pluginVersion() {
        String version = HubSpotSourceConnector.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    @Override
    public ConfigDef config() {
        return HubSpotSourceConfig.definition();
    }

    @Override
    public Config validate(Map<String, String> connectorConfigs) {
        Findings findings = new Findings(super.validate(connectorConfigs));
        SourceChecks source = new SourceChecks(findings, connectorConfigs);
        source.run(config().names(), "crm.hubspot.contacts");
        if (findings.none()) {
            HubSpotSourceConfig config = new HubSpotSourceConfig(connectorConfigs);
            LiveCheck check = new LiveCheck(findings, config.connection());
            check.run(
                    known -> {
                        check.properties(config.selection(), known, source);
                        check.linkProperty(config.linkProperty(), known);
                    },
                    config.listIds(),
                    checks -> source.brokers(config.ledgerClient(), checks));
        }
        return findings.config();
    }

    @Override
    public void start(Map<String, String> connectorConfigs) {
        props = new HashMap<>(connectorConfigs);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return HubSpotSourceTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(props);
    }

    @Override
    public void stop() {
        // Nothing is open outside the task.
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
        SourceOffset.PARTITION.alter(offsets, offset -> check(offset, connectorConfig));
        return true;
    }

    private void check(Map<String, ?> offset, Map<String, String> connectorConfig) {
        SourceOffset altered = SourceOffset.of(offset);
        Set<String> unknown = SourceOffset.unknown(offset);
        if (!unknown.isEmpty()) {
            throw new ConnectException("An offset has nothing called " + String.join(", ", unknown));
        }
        if (altered.get(SourceOffset.Mark.CURSOR) > System.currentTimeMillis() + FUTURE_MS) {
            throw new ConnectException("The offset's \"cursor\" lies in the future: "
                    + Instant.ofEpochMilli(altered.get(SourceOffset.Mark.CURSOR))
                    + ". It is a time in ms since the epoch");
        }
        if (!altered.portal().isEmpty()) {
            altered.forPortal(portal(connectorConfig));
        }
    }

    private String portal(Map<String, String> connectorConfig) {
        try {
            return portals.apply(connectorConfig);
        } catch (RetryLaterException e) {
            throw new ConnectException(
                    "HubSpot cannot tell now which portal the credentials belong to, so the offset is not taken; try"
                            + " again: "
                            + e.getMessage(),
                    e);
        }
    }

    private static String portalOf(Map<String, String> connectorConfig) {
        HubSpotConfig connection = new HubSpotConfig(new HubSpotSourceConfig(connectorConfig));
        try (HubSpotApi api = new HubSpotApi(connection, connection.http().forValidation())) {
            return api.accountInfo().portalId();
        }
    }
}
