package io.github.crmsync.sandbox.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The worker's REST API. */
final class ConnectClient {
    private static final int CONFLICT = 409;
    /** In the message of a setting whose check could not be made in time. */
    private static final String NOT_CHECKED = "not checked";

    private final Http http;
    private final String url;

    ConnectClient(Http http, String url) {
        this.http = http;
        this.url = url;
    }

    /** Waits until the worker answers and knows its plugins. */
    JsonNode awaitPlugins(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                return http.get(url + "/connector-plugins", Map.of());
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw new SandboxException("The worker does not answer: " + e.getMessage(), e);
                }
                Thread.sleep(200);
            }
        }
    }

    /**
     * Creates or updates a connector; tries again while the worker's group is in a rebalance, the worker restarts, or a busy
     * machine leaves no time for the checks of a configuration.
     */
    void put(String connector, ObjectNode config, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        String last = "";
        while (System.nanoTime() < deadline) {
            try {
                Http.Reply reply = http.put(url + "/connectors/" + connector + "/config", config);
                if (reply.status() / 100 == 2) {
                    return;
                }
                last = reply.body().path("message").asText();
                if (reply.status() != CONFLICT && reply.status() / 100 != 5 && !last.contains(NOT_CHECKED)) {
                    break;
                }
            } catch (IOException e) {
                last = e.getMessage();
            }
            Thread.sleep(500);
        }
        throw new SandboxException("The worker refuses the connector " + connector + ": " + last);
    }

    /** Traces of connectors and tasks that failed. */
    List<String> failures() throws InterruptedException {
        List<String> failures = new ArrayList<>();
        try {
            for (JsonNode connector : http.get(url + "/connectors?expand=status", Map.of())) {
                JsonNode status = connector.path("status");
                addFailure(failures, status.path("name").asText(), status.path("connector"));
                status.path("tasks")
                        .forEach(
                                task -> addFailure(failures, status.path("name").asText(), task));
            }
        } catch (IOException e) {
            // The worker is being started again: nothing to tell now.
            return List.of();
        }
        return failures;
    }

    private static void addFailure(List<String> failures, String name, JsonNode state) {
        if (state.path("state").asText().equals("FAILED")) {
            failures.add(name + ": "
                    + state.path("trace")
                            .asText()
                            .lines()
                            .limit(12)
                            .reduce((a, b) -> a + "\n  " + b)
                            .orElse(""));
        }
    }
}
