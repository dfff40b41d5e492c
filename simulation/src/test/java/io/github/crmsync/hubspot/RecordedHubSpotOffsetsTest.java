package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.hubspot.SourceOffset.Mark;
import io.github.crmsync.simulation.stack.OffsetStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Offsets as version 0.1 stored them, in JVMs that went through the partition's entries in one order and the other. */
class RecordedHubSpotOffsetsTest {
    private final OffsetStore store = OffsetStore.recorded("hubspot-source", "/offsets/version-0.1.tsv");

    private SourceOffset found() {
        return SourceOffset.furthest(SourceOffset.PARTITION.stored(store.reader(1)).stream()
                .map(SourceOffset::of)
                .toList());
    }

    @Test
    void theFurthestCounts() {
        assertThat(found().inSnapshot()).isFalse();
        assertThat(found().get(Mark.CURSOR)).isEqualTo(1_767_229_200_000L);
        assertThat(found().portal()).isEqualTo("12345678");
    }

    @Test
    void aResetLeavesNothingOfEitherOrder() {
        store.reset(new HubSpotSourceConnector(), Map.of(), 1);
        assertThat(store.isEmpty()).isTrue();
        assertThat(SourceOffset.PARTITION.stored(store.reader(2))).isEqualTo(List.of());
    }
}
