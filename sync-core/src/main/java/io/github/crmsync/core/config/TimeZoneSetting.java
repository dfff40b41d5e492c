package io.github.crmsync.core.config;

import java.time.DateTimeException;
import java.time.ZoneId;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The time zone in which a time has its day, and a day its beginning. */
public final class TimeZoneSetting {
    public static final String NAME = "time.zone";

    private TimeZoneSetting() {}

    /** Adds the setting to a connector's own. */
    public static ConfigDef define(ConfigDef def, String doc, String group, int order) {
        return def.define(
                NAME,
                ConfigDef.Type.STRING,
                "UTC",
                ConfigDef.LambdaValidator.with(TimeZoneSetting::check, () -> "a time zone such as Europe/Berlin"),
                ConfigDef.Importance.MEDIUM,
                doc,
                group,
                order,
                ConfigDef.Width.SHORT,
                "Time zone");
    }

    public static ZoneId of(AbstractConfig config) {
        return ZoneId.of(config.getString(NAME));
    }

    private static void check(String name, Object value) {
        try {
            ZoneId.of(String.valueOf(value));
        } catch (DateTimeException e) {
            throw new ConfigException(name, value, "Not a time zone; give one such as Europe/Berlin");
        }
    }
}
