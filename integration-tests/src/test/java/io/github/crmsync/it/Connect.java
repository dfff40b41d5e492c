package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A user of the worker's REST API. */
record Connect(String url) {
    JsonNode get(String path) {
        return Web.send("GET", url + path, Map.of(), null).ok();
    }

    /** The configuration of a connector with some settings changed. */
    ObjectNode config(String connector, Map<String, String> changes) {
        ObjectNode config = (ObjectNode) get("/connectors/" + connector + "/config");
        changes.forEach(config::put);
        return config;
    }

    Web.Reply put(String connector, ObjectNode config) {
        return Web.send("PUT", url + "/connectors/" + connector + "/config", Map.of(), config);
    }

    /** Messages by setting, from {@code /validate}. */
    Map<String, List<String>> errors(ObjectNode config) {
        String type = config.path("connector.class").asText();
        JsonNode answer = Web.send("PUT", url + "/connector-plugins/" + type + "/config/validate", Map.of(), config)
                .ok();
        Map<String, List<String>> errors = new TreeMap<>();
        for (JsonNode setting : answer.path("configs")) {
            List<String> messages = new ArrayList<>();
            setting.path("value").path("errors").forEach(message -> messages.add(message.asText()));
            if (!messages.isEmpty()) {
                errors.put(setting.path("value").path("name").asText(), messages);
            }
        }
        return errors;
    }

    /** States of a connector and its tasks. */
    List<String> states(String connector) {
        JsonNode status = get("/connectors/" + connector + "/status");
        List<String> states = new ArrayList<>();
        states.add(status.path("connector").path("state").asText());
        status.path("tasks").forEach(task -> states.add(task.path("state").asText()));
        return states;
    }

    /** Fails with the trace of a connector or task that does not run. */
    void requireRunning() {
        for (JsonNode connector : get("/connectors?expand=status")) {
            JsonNode status = connector.path("status");
            assertRunning(status.path("name").asText(), status.path("connector"));
            assertThat(status.path("tasks")).isNotEmpty();
            status.path("tasks")
                    .forEach(task -> assertRunning(status.path("name").asText(), task));
        }
    }

    private static void assertRunning(String name, JsonNode state) {
        assertThat(state.path("state").asText())
                .as(name + " " + state.path("trace").asText())
                .isEqualTo("RUNNING");
    }

    void deleteAll() {
        get("/connectors")
                .forEach(connector -> Web.send("DELETE", url + "/connectors/" + connector.asText(), Map.of(), null));
    }
}
