package io.github.crmsync.hubspot;

import io.github.crmsync.core.config.Findings;
import io.github.crmsync.core.config.LiveChecks;
import io.github.crmsync.core.config.Names;
import io.github.crmsync.core.config.SinkChecks;
import io.github.crmsync.core.config.SourceChecks;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RetryLaterException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;

/** Checks a configuration against the portal while it is validated, and puts what is wrong on the very setting. */
final class LiveCheck {
    private final Findings findings;
    private final HubSpotConfig connection;

    LiveCheck(Findings findings, HubSpotConfig connection) {
        this.findings = findings;
        this.connection = connection;
    }

    /**
     * Asks the portal, if the credentials are complete.
     *
     * @param further checks of the portal's contact properties, which come by name
     * @param lists ids of lists that have to exist
     * @param others checks that ask others than the portal
     */
    void run(Consumer<Map<String, PropertyInfo>> further, List<String> lists, Consumer<LiveChecks> others) {
        String problem = connection.credentialsProblem();
        if (problem != null) {
            findings.error(HubSpotConfig.ACCESS_TOKEN, problem);
            return;
        }
        try (HubSpotApi api = HubSpotApi.forValidation(connection)) {
            LiveChecks checks = new LiveChecks(findings);
            checks.start(HubSpotConfig.URL, "The portal", () -> blame(api::accountInfo));
            checks.start(HubSpotConfig.URL, "Names of properties", () -> blame(() -> further.accept(api.properties())));
            lists.forEach(id ->
                    checks.start(HubSpotSourceConfig.LIST_IDS, "List " + id, () -> blame(() -> list(api, id))));
            others.accept(checks);
            checks.await();
        } catch (ConfigException e) {
            findings.error(HttpSettings.TRUSTSTORE_LOCATION, e.getMessage());
        }
    }

    /** Several calls meet the same failure: it is reported once. */
    private void blame(Runnable call) {
        String credential = connection.usesOauth() ? HubSpotConfig.OAUTH_REFRESH_TOKEN : HubSpotConfig.ACCESS_TOKEN;
        try {
            call.run();
        } catch (RetryLaterException e) {
            findings.firstError(
                    HubSpotConfig.URL,
                    "HubSpot cannot be reached, and what depends on its portal was not checked: " + e.getMessage());
        } catch (HubSpotErrors.Unauthorized | HubSpotErrors.Forbidden e) {
            findings.firstError(credential, e.getMessage());
        } catch (ConfigException e) {
            findings.firstError(HttpSettings.TRUSTSTORE_LOCATION, e.getMessage());
        } catch (ConnectException e) {
            findings.firstError(e.getMessage().contains("OAuth") ? credential : HubSpotConfig.URL, e.getMessage());
        }
    }

    private void list(HubSpotApi api, String id) {
        try {
            String problem = api.list(id).problem(id);
            if (problem != null) {
                findings.error(HubSpotSourceConfig.LIST_IDS, problem);
            }
        } catch (HubSpotErrors.Forbidden e) {
            findings.firstError(HubSpotSourceConfig.LIST_IDS, e.getMessage());
        }
    }

    /** Each must exist; a wrong name would come back without a value and without an error. */
    void properties(PropertySelection selection, Map<String, PropertyInfo> known, SourceChecks source) {
        try {
            selection.missing(known).forEach(problem -> findings.error(HubSpotSourceConfig.PROPERTIES, problem));
            source.fields(selection.resolve(known), "hubspot");
        } catch (ConfigException e) {
            findings.error(HubSpotSourceConfig.PROPERTIES, e.getMessage());
        }
    }

    /** The link property may be missing, the sink creates it; if it exists its values must be unique. */
    void linkProperty(String name, Map<String, PropertyInfo> known) {
        PropertyInfo property = known.get(name);
        if (property != null && !property.unique()) {
            findings.error(
                    HubSpotConfig.LINK_PROPERTY,
                    "The property " + name + " does not have unique values, and HubSpot cannot change that later: name"
                            + " another one, which the sink then creates, or leave the setting empty");
        }
    }

    /** What the sink writes has to exist in the portal. */
    void written(SinkChecks sink, Map<String, PropertyInfo> known) {
        for (SinkChecks.Written written : sink.written()) {
            if (!known.containsKey(written.field())) {
                findings.error(
                        written.setting(),
                        "HubSpot has no contact property '" + written.field() + "'"
                                + Names.hint(written.field(), known.keySet()));
            }
        }
        for (SinkChecks.Stage stage : sink.stageValues()) {
            PropertyInfo property = known.get(stage.field());
            if (property == null) {
                findings.error(
                        stage.fieldSetting(),
                        "HubSpot has no contact property '" + stage.field() + "'"
                                + Names.hint(stage.field(), known.keySet()));
            } else if (!stage.stage().isEmpty()
                    && !property.values().isEmpty()
                    && !property.values().contains(stage.stage())) {
                findings.error(
                        stage.setting(),
                        "The portal has no stage '" + stage.stage() + "': it has "
                                + String.join(", ", property.values())
                                + Names.hint(stage.stage(), property.values()));
            }
        }
    }
}
