package io.github.crmsync.dynamics;

import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.sink.SyncSinkTask;
import io.github.crmsync.core.sink.TargetClient;
import java.util.Map;

/** Writes records to Dynamics 365. */
public class DynamicsSinkTask extends SyncSinkTask {
    private final HttpRuntime runtime;

    public DynamicsSinkTask() {
        this(HttpRuntime.SYSTEM);
    }

    DynamicsSinkTask(HttpRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    protected TargetClient openTarget(Map<String, String> props) {
        DynamicsSinkConfig config = new DynamicsSinkConfig(props);
        return new DynamicsTarget(new DataverseApi(config, config.http(), runtime), config);
    }
}
