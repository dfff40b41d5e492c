package io.github.crmsync.core.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * A field that a transform has left out of the record, because its value cannot become one of the target's. Nothing is known
 * of such a field: it is neither empty nor agreed on.
 *
 * @param source field of the source
 * @param target field of the target
 * @param reason why, in words without the value
 */
public record RefusedField(String source, String target, String reason) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Text of the header {@link SyncHeaders#REFUSED}; null for no field. */
    public static String format(List<RefusedField> fields) {
        if (fields.isEmpty()) {
            return null;
        }
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads what {@link #format} wrote. */
    public static List<RefusedField> parse(String text) {
        try {
            return List.copyOf(JSON.readValue(text, new TypeReference<List<RefusedField>>() {}));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a list of refused fields: " + e.getOriginalMessage(), e);
        }
    }
}
