package io.github.crmsync.simulation;

import io.github.crmsync.core.ledger.TopicInfo;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** A point at which others may run, or at which the task may crash. */
public interface Pause {
    void here(String what);

    /** Whatever another task was doing for this partition, it will not see the end of it. */
    default void taken(TopicPartition partition) {}

    /** What Kafka tells of a topic. */
    default Optional<TopicInfo> topic(String name) {
        return Optional.of(new TopicInfo(name, TopicInfo.UNKNOWN));
    }

    /** Something that a run must have come across. */
    default void situation(String name) {}
}
