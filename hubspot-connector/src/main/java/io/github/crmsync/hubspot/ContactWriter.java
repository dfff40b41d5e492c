package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.http.AmbiguousException;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.http.SideBySide;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.WriteOutcome;
import io.github.crmsync.core.sink.WriteOutcome.Ambiguous;
import io.github.crmsync.core.sink.WriteOutcome.Conflict;
import io.github.crmsync.core.sink.WriteOutcome.Missing;
import io.github.crmsync.core.sink.WriteOutcome.Refused;
import io.github.crmsync.core.sink.WriteOutcome.TryLater;
import io.github.crmsync.core.sink.WriteOutcome.Written;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Writes contacts in batches and finds out what became of each. */
final class ContactWriter {
    /** Categories of error items that say "not now". */
    private static final Set<String> LATER =
            Set.of("RATE_LIMITS", "RATE_LIMIT", "LOCKED", "SERVER_ERROR", "INTERNAL_ERROR");

    private final Function<ArrayNode, ApiResponse> call;
    private final boolean creation;
    private final String linkProperty;

    /**
     * @param call {@link HubSpotApi#batchCreate} or {@link HubSpotApi#batchUpdate}
     * @param linkProperty null for none
     */
    ContactWriter(Function<ArrayNode, ApiResponse> call, boolean creation, String linkProperty) {
        this.call = call;
        this.creation = creation;
        this.linkProperty = linkProperty;
    }

    /** Outcomes in the order of the writes. */
    List<WriteOutcome> write(List<ContactWrite> writes, SideBySide threads) {
        WriteOutcome[] outcomes = new WriteOutcome[writes.size()];
        for (List<List<Integer>> round : ContactWrite.rounds(writes, HubSpotApi.BATCH)) {
            List<Callable<List<WriteOutcome>>> calls = new ArrayList<>();
            round.forEach(places ->
                    calls.add(() -> attempt(places.stream().map(writes::get).toList())));
            List<List<WriteOutcome>> answers = threads.run(calls);
            for (int b = 0; b < answers.size(); b++) {
                for (int i = 0; i < answers.get(b).size(); i++) {
                    outcomes[round.get(b).get(i)] = answers.get(b).get(i);
                }
            }
        }
        return Arrays.asList(outcomes);
    }

    /** One batch; one that is refused as a whole is halved until the record at fault stands alone. */
    List<WriteOutcome> attempt(List<ContactWrite> writes) {
        ApiResponse response;
        try {
            response = call.apply(inputs(writes));
        } catch (AmbiguousException e) {
            return same(writes, new Ambiguous(e.getMessage()));
        } catch (RetryLaterException e) {
            return same(writes, new TryLater(e.getMessage()));
        }
        if (response.ok()) {
            List<BatchAnswer.Part> parts = BatchAnswer.read(response.json(), writes);
            boolean strangers = response.json().path("results").size()
                    > parts.stream().filter(part -> part.contact() != null).count();
            List<WriteOutcome> outcomes = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                outcomes.add(outcome(writes.get(i), parts.get(i), strangers));
            }
            return outcomes;
        }
        if (response.status() >= 500) {
            return same(writes, new Ambiguous(HubSpotErrors.summary(response)));
        }
        if (writes.size() > 1) {
            int half = writes.size() / 2;
            List<WriteOutcome> outcomes = new ArrayList<>(attempt(writes.subList(0, half)));
            outcomes.addAll(attempt(writes.subList(half, writes.size())));
            return outcomes;
        }
        JsonNode error = response.json();
        boolean conflict = response.status() == 409 || HubSpotErrors.isConflict(error);
        String message = HubSpotErrors.summary(response);
        return List.of(
                response.status() == 404
                        ? new Missing()
                        : conflict
                                ? new Conflict(HubSpotErrors.existingId(error), message)
                                : new Refused(message, HubSpotErrors.properties(error)));
    }

    private static List<WriteOutcome> same(List<ContactWrite> writes, WriteOutcome outcome) {
        return writes.stream().map(write -> outcome).toList();
    }

    private ArrayNode inputs(List<ContactWrite> writes) {
        ArrayNode inputs = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < writes.size(); i++) {
            ContactWrite write = writes.get(i);
            ObjectNode input = inputs.addObject();
            if (write.id() != null) {
                input.put("id", write.id());
            }
            // Without a trace id of its own on every input a batch is all or nothing.
            input.put("objectWriteTraceId", Integer.toString(i));
            ObjectNode properties = input.putObject("properties");
            write.properties().forEach(properties::put);
        }
        return inputs;
    }

    /** @param strangers whether the answer has contacts that belong to no input */
    private WriteOutcome outcome(ContactWrite write, BatchAnswer.Part part, boolean strangers) {
        if (part.contact() != null) {
            // An id that was merged away answers under its survivor's id.
            return creation || part.contact().id().equals(write.id())
                    ? new Written(stored(write, part.contact()))
                    : new Missing();
        }
        JsonNode error = part.error();
        if (error == null) {
            return strangers && !creation
                    ? new Missing()
                    : new Ambiguous("HubSpot's answer does not mention the record");
        }
        String category = error.path("category").asText("");
        String message = error.path("message").asText(category);
        if (category.equals("OBJECT_NOT_FOUND")) {
            return new Missing();
        }
        if (HubSpotErrors.isConflict(error)) {
            return new Conflict(HubSpotErrors.existingId(error), message);
        }
        return LATER.contains(category) ? new TryLater(message) : new Refused(message, HubSpotErrors.properties(error));
    }

    /** What HubSpot stored: as the answer says, which may differ from what was sent; the rest as sent. */
    private TargetRecord stored(ContactWrite write, Contact contact) {
        Map<String, Object> values = new LinkedHashMap<>();
        write.properties().forEach((name, text) -> {
            if (!text.isEmpty()) {
                values.put(name, text);
            }
        });
        values.putAll(contact.properties());
        return Targets.record(contact, values, linkProperty);
    }
}
