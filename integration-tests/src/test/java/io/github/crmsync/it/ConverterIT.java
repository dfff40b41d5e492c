package io.github.crmsync.it;

import io.github.crmsync.sandbox.run.Crms;
import io.github.crmsync.sandbox.run.Lab;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The converters that come with every worker, each in a whole sync: import, edits on both sides, quiet. */
@Tag("deep")
class ConverterIT {
    private static final int CONTACTS = 30;
    private static final int EDITS = 20;
    private static final int LONGEST_PAUSE_MS = 60;
    private static final int LAG_MS = 500;
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final String STORAGE = "org.apache.kafka.connect.storage.";
    private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";

    private static Lab lab;
    private static Lab.Worker worker;
    private static int serial;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        lab = Lab.start("converters");
        worker = lab.worker("worker", Map.of()).start();
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    /** {@code true}: JSON with a schema in each record, and so Structs; {@code false}: plain JSON, and so Maps. */
    @ParameterizedTest(name = "schemas {0}, key {1}, headers {2}")
    @CsvSource({
        "true, StringConverter, SimpleHeaderConverter",
        "true, JsonConverter, JsonConverter",
        "true, StringConverter, StringConverter",
        "false, StringConverter, SimpleHeaderConverter",
        "false, JsonConverter, JsonConverter",
        "false, StringConverter, StringConverter"
    })
    void bothSidesConvergeAndAreQuiet(boolean schemas, String key, String headers) throws Exception {
        String name = "converters" + ++serial;
        Map<String, String> converters = new HashMap<>(Map.of(
                "poll.interval.ms", "300",
                "key.converter", type(key),
                "header.converter", type(headers),
                "value.converter", JSON,
                "value.converter.schemas.enable", Boolean.toString(schemas)));
        if (key.equals("JsonConverter")) {
            converters.put("key.converter.schemas.enable", Boolean.toString(schemas));
        }
        if (headers.equals("JsonConverter")) {
            converters.put("header.converter.schemas.enable", Boolean.toString(schemas));
        }
        Connect connect = new Connect(worker.url());
        try (Crms crms = Crms.open(CONTACTS, serial, 0, LAG_MS)) {
            Users users = new Users(crms);
            Healing healing = new Healing(lab, crms, users);
            lab.put(worker, crms.connectors(name, lab.bootstrapServers(), converters));
            users.agreed(healing.awaitImport(QUIET));
            CompletableFuture<Void> edits = users.work(serial, EDITS, LONGEST_PAUSE_MS);
            edits.get();
            healing.awaitDone(name, QUIET);
            connect.requireRunning();
            connect.deleteAll();
        }
    }

    private static String type(String simpleName) {
        return simpleName.equals("JsonConverter") ? JSON : STORAGE + simpleName;
    }
}
