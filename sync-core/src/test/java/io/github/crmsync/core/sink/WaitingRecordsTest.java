package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.Origin;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class WaitingRecordsTest {
    private static final TopicPartition PARTITION = new TopicPartition("contacts", 0);

    private final WaitingRecords waiting = new WaitingRecords();

    private static Work work(String id, long offset) {
        Image image = new Image(
                "hubspot",
                id,
                offset,
                0,
                Origin.LIVE,
                false,
                null,
                Map.of(),
                List.of(),
                Map.of(),
                null,
                null,
                null,
                Map.of(),
                null,
                new MergePolicy("hubspot", true, Map.of(), Set.of()));
        return new Work(image, PARTITION, offset);
    }

    @Test
    void aPartitionThatGoesLeavesNothingBehind() {
        Work first = work("a", 0);
        Work second = work("a", 1);
        Work other = work("b", 2);
        List.of(first, second, other).forEach(waiting::add);
        waiting.park(second, 0, 10);
        waiting.parkConflict(other, 0, 1);

        waiting.forget(PARTITION);

        assertThat(waiting.unfinished()).isEmpty();
        assertThat(waiting.size()).isZero();
        assertThat(waiting.committable()).isEmpty();
    }

    @Test
    void whatIsFinishedOrGoneIsNotParkedAfterwards() {
        Work done = work("a", 0);
        Work gone = work("b", 1);
        List.of(done, gone).forEach(waiting::add);
        waiting.done(done);
        waiting.park(done, 0, 10);
        waiting.forget(PARTITION);
        waiting.park(gone, 0, 10);
        waiting.parkConflict(gone, 0, 1);

        assertThat(waiting.unfinished()).isEmpty();
        assertThat(waiting.isParked(done)).isFalse();
        assertThat(waiting.conflicts()).isZero();
    }
}
