package io.github.crmsync.simulation.stack;

import io.github.crmsync.simulation.Topic;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;

/** What a record goes through between two tasks: a worker's converters, and the log. */
public final class Wire {
    private final JsonConverter values = new JsonConverter();
    private final HeaderConverter headers = new SimpleHeaderConverter();

    public Wire(boolean schemas) {
        values.configure(Map.of("schemas.enable", Boolean.toString(schemas)), false);
        headers.configure(Map.of());
    }

    /** Writes a record to the end of a partition: its own, or that of its key. */
    public SinkRecord send(SourceRecord record, Topic topic) {
        int partition = record.kafkaPartition() != null
                ? record.kafkaPartition()
                : topic.partitionOf(record.key().toString());
        byte[] bytes = record.value() == null
                ? null
                : values.fromConnectData(record.topic(), record.valueSchema(), record.value());
        SchemaAndValue value = values.toConnectData(record.topic(), bytes);
        ConnectHeaders read = new ConnectHeaders();
        for (Header header : record.headers()) {
            byte[] text = headers.fromConnectHeader(record.topic(), header.key(), header.schema(), header.value());
            read.add(header.key(), headers.toConnectHeader(record.topic(), header.key(), text));
        }
        SinkRecord sent = new SinkRecord(
                topic.name(),
                partition,
                Schema.STRING_SCHEMA,
                record.key(),
                bytes == null ? null : value.schema(),
                bytes == null ? null : value.value(),
                topic.end(partition),
                null,
                null,
                read);
        topic.add(partition, sent);
        return sent;
    }
}
