package io.github.crmsync.simulation;

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
    private final List<List<SinkRecord>> partitions = new ArrayList<>();

    public Topic(String name, int count) {
        this.name = name;
        for (int i = 0; i < count; i++) {
            partitions.add(new ArrayList<>());
        }
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
        return partitions.get(partition.partition());
    }

    public long end(int partition) {
        return partitions.get(partition).size();
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
