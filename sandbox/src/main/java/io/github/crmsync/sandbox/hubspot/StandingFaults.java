package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Faults;
import java.util.ArrayList;
import java.util.List;

/** What is ordered through {@code /_sandbox/faults} about contacts and searches and stays until it is taken back. */
final class StandingFaults {
    private record Poison(String id, String property, String value, int status) {
        boolean in(JsonNode input) {
            return id != null && id.equals(input.path("id").asText())
                    || property != null
                            && value.equals(
                                    input.path("properties").path(property).asText());
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
                rule.path("status").asInt(500)));
    }

    private synchronized void addEmptyPages(JsonNode count) {
        emptyPages += count.asInt();
    }

    private synchronized void clear() {
        poisons.clear();
        emptyPages = 0;
    }

    /** Fails a whole batch because the service fails on one of its inputs. */
    synchronized void check(List<JsonNode> inputs) {
        for (JsonNode input : inputs) {
            for (Poison poison : poisons) {
                if (poison.in(input)) {
                    throw new ApiException(poison.status(), null, "There was a problem with the request.");
                }
            }
        }
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
