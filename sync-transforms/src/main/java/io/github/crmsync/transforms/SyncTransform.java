package io.github.crmsync.transforms;

import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.SyncHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * What all transforms of the sync have in common: they write directives into headers, keep key, topic, partition and
 * timestamp, and let the marker at the end of a snapshot pass untouched.
 */
abstract class SyncTransform<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {
    static final String FILTERED = "filter";

    private static final String VERSION = readVersion();

    @Override
    public final R apply(R message) {
        boolean marker = SyncHeaders.get(message.headers(), SyncHeaders.ORIGIN)
                .filter(Origin.SNAPSHOT_END.text()::equals)
                .isPresent();
        return marker ? message : transform(message, message.headers().duplicate());
    }

    /**
     * Transforms one record or tombstone.
     *
     * @param headers a copy of the record's headers, for {@link #with}
     */
    abstract R transform(R message, Headers headers);

    static <R extends ConnectRecord<R>> R with(R message, Headers headers) {
        return message.newRecord(
                message.topic(),
                message.kafkaPartition(),
                message.keySchema(),
                message.key(),
                message.valueSchema(),
                message.value(),
                message.timestamp(),
                headers);
    }

    /** Excludes a record. The first reason stays, but for a filter's, which alone also stops linked records. */
    static void exclude(Headers headers, String reason) {
        if (reason.equals(FILTERED)
                || SyncHeaders.get(headers, SyncHeaders.EXCLUDED).isEmpty()) {
            SyncHeaders.set(headers, SyncHeaders.EXCLUDED, reason);
        }
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public void close() {}

    private static String readVersion() {
        try (InputStream in = SyncTransform.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
