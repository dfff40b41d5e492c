package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.sandbox.http.Json;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Calls that write up to a hundred contacts: all or nothing, unless every input carries its own trace id. */
final class BatchRoutes {

    /** A write that passed its checks. {@code existing} is null for a new contact. */
    private record Planned(String traceId, Contact existing, Map<String, String> values) {}

    /** What a call wants to do, and what stands against it. */
    private static final class Plan {
        final List<Planned> writes = new ArrayList<>();
        final List<Object> errors = new ArrayList<>();
        final Set<String> emails = new HashSet<>();
        final Map<String, Set<String>> uniques = new HashMap<>();
        final List<String> missing = new ArrayList<>();
        final List<ApiException> refusals = new ArrayList<>();
    }

    private final Desk desk;
    private final BatchAnswers answers;

    BatchRoutes(Desk desk, BatchAnswers answers) {
        this.desk = desk;
        this.answers = answers;
    }

    void addTo(Router router) {
        desk.contacts(router, "POST", "/batch/create", (request, path) -> create(request));
        desk.contacts(router, "POST", "/batch/update", (request, path) -> update(request));
        desk.contacts(router, "POST", "/batch/upsert", (request, path) -> upsert(request));
        desk.contacts(router, "POST", "/batch/archive", (request, path) -> archive(request));
    }

    private Response create(Request request) {
        long started = desk.store().now();
        List<JsonNode> inputs = Bodies.inputs(Bodies.object(request), BatchAnswers.MAX);
        desk.faults().check(inputs);
        boolean traced = traced(inputs);
        Plan plan = new Plan();
        for (JsonNode input : inputs) {
            attempt(plan, traced, input, () -> {
                Map<String, String> values = desk.rules().check(input.path("properties"), null, request);
                claim(plan, values, null);
                return new Planned(trace(input), null, values);
            });
        }
        refuseWhole(plan);
        return answers.answer(201, writeAll(plan, false), plan.errors, plan.errors.size(), started);
    }

    private Response update(Request request) {
        long started = desk.store().now();
        List<JsonNode> inputs = Bodies.inputs(Bodies.object(request), BatchAnswers.MAX);
        desk.faults().check(inputs);
        refuseDuplicates(inputs);
        boolean traced = traced(inputs);
        Plan plan = new Plan();
        Set<Long> taken = new HashSet<>();
        for (JsonNode input : inputs) {
            String key = input.path("id").asText();
            String idProperty = input.path("idProperty").asText("");
            if (idProperty.equals("email") && !desk.options().has(Quirk.UPDATE_BY_EMAIL)) {
                throw ApiException.validation("Unable to perform update/upsert by non-unique 0-1 property 'email'");
            }
            Contact before = desk.lookup().find(key, idProperty);
            if (before == null) {
                plan.missing.add(key);
                continue;
            }
            if (!taken.add(before.id())) {
                throw duplicates(List.of(key));
            }
            attempt(plan, traced, input, () -> {
                Map<String, String> values = desk.rules().check(input.path("properties"), before, request);
                claim(plan, values, before);
                return new Planned(trace(input), before, values);
            });
        }
        refuseWhole(plan);
        int numErrors = plan.errors.size() + plan.missing.size();
        List<Object> results = writeAll(plan, false);
        if (!plan.missing.isEmpty()) {
            plan.errors.add(0, BatchAnswers.notFound(plan.missing));
        }
        return answers.answer(200, results, plan.errors, numErrors, started);
    }

    private Response upsert(Request request) {
        long started = desk.store().now();
        List<JsonNode> inputs = Bodies.inputs(Bodies.object(request), BatchAnswers.MAX);
        desk.faults().check(inputs);
        refuseDuplicates(inputs);
        boolean traced = traced(inputs);
        Plan plan = new Plan();
        Set<Long> taken = new HashSet<>();
        for (JsonNode input : inputs) {
            String key = input.path("id").asText();
            String idProperty = input.path("idProperty").asText("");
            Contact before = desk.lookup().find(key, idProperty);
            if (before != null && !taken.add(before.id())) {
                throw duplicates(List.of(key));
            }
            attempt(plan, traced, input, () -> planUpsert(plan, request, input, before));
        }
        refuseWhole(plan);
        return answers.answer(200, writeAll(plan, true), plan.errors, plan.errors.size(), started);
    }

    private Planned planUpsert(Plan plan, Request request, JsonNode input, Contact before) {
        String key = input.path("id").asText();
        String idProperty = input.path("idProperty").asText("");
        if (before == null && idProperty.isEmpty()) {
            throw new ApiException(404, "OBJECT_NOT_FOUND", "Could not get some CONTACT objects, they may be deleted")
                    .context("ids", key);
        }
        ObjectNode properties = Json.MAPPER.createObjectNode();
        if (before == null) {
            properties.put(idProperty, key);
        }
        input.path("properties").properties().forEach(field -> properties.set(field.getKey(), field.getValue()));
        Map<String, String> values = desk.rules().check(properties, before, request);
        if (before != null && idProperty.equals("email") && desk.options().has(Quirk.PARTIAL_UPSERT_CLEARS)) {
            clearUnsent(values, before);
        }
        claim(plan, values, before);
        return new Planned(trace(input), before, values);
    }

    private void clearUnsent(Map<String, String> values, Contact before) {
        for (String name : before.bag().toMap().keySet()) {
            PropertyDefinition definition = desk.catalog().live(name);
            if (!name.equals("email") && definition != null && !definition.readOnly()) {
                values.putIfAbsent(name, "");
            }
        }
    }

    private Response archive(Request request) {
        for (JsonNode input : Bodies.inputs(Bodies.object(request), BatchAnswers.MAX)) {
            Contact contact = desk.store().byId(Bodies.id(input.path("id").asText()));
            if (contact != null) {
                desk.store().archive(contact);
                desk.stats().recordsWritten(1);
            }
        }
        return Response.empty(204);
    }

    /** Unique values must be unique within the call too. */
    private void claim(Plan plan, Map<String, String> values, Contact existing) {
        desk.rules().checkEmailFree(values, existing);
        for (String name : desk.catalog().uniqueNames()) {
            String value = values.getOrDefault(name, "");
            if (!value.isEmpty()
                    && !plan.uniques
                            .computeIfAbsent(name, key -> new HashSet<>())
                            .add(value)) {
                throw desk.rules().takenInSameCall(name, value);
            }
        }
        String email = values.getOrDefault("email", "");
        if (!email.isEmpty() && !plan.emails.add(email)) {
            throw new ApiException(409, "CONFLICT", "Contact already exists");
        }
    }

    private void attempt(Plan plan, boolean traced, JsonNode input, Supplier<Planned> check) {
        try {
            desk.faults().checkAlone(input);
            plan.writes.add(check.get());
        } catch (ApiException refused) {
            if (!traced) {
                plan.refusals.add(refused);
                return;
            }
            Map<String, Object> context = new LinkedHashMap<>();
            if (!desk.options().has(Quirk.OMIT_TRACE_IDS)) {
                context.put("objectWriteTraceId", List.of(trace(input)));
            }
            context.putAll(refused.context());
            String existing = refused.getMessage().replaceFirst(".*Existing ID: ", "");
            if (refused.status() == 409 && Bodies.id(existing) >= 0) {
                context.put("existingId", List.of(existing));
            }
            plan.errors.add(refused.item(context));
        }
    }

    /** Without trace ids one refused input refuses the call: with the first conflict, or with all that is wrong. */
    private void refuseWhole(Plan plan) {
        if (plan.refusals.isEmpty()) {
            return;
        }
        ApiException first = plan.refusals.get(0);
        boolean invalid = plan.refusals.stream().allMatch(WriteRules::isInvalid);
        throw invalid && !desk.options().has(Quirk.FIRST_BATCH_ERROR_ONLY) ? WriteRules.together(plan.refusals) : first;
    }

    private List<Object> writeAll(Plan plan, boolean tellNew) {
        List<Object> results = new ArrayList<>();
        for (Planned write : plan.writes) {
            Contact contact = write.existing() == null
                    ? desk.store().create(write.values())
                    : desk.store().update(write.existing(), write.values());
            Map<String, Object> view = desk.view().written(contact);
            if (tellNew) {
                view.put("new", write.existing() == null);
            }
            if (!write.traceId().isEmpty() && !desk.options().has(Quirk.OMIT_TRACE_IDS)) {
                view.put("objectWriteTraceId", write.traceId());
            }
            results.add(view);
        }
        desk.stats().recordsWritten(results.size());
        return results;
    }

    private static String trace(JsonNode input) {
        return input.path("objectWriteTraceId").asText("");
    }

    private static boolean traced(List<JsonNode> inputs) {
        Set<String> ids = new HashSet<>();
        return !inputs.isEmpty()
                && inputs.stream().map(BatchRoutes::trace).allMatch(id -> !id.isEmpty() && ids.add(id));
    }

    private static void refuseDuplicates(List<JsonNode> inputs) {
        Set<String> seen = new HashSet<>();
        Set<String> twice = new LinkedHashSet<>();
        for (JsonNode input : inputs) {
            String id = input.path("id").asText();
            if (!seen.add(id.toLowerCase(Locale.ROOT))) {
                twice.add(id);
            }
        }
        if (!twice.isEmpty()) {
            throw duplicates(List.copyOf(twice));
        }
    }

    private static ApiException duplicates(List<String> ids) {
        return ApiException.validation("Duplicate IDs found in batch input: " + ids + ". IDs must be unique")
                .context("ids", ids.toArray());
    }
}
