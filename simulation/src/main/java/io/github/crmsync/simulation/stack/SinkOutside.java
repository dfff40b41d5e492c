package io.github.crmsync.simulation.stack;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.sink.Report;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What a sink task finds around it, besides the app that it writes to. */
public interface SinkOutside {
    Ledger ledger(String writer, String task);

    Report report();

    /** Number of records that the connector has committed. */
    long committed();

    /** What the connector has committed. */
    default Map<TopicPartition, Long> committedOffsets() {
        return Map.of();
    }

    /** Offsets of the newest image of every record of a partition. */
    default long[] newest(TopicPartition partition) {
        return new long[0];
    }

    /** Number of members of a consumer group. */
    default int members(String group) {
        return 1;
    }

    /** The time in ms since the epoch. */
    long millis();
}
