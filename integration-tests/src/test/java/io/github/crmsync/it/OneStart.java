package io.github.crmsync.it;

import io.github.crmsync.dynamics.DynamicsSourceTask;
import io.github.crmsync.hubspot.HubSpotSourceTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.apache.kafka.connect.storage.OffsetStorageReaderImpl;
import org.apache.kafka.connect.storage.OffsetStorageWriter;

/**
 * A source task in a JVM of its own, with Connect's own reader and writer of offsets over a file. Prints the keys of the
 * records that it delivers.
 */
final class OneStart {
    private static final long LIMIT_MS = 120_000;

    private OneStart() {}

    /** Offsets in a file, a line of key and value each. */
    private static final class FileStore extends MemoryOffsetBackingStore {
        private final Path file;

        FileStore(Path file) throws IOException {
            this.file = file;
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    String[] pair = line.split("\t");
                    data.put(bytes(pair[0]), bytes(pair[1]));
                }
            }
        }

        private static ByteBuffer bytes(String text) {
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        protected void save() {
            StringBuilder lines = new StringBuilder();
            data.forEach((key, value) -> {
                if (value != null) {
                    lines.append(text(key)).append('\t').append(text(value)).append('\n');
                }
            });
            try {
                Files.writeString(file, lines);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String text(ByteBuffer bytes) {
            return new String(bytes.array(), StandardCharsets.UTF_8);
        }

        @Override
        public Set<Map<String, Object>> connectorPartitions(String connector) {
            return Set.of();
        }
    }

    /** Arguments in threes: the file of a source's settings, that of its offsets, and a key to wait for. */
    public static void main(String[] args) throws Exception {
        for (int i = 0; i < args.length; i += 3) {
            run(Path.of(args[i]), new FileStore(Path.of(args[i + 1])), args[i + 2]);
        }
        System.exit(0);
    }

    private static void run(Path settings, FileStore store, String awaited) throws Exception {
        Map<String, String> props = new HashMap<>();
        Properties read = new Properties();
        try (var reader = Files.newBufferedReader(settings)) {
            read.load(reader);
        }
        read.stringPropertyNames().forEach(name -> props.put(name, read.getProperty(name)));
        store.start();
        OffsetStorageReader reader = new OffsetStorageReaderImpl(store, "source", json(true), json(false));
        OffsetStorageWriter writer = new OffsetStorageWriter(store, "source", json(true), json(false));
        SourceTask task = props.containsKey("hubspot.url") ? new HubSpotSourceTask() : new DynamicsSourceTask();
        task.initialize(new SourceTaskContext() {
            @Override
            public Map<String, String> configs() {
                return props;
            }

            @Override
            public OffsetStorageReader offsetStorageReader() {
                return reader;
            }
        });
        task.start(props);
        boolean seen = false;
        boolean live = false;
        long end = System.currentTimeMillis() + LIMIT_MS;
        while (!(seen && live) && System.currentTimeMillis() < end) {
            List<SourceRecord> records = task.poll();
            for (SourceRecord record : records == null ? List.<SourceRecord>of() : records) {
                writer.offset(partition(record), offset(record));
                if (record.sourceOffset() != null) {
                    live = Set.of("incremental", "LIVE")
                            .contains(record.sourceOffset().get("phase"));
                }
                if (record.value() != null) {
                    System.out.println(record.key());
                    seen |= record.key().equals(awaited);
                }
            }
        }
        writer.beginFlush();
        writer.doFlush((error, result) -> {}).get();
        task.stop();
        store.stop();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ?> partition(SourceRecord record) {
        return (Map<String, ?>) record.sourcePartition();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ?> offset(SourceRecord record) {
        return (Map<String, ?>) record.sourceOffset();
    }

    private static JsonConverter json(boolean key) {
        JsonConverter converter = new JsonConverter();
        converter.configure(Map.of("schemas.enable", "false"), key);
        return converter;
    }
}
