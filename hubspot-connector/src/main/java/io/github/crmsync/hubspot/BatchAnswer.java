package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.WriteOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Outcome of each input of a batch write: results come in any order, errors name the input by trace id or record id. */
final class BatchAnswer {
    private BatchAnswer() {}

    static List<WriteOutcome> outcomes(ArrayNode inputs, JsonNode body, Function<JsonNode, TargetRecord> stored) {
        Map<String, WriteOutcome> byTrace = new HashMap<>();
        Map<String, WriteOutcome> byId = new HashMap<>();
        for (JsonNode result : body.path("results")) {
            WriteOutcome outcome = new WriteOutcome.Written(stored.apply(result));
            if (result.hasNonNull("objectWriteTraceId")) {
                byTrace.put(result.path("objectWriteTraceId").asText(), outcome);
            }
            byId.put(result.path("id").asText(), outcome);
        }
        for (JsonNode error : body.path("errors")) {
            WriteOutcome outcome = refused(error, error.path("message").asText("refused"));
            error.path("context").path("objectWriteTraceId").forEach(trace -> byTrace.put(trace.asText(), outcome));
            error.path("context").path("ids").forEach(id -> byId.put(id.asText(), outcome));
        }
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (JsonNode input : inputs) {
            WriteOutcome outcome = byTrace.get(input.path("objectWriteTraceId").asText());
            if (outcome == null && input.has("id")) {
                outcome = byId.get(input.path("id").asText());
            }
            outcomes.add(
                    outcome == null ? new WriteOutcome.Ambiguous("the answer does not mention the record") : outcome);
        }
        return outcomes;
    }

    static WriteOutcome refused(JsonNode error, String message) {
        if (HubSpotErrors.isConflict(error)) {
            return new WriteOutcome.Conflict(HubSpotErrors.existingId(error), message);
        }
        return error.path("category").asText().equals("OBJECT_NOT_FOUND")
                ? new WriteOutcome.Missing()
                : new WriteOutcome.Refused(message);
    }
}
