package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON bodies of the API. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /** Writes into an open object. */
    @FunctionalInterface
    interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    static byte[] object(Content content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = MAPPER.createGenerator(out)) {
            json.writeStartObject();
            content.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static ObjectNode read(byte[] body) {
        try {
            JsonNode node = MAPPER.readTree(body);
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw ServiceException.badRequest(
                    "0x80048d19",
                    "Error identified in Payload provided by the user: An error occurred while reading the JSON.");
        }
        throw ServiceException.badRequest(
                "0x80048d19", "Error identified in Payload provided by the user: A JSON object was expected.");
    }

    /** Reads a JSON array given in an address. */
    static JsonNode readArray(String text) {
        try {
            JsonNode node = text == null ? null : MAPPER.readTree(text);
            if (node != null && node.isArray()) {
                return node;
            }
        } catch (IOException e) {
            throw ServiceException.badQuery("Invalid JSON.");
        }
        throw ServiceException.badQuery("A JSON array was expected.");
    }

    static byte[] error(String code, String message) {
        return object(json -> {
            json.writeObjectFieldStart("error");
            json.writeStringField("code", code);
            json.writeStringField("message", message);
            json.writeEndObject();
        });
    }
}
