package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Json;
import io.github.crmsync.sandbox.http.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reading of request bodies and parameters, with the service's complaints. */
final class Bodies {
    private Bodies() {}

    static JsonNode object(Request request) {
        JsonNode body = any(request);
        if (!body.isObject()) {
            throw ApiException.validation("Invalid input JSON on line 1, column 1: an object was expected");
        }
        return body;
    }

    static JsonNode any(Request request) {
        try {
            return Json.parse(request.body());
        } catch (JsonProcessingException malformed) {
            throw ApiException.validation("Invalid input JSON on line "
                    + malformed.getLocation().getLineNr() + ", column "
                    + malformed.getLocation().getColumnNr() + ": " + malformed.getOriginalMessage());
        } catch (IOException unreadable) {
            throw ApiException.validation("Invalid input JSON on line 1, column 1: unreadable");
        }
    }

    /** The inputs of a batch, at most {@code max} of them. */
    static List<JsonNode> inputs(JsonNode body, int max) {
        JsonNode inputs = body.path("inputs");
        if (!inputs.isArray()) {
            throw ApiException.validation("Invalid input JSON: required field inputs is missing");
        }
        if (inputs.size() > max) {
            throw ApiException.validation("The maximum number of inputs supported in a batch request is " + max + "; "
                    + inputs.size() + " were given");
        }
        List<JsonNode> all = new ArrayList<>();
        inputs.forEach(all::add);
        return all;
    }

    /** An array field; missing and null are empty. */
    static JsonNode array(JsonNode body, String name) {
        JsonNode array = body.path(name);
        if (array.isArray() || array.isMissingNode() || array.isNull()) {
            return array;
        }
        throw ApiException.validation("Invalid input JSON: " + name + " must be an array");
    }

    /** A body that is a bare array of ids. */
    static List<String> ids(JsonNode body) {
        if (!body.isArray()) {
            throw ApiException.validation("Invalid input JSON: an array of ids was expected");
        }
        return texts(body);
    }

    /** A number field, which may be written as text. */
    static int integer(JsonNode body, String name, int otherwise) {
        JsonNode node = body.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return otherwise;
        }
        if (node.isIntegralNumber() || node.asText().matches("-?\\d{1,9}")) {
            return node.asInt();
        }
        throw ApiException.validation("Invalid input JSON: " + name + " must be an integer");
    }

    static List<String> texts(JsonNode array) {
        List<String> all = new ArrayList<>();
        array.forEach(node -> all.add(node.asText()));
        return all;
    }

    /** A list parameter: repeated, comma separated, or both. */
    static List<String> list(Request request, String name) {
        List<String> all = new ArrayList<>();
        for (String value : request.query().getOrDefault(name, List.of())) {
            for (String one : value.split(",")) {
                if (!one.isBlank()) {
                    all.add(one.strip());
                }
            }
        }
        return all;
    }

    static int limit(Request request, int otherwise, int max) {
        String text = request.queryValue("limit");
        int limit = text == null ? otherwise : (int) number(text, "limit");
        if (limit < 1 || limit > max) {
            throw ApiException.validation("limit must be between 1 and " + max + " but was " + limit);
        }
        return limit;
    }

    static long number(String text, String name) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException malformed) {
            throw ApiException.validation("Invalid value for " + name + ": " + text);
        }
    }

    /** The version of the API in the path, for example {@code v3} or {@code 2026-09}. */
    static String version(Request request) {
        for (String part : request.rawPath().split("/")) {
            if (part.matches("v\\d|\\d{4}-\\d{2}")) {
                return part;
            }
        }
        return "";
    }

    static boolean flag(Request request, String name) {
        return "true".equals(request.queryValue(name));
    }

    /** The number of an id, or -1 when the text is none. */
    static long id(String text) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }
}
