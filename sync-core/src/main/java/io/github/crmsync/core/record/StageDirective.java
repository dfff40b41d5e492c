package io.github.crmsync.core.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * A target field that an update may only fill or move forward, such as HubSpot's lifecycle stage.
 *
 * @param field target field
 * @param value value to reach
 * @param order all values, earliest first
 */
public record StageDirective(String field, String value, List<String> order) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether the directive's value may replace the one that the target has now. */
    public boolean promotes(Object current) {
        if (Blanks.isBlank(current)) {
            return true;
        }
        int from = order.indexOf(current.toString());
        return from >= 0 && order.indexOf(value) > from;
    }

    public static StageDirective parse(String text) {
        try {
            return JSON.readValue(text, StageDirective.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a stage directive: " + e.getOriginalMessage(), e);
        }
    }

    public String format() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
