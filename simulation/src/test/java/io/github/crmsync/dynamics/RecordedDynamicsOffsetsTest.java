package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.simulation.stack.OffsetStore;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Offsets as version 0.1 stored them, in JVMs that went through the partition's entries in one order and the other. */
class RecordedDynamicsOffsetsTest {
    private static final Map<String, String> SETTINGS = Map.of(
            DynamicsConfig.URL, "contoso.crm4",
            DynamicsConfig.TENANT_ID, "t",
            DynamicsConfig.CLIENT_ID, "c",
            DynamicsConfig.CLIENT_SECRET, "s",
            DynamicsSourceConfig.TOPIC, "people");

    private final OffsetStore store = OffsetStore.recorded("dynamics-source", "/offsets/version-0.1.tsv");
    private final DynamicsSourceConfig config = new DynamicsSourceConfig(SETTINGS);

    @Test
    void theFurthestCountsAndDeletionsAreLookedFor() {
        SourceOffset found = SourceOffset.furthest(config.sourcePartition().stored(store.reader(1)).stream()
                .map(SourceOffset::of)
                .toList());
        assertThat(found.phase()).isEqualTo(SourceOffset.Phase.LIVE);
        assertThat(found.link()).contains("deltatoken=919042");
        assertThat(found.gap()).isTrue();
    }

    @Test
    void aResetLeavesNothingOfEitherOrder() {
        store.reset(new DynamicsSourceConnector(), SETTINGS, 1);
        assertThat(store.isEmpty()).isTrue();
    }
}
