package io.github.crmsync.dynamics;

import io.github.crmsync.core.sink.SyncSinkTask;
import io.github.crmsync.core.sink.TargetClient;
import java.util.Map;

/** Writes contacts or leads to Dynamics 365 by the rules of the sync. */
public final class DynamicsSinkTask extends SyncSinkTask {
    @Override
    protected TargetClient openTarget(Map<String, String> props) {
        return new DynamicsTarget(new DynamicsSinkConfig(props));
    }
}
