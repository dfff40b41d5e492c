package io.github.crmsync.dynamics;

import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** Settings of the sink. */
public final class DynamicsSinkConfig extends DynamicsConfig {
    public DynamicsSinkConfig(Map<String, String> props) {
        super(definition(), props);
    }

    public static ConfigDef definition() {
        return SyncSinkConfig.define(DynamicsConfig.define(new ConfigDef()));
    }
}
