package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The call that reads up to a hundred contacts, fifty with histories. */
final class BatchReadRoutes {
    private static final int MAX_WITH_HISTORY = 50;

    private final Desk desk;
    private final BatchAnswers answers;

    BatchReadRoutes(Desk desk, BatchAnswers answers) {
        this.desk = desk;
        this.answers = answers;
    }

    void addTo(Router router) {
        desk.contacts(router, "POST", "/batch/read", (request, path) -> read(request));
    }

    private Response read(Request request) {
        long started = desk.store().now();
        JsonNode body = Bodies.object(request);
        List<String> withHistory = Bodies.texts(Bodies.array(body, "propertiesWithHistory"));
        List<String> properties = Bodies.texts(Bodies.array(body, "properties"));
        List<JsonNode> inputs = Bodies.inputs(body, BatchAnswers.MAX);
        if (!withHistory.isEmpty() && inputs.size() > MAX_WITH_HISTORY) {
            throw ApiException.validation("The maximum number of inputs for property histories is 50");
        }
        desk.faults().check(inputs);
        String idProperty = body.path("idProperty").asText("");
        boolean archived = Bodies.flag(request, "archived");
        Map<Long, Object> found = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (JsonNode input : inputs) {
            String key = input.path("id").asText();
            Contact contact = archived ? desk.store().archivedById(Bodies.id(key)) : find(key, idProperty);
            if (contact == null) {
                missing.add(key);
            } else {
                found.computeIfAbsent(contact.id(), id -> desk.view().read(contact, properties, withHistory));
            }
        }
        desk.stats().recordsRead(found.size());
        List<Object> errors = missing.isEmpty() ? List.of() : List.of(BatchAnswers.notFound(missing));
        return answers.answer(200, new ArrayList<>(found.values()), errors, missing.size(), started);
    }

    private Contact find(String key, String idProperty) {
        Contact contact = desk.lookup().find(key, idProperty);
        boolean redirected = contact != null && idProperty.isEmpty() && !key.equals(Long.toString(contact.id()));
        return redirected && desk.options().has(Quirk.MERGED_IDS_MISSING_IN_BATCH_READ) ? null : contact;
    }
}
