package io.github.crmsync.core.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears the offsets that an earlier build stored, once the present form of the partition holds one: never before, or a crash
 * in between would leave none. Used by the task's thread.
 *
 * <p>Connect deletes an offset when a record is delivered with none. The record is a repetition of one that is delivered
 * anyway: a source may always deliver a record twice.
 */
public final class FormerOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(FormerOffsets.class);
    /** Time between two looks whether Connect has stored the present offset. */
    private static final long LOOK_MS = 5_000;

    private final SourcePartition partition;
    private final OffsetStorageReader reader;
    private List<Map<String, String>> stored;
    private long nextLook;

    /** @throws ConnectException if the worker cannot read its offsets */
    public FormerOffsets(SourcePartition partition, OffsetStorageReader reader) {
        this.partition = partition;
        this.reader = reader;
        stored = partition.storedFormer(reader);
    }

    /**
     * What is to be delivered instead of some records: those, and before them what clears the former offsets if that is due.
     *
     * @param now local time in ms
     */
    public List<SourceRecord> clear(List<SourceRecord> records, long now) {
        if (stored.isEmpty() || records.isEmpty() || now < nextLook) {
            return records;
        }
        nextLook = now + LOOK_MS;
        try {
            if (!partition.isStored(reader)) {
                return records;
            }
        } catch (ConnectException e) {
            LOG.warn("Offsets that an earlier version stored are cleared later: {}", e.getMessage());
            return records;
        }
        LOG.info("Clearing {} offsets that an earlier version stored", stored.size());
        List<SourceRecord> result = new ArrayList<>();
        stored.forEach(former -> result.add(without(former, records.get(0))));
        result.addAll(records);
        stored = List.of();
        return result;
    }

    private static SourceRecord without(Map<String, String> former, SourceRecord record) {
        return new SourceRecord(
                former,
                null,
                record.topic(),
                record.kafkaPartition(),
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                record.timestamp(),
                record.headers().duplicate());
    }
}
