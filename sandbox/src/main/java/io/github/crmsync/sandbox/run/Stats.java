package io.github.crmsync.sandbox.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** A simulator's counters at one moment. */
record Stats(long requests, long recordsWritten, Map<String, Long> byOperation) {
    static Stats of(JsonNode node) {
        Map<String, Long> operations = new LinkedHashMap<>();
        node.path("byOperation")
                .properties()
                .forEach(
                        entry -> operations.put(entry.getKey(), entry.getValue().asLong()));
        return new Stats(
                node.path("requests").asLong(), node.path("recordsWritten").asLong(), operations);
    }

    /** Requests apart from metadata and tokens. */
    long contactCalls() {
        return requests
                - byOperation.entrySet().stream()
                        .filter(entry -> !isContactOperation(entry.getKey()))
                        .mapToLong(Map.Entry::getValue)
                        .sum();
    }

    /** Calls for contacts by operation, the most frequent first. */
    Map<String, Long> contactCallsByKind() {
        Map<String, Long> kinds = new LinkedHashMap<>();
        byOperation.entrySet().stream()
                .filter(entry -> isContactOperation(entry.getKey()))
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(entry -> kinds.put(entry.getKey(), entry.getValue()));
        return kinds;
    }

    private static boolean isContactOperation(String operation) {
        String path = operation.substring(operation.indexOf(' ') + 1);
        return path.contains("/objects/")
                || path.endsWith("$batch")
                || path.contains("/api/data/") && (path.contains("/contacts") || path.contains("/leads"));
    }
}
