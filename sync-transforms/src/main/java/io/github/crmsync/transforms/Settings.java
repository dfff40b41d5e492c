package io.github.crmsync.transforms;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Validators that report what is wrong under the setting's own name. */
final class Settings {
    private Settings() {}

    static String choices(String... values) {
        return String.join(", ", values);
    }

    /** One of a few words. */
    static ConfigDef.Validator oneOf(String... values) {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    if (value != null && !Arrays.asList(values).contains(value.toString())) {
                        throw new ConfigException(name, value, "must be one of " + choices(values));
                    }
                },
                () -> "[" + choices(values) + "]");
    }

    /** A list each of whose items can be read; the reader says with an IllegalArgumentException what it cannot read. */
    static ConfigDef.Validator list(Function<List<String>, ?> reader, String description) {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    if (value instanceof List<?> items) {
                        read(name, items.stream().map(String::valueOf).toList(), reader);
                    }
                },
                () -> description);
    }

    /** A text that can be read. */
    static ConfigDef.Validator text(Function<String, ?> reader, String description) {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    if (value != null) {
                        read(name, value.toString(), reader);
                    }
                },
                () -> description);
    }

    /** A name without blanks, or nothing. */
    static ConfigDef.Validator nameOrEmpty() {
        return text(
                text -> {
                    if (text.strip().chars().anyMatch(Character::isWhitespace)) {
                        throw new IllegalArgumentException("a name has no blanks");
                    }
                    return text;
                },
                "a name, or empty");
    }

    static <T, V> V read(String name, T value, Function<T, V> reader) {
        try {
            return reader.apply(value);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name, value, e.getMessage());
        }
    }
}
