package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.http.AmbiguousException;
import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.http.SideBySide;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.WriteOutcome;
import io.github.crmsync.core.sink.WriteOutcome.Ambiguous;
import io.github.crmsync.core.sink.WriteOutcome.Conflict;
import io.github.crmsync.core.sink.WriteOutcome.Failed;
import io.github.crmsync.core.sink.WriteOutcome.Missing;
import io.github.crmsync.core.sink.WriteOutcome.Refused;
import io.github.crmsync.core.sink.WriteOutcome.TryLater;
import io.github.crmsync.core.sink.WriteOutcome.Written;
import io.github.crmsync.hubspot.HubSpotAnswers.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.kafka.connect.errors.ConnectException;

/** Writes contacts in batches and finds out what became of each. */
final class ContactWriter {
    private final Function<ArrayNode, ApiResponse> call;
    private final boolean creation;
    private final String linkProperty;
    private volatile ConnectException stopped;

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
        } catch (ConnectException e) {
            stopped = e;
            return same(writes, new TryLater(e.getMessage()));
        }
        if (HubSpotAnswers.good(response)) {
            return sorted(writes, response.json());
        }
        String message = HubSpotErrors.summary(response);
        AnswerKind kind = HubSpotAnswers.of(Operation.WRITE, response);
        return switch (kind) {
            case AMBIGUOUS ->
                same(
                        writes,
                        new Ambiguous(
                                message,
                                response.status() == 500 && response.json().has("message")));
            case REFUSED_RECORD, REFUSED_FIELDS, CONFLICT, GONE ->
                writes.size() > 1 ? halves(writes) : List.of(outcome(kind, response.json(), message));
            // The rest is the caller's to judge.
            case TRY_LATER, CREDENTIALS, CONFIGURATION, UNKNOWN -> same(writes, new TryLater(message));
        };
    }

    /** Why the task has to stop, though other batches may have been written; null if it has not. */
    ConnectException stopped() {
        return stopped;
    }

    private List<WriteOutcome> halves(List<ContactWrite> writes) {
        int half = writes.size() / 2;
        List<WriteOutcome> outcomes = new ArrayList<>(attempt(writes.subList(0, half)));
        outcomes.addAll(attempt(writes.subList(half, writes.size())));
        return outcomes;
    }

    private List<WriteOutcome> sorted(List<ContactWrite> writes, JsonNode body) {
        List<BatchAnswer.Part> parts = BatchAnswer.read(body, writes);
        boolean strangers = body.path("results").size()
                > parts.stream().filter(part -> part.contact() != null).count();
        List<WriteOutcome> outcomes = new ArrayList<>();
        List<Integer> silent = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            BatchAnswer.Part part = parts.get(i);
            if (part.contact() == null && part.error() == null) {
                silent.add(i);
            }
            outcomes.add(outcome(writes.get(i), part, strangers));
        }
        List<JsonNode> nameless = BatchAnswer.nameless(body);
        if (nameless.size() == 1 && silent.size() == 1) {
            outcomes.set(silent.get(0), ofPart(nameless.get(0)));
        } else if (nameless.size() == silent.size() && silent.size() < writes.size()) {
            // None of them was written, and each alone gets an answer of its own.
            for (int place : silent) {
                outcomes.set(place, attempt(List.of(writes.get(place))).get(0));
            }
        }
        return outcomes;
    }

    /** Where HubSpot names no property, it is the address: only it and the link property have to be unique. */
    private static Set<String> taken(JsonNode error) {
        Set<String> named = HubSpotErrors.properties(error);
        return named.isEmpty() ? Set.of(Contact.EMAIL) : named;
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
        return ofPart(error);
    }

    private WriteOutcome ofPart(JsonNode error) {
        String message = error.path("message").asText(error.path("category").asText("HubSpot gives no reason"));
        return outcome(HubSpotAnswers.ofPart(error), error, message);
    }

    /** What became of one record that was not written. */
    private WriteOutcome outcome(AnswerKind kind, JsonNode error, String message) {
        return switch (kind) {
            case GONE -> creation ? new Refused(message) : new Missing();
            case CONFLICT -> new Conflict(HubSpotErrors.existingId(error), message, taken(error));
            case REFUSED_RECORD, REFUSED_FIELDS -> new Refused(message, HubSpotErrors.properties(error));
            default -> HubSpotAnswers.busy(error) ? new TryLater(message) : new Failed(message);
        };
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
