package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Place;
import io.github.crmsync.core.record.Image;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;

/**
 * An image and where it came from, before any transform renamed the topic; its place is its identity.
 *
 * @param log names the topic's incarnation and the partition, as in {@link Place}; null if unknown
 * @param time the record's timestamp; 0 if unknown
 */
public record Work(Image image, TopicPartition partition, long offset, String log, long time) {
    /** An image of a topic that was never made again. */
    public Work(Image image, TopicPartition partition, long offset) {
        this(image, partition, offset, partition.toString(), 0);
    }

    public Place place() {
        return new Place(log, offset, time);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Work work
                && work.offset == offset
                && work.partition.equals(partition)
                && Objects.equals(work.log, log);
    }

    @Override
    public int hashCode() {
        return partition.hashCode() * 31 + Long.hashCode(offset);
    }
}
