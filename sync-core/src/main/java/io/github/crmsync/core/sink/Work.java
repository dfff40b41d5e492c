package io.github.crmsync.core.sink;

import io.github.crmsync.core.record.Image;
import org.apache.kafka.common.TopicPartition;

/** An image and where it came from, before any transform renamed the topic; its place is its identity. */
public record Work(Image image, TopicPartition partition, long offset) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Work work && work.offset == offset && work.partition.equals(partition);
    }

    @Override
    public int hashCode() {
        return partition.hashCode() * 31 + Long.hashCode(offset);
    }
}
