package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.sandbox.http.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What is ordered through {@code /_sandbox/faults} about contacts and searches and stays until it is taken back. */
final class StandingFaults {
    /** @param category of an error that concerns the input alone; null where the whole call fails because of it */
    private record Poison(String id, String property, String value, int status, String category, String message) {
        boolean in(JsonNode input) {
            return id != null && id.equals(input.path("id").asText())
                    || property != null
                            && value.equals(
                                    input.path("properties").path(property).asText());
        }

        ApiException failure() {
            return new ApiException(status, category, message);
        }
    }

    private final List<Poison> poisons = new ArrayList<>();
    private int emptyPages;

    StandingFaults(Faults faults) {
        faults.on("poison", this::addPoison);
        faults.on("emptySearchPages", this::addEmptyPages);
        faults.onReset(this::clear);
    }

    private synchronized void addPoison(JsonNode rule) {
        poisons.add(new Poison(
                rule.path("id").asText(null),
                rule.path("property").asText(null),
                rule.path("value").asText(""),
                rule.path("status").asInt(500),
                rule.path("category").asText(null),
                rule.path("message").asText("There was a problem with the request.")));
    }

    private synchronized void addEmptyPages(JsonNode count) {
        emptyPages += count.asInt();
    }

    private synchronized void clear() {
        poisons.clear();
        emptyPages = 0;
    }

    /** Fails a whole batch because the service fails on one of its inputs. */
    void check(List<JsonNode> inputs) {
        inputs.forEach(input -> check(input, poison -> poison.category() == null));
    }

    /** Fails on one input of a batch. */
    void checkAlone(JsonNode input) {
        check(input, poison -> poison.category() != null);
    }

    /**
     * Fails a call that writes one contact.
     *
     * @param id null for a new one
     */
    void check(String id, JsonNode properties) {
        ObjectNode input = JsonNodeFactory.instance.objectNode().put("id", id);
        check(input.set("properties", properties), poison -> true);
    }

    private synchronized void check(JsonNode input, Predicate<Poison> which) {
        poisons.stream()
                .filter(which)
                .filter(poison -> poison.in(input))
                .findFirst()
                .ifPresent(poison -> {
                    throw poison.failure();
                });
    }

    /** Whether this page of hits comes empty, with a token for the next one. */
    synchronized boolean takeEmptyPage() {
        if (emptyPages > 0) {
            emptyPages--;
            return true;
        }
        return false;
    }
}
