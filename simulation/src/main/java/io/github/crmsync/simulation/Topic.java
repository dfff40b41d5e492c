package io.github.crmsync.simulation;

import io.github.crmsync.core.ledger.TopicInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** A topic of images, partitioned by record id. */
public final class Topic {
    final String name;
    private int incarnation;
    private final List<List<SinkRecord>> partitions = new ArrayList<>();

    public Topic(String name, int count) {
        this.name = name;
        for (int i = 0; i < count; i++) {
            partitions.add(new ArrayList<>());
        }
    }

    /** What Kafka tells of it. */
    public TopicInfo info() {
        return new TopicInfo(name + "#" + incarnation, partitions.size());
    }

    /** It is deleted and made again: empty, with another id. */
    public void makeAgain(int count) {
        incarnation++;
        partitions.clear();
        for (int i = 0; i < count; i++) {
            partitions.add(new ArrayList<>());
        }
    }

    /** From now on some records go to another partition; what they sent before stays where it is. */
    public void addPartition() {
        partitions.add(new ArrayList<>());
    }

    public String name() {
        return name;
    }

    public int partitions() {
        return partitions.size();
    }

    public int partitionOf(String id) {
        return Math.floorMod(id.hashCode(), partitions.size());
    }

    public List<SinkRecord> of(TopicPartition partition) {
        return partition.partition() < partitions.size() ? partitions.get(partition.partition()) : List.of();
    }

    public long end(int partition) {
        return partition < partitions.size() ? partitions.get(partition).size() : 0;
    }

    /** Only the last record of each key survives. */
    void compact() {
        for (List<SinkRecord> log : partitions) {
            Set<Object> seen = new HashSet<>();
            for (int i = log.size() - 1; i >= 0; i--) {
                if (log.get(i) != null && !seen.add(log.get(i).key())) {
                    log.set(i, null);
                }
            }
        }
    }

    /** Offsets of the newest record of every key. */
    public long[] newest(TopicPartition partition) {
        Map<Object, Long> newest = new HashMap<>();
        List<SinkRecord> log = of(partition);
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i) != null) {
                newest.put(log.get(i).key(), (long) i);
            }
        }
        return newest.values().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    public void add(int partition, SinkRecord record) {
        partitions.get(partition).add(record);
    }
}
