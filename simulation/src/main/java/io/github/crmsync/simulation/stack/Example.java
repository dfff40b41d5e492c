package io.github.crmsync.simulation.stack;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;

/** A connector's configuration from config-examples, and the transforms that it names. */
public final class Example {
    private final Map<String, String> settings;

    /** @param more settings on top of the example's; null takes one away */
    public Example(String folder, String connector, Map<String, String> more) {
        String file = "/config-examples/" + folder + "/" + connector + ".json";
        try (InputStream in = Example.class.getResourceAsStream(file)) {
            settings = new ObjectMapper().readValue(in, new TypeReference<HashMap<String, String>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settings.put("name", connector);
        settings.putAll(more);
        settings.values().removeIf(Objects::isNull);
    }

    public Map<String, String> settings() {
        return new HashMap<>(settings);
    }

    /** The transforms in their order, new ones. */
    public List<Transformation<SinkRecord>> transforms() {
        List<Transformation<SinkRecord>> chain = new ArrayList<>();
        for (String name : settings.getOrDefault("transforms", "").split(",")) {
            if (!name.isBlank()) {
                chain.add(transform("transforms." + name.strip() + "."));
            }
        }
        return chain;
    }

    @SuppressWarnings("unchecked")
    private Transformation<SinkRecord> transform(String prefix) {
        try {
            Transformation<SinkRecord> transform =
                    (Transformation<SinkRecord>) Class.forName(settings.get(prefix + "type"))
                            .getDeclaredConstructor()
                            .newInstance();
            Map<String, String> own = new HashMap<>();
            settings.forEach((key, value) -> {
                if (key.startsWith(prefix)) {
                    own.put(key.substring(prefix.length()), value);
                }
            });
            transform.configure(own);
            return transform;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
