package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Calls about up to a hundred contacts: all or nothing, unless every input carries its own trace id. */
final class BatchRoutes {
    private static final int MAX = 100;
    private static final int MAX_WITH_HISTORY = 50;

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
    private final Random random;

    BatchRoutes(Desk desk) {
        this.desk = desk;
        random = new Random(desk.options().seed() + 2);
    }

    void addTo(Router router) {
        desk.contacts(router, "POST", "/batch/read", (request, path) -> read(request));
        desk.contacts(router, "POST", "/batch/create", (request, path) -> create(request));
        desk.contacts(router, "POST", "/batch/update", (request, path) -> update(request));
        desk.contacts(router, "POST", "/batch/upsert", (request, path) -> upsert(request));
        desk.contacts(router, "POST", "/batch/archive", (request, path) -> archive(request));
    }

    private Response read(Request request) {
        long started = desk.store().now();
        JsonNode body = Bodies.object(request);
        List<String> withHistory = Bodies.texts(body.path("propertiesWithHistory"));
        List<String> properties = Bodies.texts(body.path("properties"));
        List<JsonNode> inputs = Bodies.inputs(body, MAX);
        if (!withHistory.isEmpty() && inputs.size() > MAX_WITH_HISTORY) {
            throw ApiException.validation("The maximum number of inputs for property histories is 50");
        }
        String idProperty = body.path("idProperty").asText("");
        boolean archived = Bodies.flag(request, "archived");
        Map<Long, Object> found = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (JsonNode input : inputs) {
            String key = input.path("id").asText();
            Contact contact = archived
                    ? desk.store().archivedById(Bodies.id(key))
                    : desk.lookup().find(key, idProperty);
            if (contact == null) {
                missing.add(key);
            } else {
                found.computeIfAbsent(contact.id(), id -> desk.view().read(contact, properties, withHistory));
            }
        }
        desk.stats().recordsRead(found.size());
        List<Object> errors = missing.isEmpty() ? List.of() : List.of(notFound(missing));
        return answer(200, new ArrayList<>(found.values()), errors, missing.size(), started);
    }

    private Response create(Request request) {
        long started = desk.store().now();
        List<JsonNode> inputs = Bodies.inputs(Bodies.object(request), MAX);
        boolean traced = traced(inputs);
        Plan plan = new Plan();
        for (JsonNode input : inputs) {
            attempt(plan, traced, input, () -> {
                Map<String, String> values = desk.rules().check(input.path("properties"), null);
                claim(plan, values, null);
                return new Planned(trace(input), null, values);
            });
        }
        refuseWhole(plan);
        return answer(201, writeAll(plan, false), plan.errors, plan.errors.size(), started);
    }

    private Response update(Request request) {
        long started = desk.store().now();
        List<JsonNode> inputs = Bodies.inputs(Bodies.object(request), MAX);
        refuseDuplicates(inputs);
        boolean traced = traced(inputs);
        Plan plan = new Plan();
        Set<Long> taken = new HashSet<>();
        for (JsonNode input : inputs) {
            String key = input.path("id").asText();
            String idProperty = input.path("idProperty").asText("");
            if (idProperty.equals("email")) {
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
                Map<String, String> values = desk.rules().check(input.path("properties"), before);
                claim(plan, values, before);
                return new Planned(trace(input), before, values);
            });
        }
        refuseWhole(plan);
        int numErrors = plan.errors.size() + plan.missing.size();
        List<Object> results = writeAll(plan, false);
        if (!plan.missing.isEmpty()) {
            plan.errors.add(0, notFound(plan.missing));
        }
        return answer(200, results, plan.errors, numErrors, started);
    }

    private Response upsert(Request request) {
        long started = desk.store().now();
        List<JsonNode> inputs = Bodies.inputs(Bodies.object(request), MAX);
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
            attempt(plan, traced, input, () -> planUpsert(plan, input, key, idProperty, before));
        }
        refuseWhole(plan);
        return answer(200, writeAll(plan, true), plan.errors, plan.errors.size(), started);
    }

    private Planned planUpsert(Plan plan, JsonNode input, String key, String idProperty, Contact before) {
        if (before == null && idProperty.isEmpty()) {
            throw new ApiException(404, "OBJECT_NOT_FOUND", "Could not get some CONTACT objects, they may be deleted")
                    .context("ids", key);
        }
        com.fasterxml.jackson.databind.node.ObjectNode properties =
                io.github.crmsync.sandbox.http.Json.MAPPER.createObjectNode();
        if (before == null) {
            properties.put(idProperty, key);
        }
        input.path("properties").properties().forEach(field -> properties.set(field.getKey(), field.getValue()));
        Map<String, String> values = desk.rules().check(properties, before);
        claim(plan, values, before);
        return new Planned(trace(input), before, values);
    }

    private Response archive(Request request) {
        for (JsonNode input : Bodies.inputs(Bodies.object(request), MAX)) {
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

    private static void attempt(Plan plan, boolean traced, JsonNode input, Supplier<Planned> check) {
        try {
            plan.writes.add(check.get());
        } catch (ApiException refused) {
            if (!traced) {
                plan.refusals.add(refused);
                return;
            }
            Map<String, Object> context = new LinkedHashMap<>();
            context.put("objectWriteTraceId", List.of(trace(input)));
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
            if (!write.traceId().isEmpty()) {
                view.put("objectWriteTraceId", write.traceId());
            }
            results.add(view);
        }
        desk.stats().recordsWritten(results.size());
        return results;
    }

    private Response answer(int goodStatus, List<Object> results, List<Object> errors, int numErrors, long started) {
        Collections.shuffle(results, random);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", "COMPLETE");
        body.put("results", results);
        if (!errors.isEmpty()) {
            body.put("numErrors", numErrors);
            body.put("errors", errors);
        }
        body.put("startedAt", Contact.iso(started));
        body.put("completedAt", Contact.iso(desk.store().now()));
        return Response.json(errors.isEmpty() ? goodStatus : 207, body);
    }

    private static Map<String, Object> notFound(List<String> ids) {
        return new ApiException(
                        404,
                        "OBJECT_NOT_FOUND",
                        "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.")
                .item(Map.of("ids", ids));
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
