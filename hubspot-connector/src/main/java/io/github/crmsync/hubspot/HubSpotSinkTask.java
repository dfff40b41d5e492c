package io.github.crmsync.hubspot;

import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.sink.SyncSinkTask;
import io.github.crmsync.core.sink.TargetClient;
import java.util.Map;

/** Writes contacts to HubSpot. */
public class HubSpotSinkTask extends SyncSinkTask {
    private final HttpRuntime runtime;

    public HubSpotSinkTask() {
        this(HttpRuntime.SYSTEM);
    }

    HubSpotSinkTask(HttpRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    protected TargetClient openTarget(Map<String, String> props) {
        return HubSpotTarget.open(new HubSpotSinkConfig(props), runtime);
    }
}
