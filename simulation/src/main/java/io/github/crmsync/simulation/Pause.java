package io.github.crmsync.simulation;

import org.apache.kafka.common.TopicPartition;

/** A point at which others may run, or at which the task may crash. */
public interface Pause {
    void here(String what);

    /** Whatever another task was doing for this partition, it will not see the end of it. */
    default void taken(TopicPartition partition) {}

    /** Something that a run must have come across. */
    default void situation(String name) {}
}
