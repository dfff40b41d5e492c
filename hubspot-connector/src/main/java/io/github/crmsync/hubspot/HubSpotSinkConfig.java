package io.github.crmsync.hubspot;

import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** Settings of the sink. */
public final class HubSpotSinkConfig extends AbstractConfig {
    public HubSpotSinkConfig(Map<String, String> props) {
        super(definition(), props, false);
    }

    /** All settings of the sink, those of the connection and of every sync sink included. */
    public static ConfigDef definition() {
        return HubSpotConfig.define(HubSpotConfig.defineLink(SyncSinkConfig.define(new ConfigDef())));
    }

    HubSpotConfig connection() {
        return new HubSpotConfig(this);
    }

    String linkProperty() {
        return getString(HubSpotConfig.LINK_PROPERTY).strip();
    }
}
