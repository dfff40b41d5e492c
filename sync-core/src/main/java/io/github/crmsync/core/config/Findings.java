package io.github.crmsync.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;

/**
 * What is wrong with a configuration, each on the setting that is to blame: also on one that Connect or a transform defines, or
 * that nobody does. Safe for several threads.
 */
public final class Findings {
    private final List<ConfigValue> values;
    private boolean complete;

    /** @param config what Kafka found by the connector's own definition */
    public Findings(Config config) {
        values = new ArrayList<>(config.configValues());
    }

    /**
     * Adds what is wrong. A worker that refuses a configuration lists the messages without their settings, so each names its own.
     *
     * @param message without secrets
     */
    public synchronized void error(String setting, String message) {
        if (complete) {
            return;
        }
        // A name without a dot may be any word of the message.
        boolean names = setting.contains(".") && message.contains(setting);
        String named = names ? message : setting + ": " + message;
        ConfigValue value = value(setting).orElseGet(() -> {
            ConfigValue added = new ConfigValue(setting);
            values.add(added);
            return added;
        });
        if (!value.errorMessages().contains(named)) {
            value.addErrorMessage(named);
        }
    }

    /** Adds what is wrong unless something is wrong with the setting already: one cause shows in many ways. */
    public synchronized void firstError(String setting, String message) {
        if (none(setting)) {
            error(setting, message);
        }
    }

    /** Whether nothing is wrong so far. */
    public synchronized boolean none() {
        return values.stream().allMatch(value -> value.errorMessages().isEmpty());
    }

    /** Whether nothing is wrong with a setting so far. */
    public synchronized boolean none(String setting) {
        return value(setting).map(value -> value.errorMessages().isEmpty()).orElse(true);
    }

    private Optional<ConfigValue> value(String setting) {
        return values.stream().filter(value -> value.name().equals(setting)).findFirst();
    }

    /** Everything found, for the answer of a connector's validation; what a check that is still under way finds later is lost. */
    public synchronized Config config() {
        complete = true;
        return new Config(new ArrayList<>(values));
    }
}
