package io.github.crmsync.hubspot;

import io.github.crmsync.core.config.TimeZoneSetting;
import io.github.crmsync.core.config.TransformChain;
import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Settings of the sink. */
public final class HubSpotSinkConfig extends AbstractConfig {
    public static final String HISTORY_CHECK = "history.check";

    public HubSpotSinkConfig(Map<String, String> props) {
        super(definition(), props, false);
    }

    /** All settings of the sink, those of the connection and of every sync sink included. */
    public static ConfigDef definition() {
        ConfigDef def = SyncSinkConfig.define(new ConfigDef())
                .define(
                        HISTORY_CHECK,
                        Type.BOOLEAN,
                        true,
                        Importance.LOW,
                        "Whether a two-way sink looks into the histories of the properties that it has changed: HubSpot has no"
                                + " conditional writes, and what somebody enters in the moment before a write is found only"
                                + " there. One call for 50 changed contacts; a one-way sink makes none.",
                        "Sink",
                        1,
                        Width.SHORT,
                        "History check");
        TimeZoneSetting.define(def, "Time zone in which a time that goes into a date property has its day.", "Sink", 2);
        return HubSpotConfig.define(HubSpotConfig.defineLink(def));
    }

    HubSpotConfig connection() {
        return new HubSpotConfig(this);
    }

    boolean preview() {
        return getString(SyncSinkConfig.MODE).equals(SyncSinkConfig.PREVIEW);
    }

    String linkProperty() {
        return getString(HubSpotConfig.LINK_PROPERTY).strip();
    }

    /** Whether histories are to be read: where changes flow one way only, nothing that was overwritten matters. */
    boolean historyCheck() {
        return getBoolean(HISTORY_CHECK) && twoWay();
    }

    /** As the connector's own transforms have it: without a rule for conflicts a sink is one-way. */
    private boolean twoWay() {
        return TransformChain.of(originals()).ofType(TransformChain.CONFLICT_MERGE).stream()
                .anyMatch(merge -> merge.text("direction", "two-way").equals("two-way"));
    }
}
