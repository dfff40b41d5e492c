package io.github.crmsync.core.sink;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** What Connect has told a sink task while it was busy. Used by Connect's thread only. */
final class Arrivals {
    private final List<SinkRecord> records = new ArrayList<>();
    private final Set<TopicPartition> lost = new HashSet<>();
    private final Set<TopicPartition> gained = new HashSet<>();

    /** Partition of a record as it was in its topic, whatever transforms have made of it. */
    static TopicPartition partition(SinkRecord record) {
        return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    }

    void add(Collection<SinkRecord> delivered) {
        records.addAll(delivered);
    }

    /** Number of records. */
    int size() {
        return records.size();
    }

    void gain(Collection<TopicPartition> partitions) {
        gained.addAll(partitions);
    }

    void lose(Collection<TopicPartition> partitions) {
        lost.addAll(partitions);
        gained.removeAll(partitions);
        drop(partitions);
    }

    /** Forgets the records of partitions: they are delivered again. */
    void drop(Collection<TopicPartition> partitions) {
        records.removeIf(record -> partitions.contains(partition(record)));
    }

    /** Partitions that the task has lost since it last looked, perhaps to hold them again now. */
    Set<TopicPartition> lost() {
        return lost;
    }

    Set<TopicPartition> takeLost() {
        Set<TopicPartition> taken = Set.copyOf(lost);
        lost.clear();
        return taken;
    }

    Set<TopicPartition> takeGained() {
        Set<TopicPartition> taken = Set.copyOf(gained);
        gained.clear();
        return taken;
    }

    List<SinkRecord> takeRecords() {
        List<SinkRecord> taken = List.copyOf(records);
        records.clear();
        return taken;
    }
}
