package io.github.crmsync.dynamics;

import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RetryLaterException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;

/** Asks the environment, while a configuration is validated, whether it would work. */
final class LiveCheck {
    private LiveCheck() {}

    /** Adds what the environment says to the settings concerned; does nothing if the settings themselves are wrong. */
    static Config check(Config config, Map<String, String> props, boolean source) {
        boolean wrong = config.configValues().stream()
                .anyMatch(value -> !value.errorMessages().isEmpty());
        if (wrong) {
            return config;
        }
        Map<String, String> quick = new HashMap<>(props);
        quick.put(HttpSettings.CONNECT_TIMEOUT_MS, "5000");
        quick.put(HttpSettings.REQUEST_TIMEOUT_MS, "10000");
        quick.put(HttpSettings.RETRY_MAX_WAIT_MS, "1");
        DynamicsConfig settings = source ? new DynamicsSourceConfig(quick) : new DynamicsSinkConfig(quick);
        try (DataverseApi api = new DataverseApi(settings)) {
            api.organizationId();
            if (source) {
                checkTable(config, api, settings);
            }
        } catch (RetryLaterException e) {
            add(config, DynamicsConfig.URL, "Dynamics cannot be reached: " + e.getMessage());
        } catch (ConnectException e) {
            boolean credentials =
                    e.getMessage().contains("credentials") || e.getMessage().contains("access");
            add(config, credentials ? DynamicsConfig.CLIENT_SECRET : DynamicsConfig.URL, e.getMessage());
        }
        return config;
    }

    private static void checkTable(Config config, DataverseApi api, DynamicsConfig settings) {
        String table = settings.table().logicalName();
        Map<String, DataverseApi.Column> columns = api.columns(table);
        List<String> unknown = settings.getList(DynamicsSourceConfig.COLUMNS).stream()
                .filter(name -> !columns.containsKey(name))
                .toList();
        if (!unknown.isEmpty()) {
            add(
                    config,
                    DynamicsSourceConfig.COLUMNS,
                    "The table " + table + " has no column " + String.join(", ", unknown));
        }
        if (!api.tracksChanges(table)) {
            add(config, DynamicsConfig.TABLE, "The table " + table + " has no change tracking; switch it on");
        }
    }

    private static void add(Config config, String setting, String message) {
        for (ConfigValue value : config.configValues()) {
            if (value.name().equals(setting)) {
                value.addErrorMessage(message);
            }
        }
    }
}
