package io.github.crmsync.core.config;

import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The names that Kafka's brokers take for topics. */
public final class TopicNames {
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]+");
    /** Kafka's {@code Topic.MAX_NAME_LENGTH}: a partition's folder adds its number to the name. */
    private static final int MOST_CHARACTERS = 249;

    private TopicNames() {}

    /** What is wrong with a name; null if nothing is. */
    public static String problem(String name) {
        if (name.isBlank()) {
            return "the name of a topic is missing";
        }
        if (name.equals(".") || name.equals("..") || !LEGAL.matcher(name).matches()) {
            return "'" + name + "' cannot be the name of a topic: Kafka takes letters, digits and . _ - only";
        }
        return name.length() > MOST_CHARACTERS
                ? "the name of a topic has at most " + MOST_CHARACTERS + " characters, not " + name.length()
                : null;
    }

    /** A topic's name. */
    public static ConfigDef.Validator required() {
        return validator(false);
    }

    /** A topic's name, or nothing. */
    public static ConfigDef.Validator optional() {
        return validator(true);
    }

    private static ConfigDef.Validator validator(boolean mayBeEmpty) {
        return ConfigDef.LambdaValidator.with(
                (setting, value) -> {
                    String name = value == null ? "" : value.toString();
                    String problem = mayBeEmpty && name.isEmpty() ? null : problem(name);
                    if (problem != null) {
                        throw new ConfigException(setting, value, problem);
                    }
                },
                () -> mayBeEmpty ? "name of a topic, or empty" : "name of a topic");
    }
}
