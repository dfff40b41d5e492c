package io.github.crmsync.sandbox.hubspot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A refusal with the service's error envelope. */
final class ApiException extends RuntimeException {
    private final int status;
    private final transient Map<String, Object> details = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    ApiException(int status, String category, String message) {
        super(message);
        this.status = status;
        if (category != null) {
            details.put("category", category);
        }
    }

    static ApiException validation(String message) {
        return new ApiException(400, "VALIDATION_ERROR", message);
    }

    static ApiException noSuchRecord() {
        return new ApiException(404, null, "resource not found");
    }

    ApiException with(String name, Object value) {
        details.put(name, value);
        return this;
    }

    /** Adds a header to the answer. */
    ApiException header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** Leaves out a field of the body. */
    ApiException without(String name) {
        details.remove(name);
        return this;
    }

    ApiException context(String name, Object... values) {
        return with("context", Map.of(name, List.of(values)));
    }

    int status() {
        return status;
    }

    String category() {
        return (String) details.getOrDefault("category", "");
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> context() {
        return (Map<String, Object>) details.getOrDefault("context", Map.of());
    }

    @SuppressWarnings("unchecked")
    List<Object> errors() {
        return (List<Object>) details.getOrDefault("errors", List.of());
    }

    Map<String, Object> body(String correlationId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", "error");
        body.put("message", getMessage());
        body.put("correlationId", correlationId);
        body.putAll(details);
        return body;
    }

    /** The form of a refusal inside a batch answer. */
    Map<String, Object> item(Map<String, Object> context) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("status", "error");
        item.put("category", category());
        item.put("message", getMessage());
        item.put("context", context);
        if (details.containsKey("errors")) {
            item.put("errors", details.get("errors"));
        }
        return item;
    }
}
