package io.github.crmsync.simulation.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * Connect's store of a source's offsets: bytes by bytes, as its JSON converter writes them. Maps that promise no order have
 * another one in each JVM.
 */
public final class OffsetStore {
    private final String connector;
    private final JsonConverter keys = new JsonConverter();
    private final JsonConverter values = new JsonConverter();
    private final Map<ByteBuffer, byte[]> stored = new LinkedHashMap<>();

    public OffsetStore(String connector) {
        this.connector = connector;
        keys.configure(Map.of("schemas.enable", "false"), true);
        values.configure(Map.of("schemas.enable", "false"), false);
    }

    /** A store with those entries of a recorded offset topic, a line of key and value each, that are this connector's. */
    public static OffsetStore recorded(String connector, String resource) {
        OffsetStore store = new OffsetStore(connector);
        try (InputStream in = OffsetStore.class.getResourceAsStream(resource)) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                String[] pair = line.split("\t");
                if (pair[0].startsWith("[\"" + connector + "\",")) {
                    store.stored.put(
                            ByteBuffer.wrap(pair[0].getBytes(StandardCharsets.UTF_8)),
                            pair[1].getBytes(StandardCharsets.UTF_8));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return store;
    }

    public boolean isEmpty() {
        return stored.isEmpty();
    }

    /**
     * Stores offsets by partition; null deletes one.
     *
     * @param jvm number of the JVM that does it
     */
    public void store(Map<? extends Map<String, ?>, ? extends Map<String, ?>> offsets, long jvm) {
        offsets.forEach((partition, offset) -> {
            ByteBuffer key = key(partition, jvm);
            if (offset == null) {
                stored.remove(key);
            } else {
                stored.put(key, values.fromConnectData(connector, null, offset));
            }
        });
    }

    /** Deletes all offsets, as a request to the REST API does. */
    public void reset(SourceConnector plugin, Map<String, String> settings, long jvm) {
        Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
        for (ByteBuffer key : stored.keySet()) {
            List<?> pair = (List<?>) keys.toConnectData(connector, key.array()).value();
            offsets.put(map(pair.get(1)), null);
        }
        plugin.alterOffsets(settings, offsets);
        store(offsets, jvm);
    }

    /** What a task reads from. */
    public OffsetStorageReader reader(long jvm) {
        return new OffsetStorageReader() {
            @Override
            public <T> Map<String, Object> offset(Map<String, T> partition) {
                byte[] value = stored.get(key(partition, jvm));
                return value == null
                        ? null
                        : map(values.toConnectData(connector, value).value());
            }

            @Override
            public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
                Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
                partitions.forEach(partition -> found.put(partition, offset(partition)));
                return found;
            }
        };
    }

    private ByteBuffer key(Map<String, ?> partition, long jvm) {
        return ByteBuffer.wrap(
                keys.fromConnectData(connector, null, Arrays.asList(connector, inOrder(partition, jvm))));
    }

    private static Map<String, ?> inOrder(Map<String, ?> map, long jvm) {
        if (!map.getClass().getName().startsWith("java.util.ImmutableCollections")) {
            return map;
        }
        List<String> names = new ArrayList<>(new TreeSet<>(map.keySet()));
        Collections.shuffle(names, new Random(new SplittableRandom(jvm).nextLong()));
        Map<String, Object> ordered = new LinkedHashMap<>();
        names.forEach(name -> ordered.put(name, map.get(name)));
        return ordered;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
