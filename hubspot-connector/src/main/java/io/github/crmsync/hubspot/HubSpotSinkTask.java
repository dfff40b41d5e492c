package io.github.crmsync.hubspot;

import io.github.crmsync.core.sink.SyncSinkTask;
import io.github.crmsync.core.sink.TargetClient;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;

/** Writes contacts to HubSpot by the rules of the sync. */
public final class HubSpotSinkTask extends SyncSinkTask {
    @Override
    protected TargetClient openTarget(Map<String, String> props) {
        AbstractConfig config = new AbstractConfig(HubSpotSinkConnector.definition(), props, false);
        return new HubSpotTarget(new HubSpotConfig(config), config.getString(HubSpotConfig.LINK_PROPERTY));
    }
}
