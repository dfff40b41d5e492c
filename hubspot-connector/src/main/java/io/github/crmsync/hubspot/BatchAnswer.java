package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a batch write says of each of its inputs. Results come in any order; errors name their input by trace id or by
 * record id.
 */
final class BatchAnswer {
    /**
     * What became of one input: a contact, an error item, or neither where the answer is silent.
     *
     * @param contact as stored, or null
     * @param error item of the answer, or null
     */
    record Part(Contact contact, JsonNode error) {}

    private BatchAnswer() {}

    /**
     * Sorts an answer by input.
     *
     * @param writes the inputs; the trace id of each is its place
     */
    static List<Part> read(JsonNode body, List<ContactWrite> writes) {
        Part[] parts = new Part[writes.size()];
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < parts.length; i++) {
            ContactWrite write = writes.get(i);
            places.put("trace:" + i, i);
            if (write.id() != null) {
                places.put("id:" + write.id(), i);
            } else if (write.email() != null) {
                places.put("email:" + write.email(), i);
            }
        }
        body.path("results").forEach(node -> {
            Contact contact = Contact.of(node);
            Integer place = places.get("trace:" + contact.traceId());
            if (place == null) {
                place = places.get("id:" + contact.id());
            }
            for (String email : contact.emails()) {
                place = place == null ? places.get("email:" + email) : place;
            }
            set(parts, place, new Part(contact, null));
        });
        body.path("errors").forEach(error -> {
            JsonNode context = error.path("context");
            for (JsonNode trace : context.path("objectWriteTraceId")) {
                set(parts, places.get("trace:" + trace.asText()), new Part(null, error));
            }
            for (String name : List.of("ids", "id")) {
                for (JsonNode id : context.path(name)) {
                    set(parts, places.get("id:" + id.asText()), new Part(null, error));
                }
            }
        });
        List<Part> result = new ArrayList<>(parts.length);
        for (Part part : parts) {
            result.add(part == null ? new Part(null, null) : part);
        }
        return result;
    }

    /** Error items that name no input, as older or shorter bodies may. */
    static List<JsonNode> nameless(JsonNode body) {
        List<JsonNode> nameless = new ArrayList<>();
        for (JsonNode error : body.path("errors")) {
            JsonNode context = error.path("context");
            if (!context.has("objectWriteTraceId") && !context.has("ids") && !context.has("id")) {
                nameless.add(error);
            }
        }
        return nameless;
    }

    private static void set(Part[] parts, Integer place, Part part) {
        if (place != null && parts[place] == null) {
            parts[place] = part;
        }
    }
}
