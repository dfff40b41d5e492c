package io.github.crmsync.hubspot;

import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RetryLaterException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;

/** Asks the portal, while a configuration is validated, whether it would work. */
final class LiveCheck {
    private LiveCheck() {}

    /** Adds what the portal says to the settings concerned; does nothing if the settings themselves are wrong. */
    static Config check(Config config, Map<String, String> props, ConfigDef definition) {
        boolean wrong = config.configValues().stream()
                .anyMatch(value -> !value.errorMessages().isEmpty());
        if (wrong) {
            return config;
        }
        Map<String, String> quick = new HashMap<>(props);
        quick.put(HttpSettings.CONNECT_TIMEOUT_MS, "5000");
        quick.put(HttpSettings.REQUEST_TIMEOUT_MS, "10000");
        quick.put(HttpSettings.RETRY_MAX_WAIT_MS, "1");
        AbstractConfig parsed = new AbstractConfig(definition, quick, false);
        HubSpotConfig settings = new HubSpotConfig(parsed);
        if (settings.credentialsProblem() != null) {
            add(config, HubSpotConfig.ACCESS_TOKEN, settings.credentialsProblem());
            return config;
        }
        try (HubSpotApi api = new HubSpotApi(settings, settings.http())) {
            api.accountInfo();
            Map<String, PropertyInfo> known = api.properties();
            if (definition.names().contains(HubSpotSourceConfig.PROPERTIES)) {
                List<String> unknown = parsed.getList(HubSpotSourceConfig.PROPERTIES).stream()
                        .filter(name -> !known.containsKey(name))
                        .toList();
                if (!unknown.isEmpty()) {
                    add(
                            config,
                            HubSpotSourceConfig.PROPERTIES,
                            "HubSpot has no contact property " + String.join(", ", unknown));
                }
            }
        } catch (RetryLaterException e) {
            add(config, HubSpotConfig.URL, "HubSpot cannot be reached: " + e.getMessage());
        } catch (HubSpotErrors.Unauthorized | HubSpotErrors.Forbidden e) {
            add(config, HubSpotConfig.ACCESS_TOKEN, e.getMessage());
        } catch (ConnectException e) {
            add(config, HubSpotConfig.URL, e.getMessage());
        }
        return config;
    }

    private static void add(Config config, String setting, String message) {
        for (ConfigValue value : config.configValues()) {
            if (value.name().equals(setting)) {
                value.addErrorMessage(message);
            }
        }
    }
}
