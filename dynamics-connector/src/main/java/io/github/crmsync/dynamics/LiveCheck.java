package io.github.crmsync.dynamics;

import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;

/** The part of a configuration's validation that asks the service. */
final class LiveCheck {
    private LiveCheck() {}

    /**
     * Runs the check unless the configuration has errors already, and puts what it throws on the setting to blame; on the
     * environment's URL if none is.
     */
    static <C extends DynamicsConfig> void run(Config config, Supplier<C> parsed, BiConsumer<DataverseApi, C> check) {
        if (config.configValues().stream()
                .anyMatch(value -> !value.errorMessages().isEmpty())) {
            return;
        }
        C settings = parsed.get();
        if (settings.credentialProblem() != null) {
            report(config, DynamicsConfig.CLIENT_SECRET, settings.credentialProblem());
            return;
        }
        try (DataverseApi api = new DataverseApi(settings, settings.http().forValidation())) {
            check.accept(api, settings);
        } catch (SettingException e) {
            report(config, e.setting(), e.getMessage());
        } catch (ConfigException e) {
            report(
                    config,
                    e.getMessage().contains(DynamicsConfig.ADDITIONAL_CLIENTS)
                            ? DynamicsConfig.ADDITIONAL_CLIENTS
                            : settings.credentialSetting(),
                    e.getMessage());
        } catch (KafkaException e) {
            report(config, DynamicsConfig.URL, "The environment cannot be used: " + e.getMessage());
        }
    }

    private static void report(Config config, String setting, String message) {
        for (ConfigValue value : config.configValues()) {
            if (value.name().equals(setting)) {
                value.addErrorMessage(message);
            }
        }
    }
}
