package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Calls about property definitions of contacts. */
final class PropertyRoutes {
    private static final int MAX_UNIQUE = 10;
    private static final int MAX_BATCH = 100;
    private static final Set<String> SENSITIVITIES = Set.of("non_sensitive", "sensitive", "highly_sensitive");
    private static final Map<String, Set<String>> FIELD_TYPES = Map.of(
            "bool", Set.of("booleancheckbox", "calculation_equation"),
            "enumeration", Set.of("booleancheckbox", "checkbox", "radio", "select", "calculation_equation"),
            "date", Set.of("date"),
            "datetime", Set.of("date"),
            "string", Set.of("file", "text", "textarea", "html", "phonenumber", "calculation_equation"),
            "phone_number", Set.of("phonenumber"),
            "number", Set.of("number", "calculation_equation"));

    private final Desk desk;
    private final ListBook lists;
    private final PropertyGroupRoutes groups;

    PropertyRoutes(Desk desk, ListBook lists) {
        this.desk = desk;
        this.lists = lists;
        this.groups = new PropertyGroupRoutes(desk);
    }

    void addTo(Router router) {
        groups.addTo(router);
        for (String type : List.of("contacts", "0-1")) {
            desk.area(router, "properties", "GET", "/" + type, (request, path) -> all(request));
            desk.area(router, "properties", "POST", "/" + type, (request, path) -> create(request));
            String batch = "/" + type + "/batch";
            desk.area(router, "properties", "POST", batch + "/read", (request, path) -> readBatch(request));
            desk.area(router, "properties", "POST", batch + "/create", (request, path) -> createBatch(request));
            desk.area(router, "properties", "POST", batch + "/archive", (request, path) -> archiveBatch(request));
            desk.area(
                    router,
                    "properties",
                    "GET",
                    "/" + type + "/{name}",
                    (request, path) -> one(request, path.get("name")));
            desk.area(
                    router,
                    "properties",
                    "PATCH",
                    "/" + type + "/{name}",
                    (request, path) -> update(request, path.get("name")));
            desk.area(
                    router,
                    "properties",
                    "DELETE",
                    "/" + type + "/{name}",
                    (request, path) -> archive(path.get("name")));
        }
    }

    private Response all(Request request) {
        boolean archived = Bodies.flag(request, "archived");
        List<Object> results = new ArrayList<>();
        String sensitivity = sensitivity(request.queryValue("dataSensitivity"));
        desk.catalog().all().stream()
                .filter(definition -> definition.archived() == archived)
                .filter(definition -> definition.sensitivity().equals(sensitivity))
                .forEach(definition -> results.add(definition.view()));
        return Response.json(200, Map.of("results", results));
    }

    private static String sensitivity(String asked) {
        String sensitivity = asked == null || asked.isEmpty() ? "non_sensitive" : asked;
        if (!SENSITIVITIES.contains(sensitivity)) {
            throw ApiException.validation("Unknown dataSensitivity: " + asked);
        }
        return sensitivity;
    }

    private Response one(Request request, String name) {
        PropertyDefinition found = desk.catalog().find(name);
        boolean asked = found != null && found.archived() && Bodies.flag(request, "archived");
        return Response.json(200, (asked ? found : require(name)).view());
    }

    private Response readBatch(Request request) {
        JsonNode body = Bodies.object(request);
        boolean archived = body.path("archived").asBoolean(false);
        return batch(200, Bodies.inputs(body, MAX_BATCH), input -> {
            String name = input.path("name").asText();
            PropertyDefinition found = desk.catalog().find(name);
            if (found == null || found.archived() != archived) {
                throw new ApiException(404, "OBJECT_NOT_FOUND", "Property " + name + " does not exist");
            }
            return found;
        });
    }

    private Response createBatch(Request request) {
        return batch(201, Bodies.inputs(Bodies.object(request), MAX_BATCH), input -> make(input, request));
    }

    private Response archiveBatch(Request request) {
        for (JsonNode input : Bodies.inputs(Bodies.object(request), MAX_BATCH)) {
            PropertyDefinition found = desk.catalog().live(input.path("name").asText());
            if (found != null) {
                archive(found.name());
            }
        }
        return Response.empty(204);
    }

    /** Each input fails alone. */
    private Response batch(int goodStatus, List<JsonNode> inputs, Function<JsonNode, PropertyDefinition> work) {
        String started = Contact.iso(desk.store().now());
        List<Object> results = new ArrayList<>();
        List<Object> errors = new ArrayList<>();
        for (JsonNode input : inputs) {
            try {
                results.add(work.apply(input).view());
            } catch (ApiException refused) {
                errors.add(
                        refused.item(Map.of("name", List.of(input.path("name").asText()))));
            }
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", "COMPLETE");
        body.put("results", results);
        if (!errors.isEmpty()) {
            body.put("numErrors", errors.size());
            body.put("errors", errors);
        }
        body.put("startedAt", started);
        body.put("completedAt", Contact.iso(desk.store().now()));
        return Response.json(errors.isEmpty() ? goodStatus : 207, body);
    }

    private Response update(Request request, String name) {
        PropertyDefinition before = require(name);
        JsonNode body = Bodies.object(request);
        if (body.has("hasUniqueValue") || body.has("name")) {
            throw ApiException.validation("name and hasUniqueValue of a property cannot be changed");
        }
        if (before.hubspotDefined() && (body.has("type") || body.has("fieldType") || body.has("groupName"))) {
            throw ApiException.validation("Property " + name + " is defined by HubSpot and cannot be changed so");
        }
        String type = body.path("type").asText(before.type());
        String fieldType = body.path("fieldType").asText(before.fieldType());
        checkType(type, fieldType);
        String group = body.path("groupName").asText(before.groupName());
        checkGroup(group);
        PropertyDefinition after = new PropertyDefinition(
                name,
                body.path("label").asText(before.label()),
                body.path("description").asText(before.description()),
                group,
                type,
                fieldType,
                body.has("options") ? options(body, request) : before.options(),
                before.unique(),
                before.readOnly(),
                before.calculated(),
                before.hubspotDefined(),
                false,
                before.sensitivity(),
                before.createdAt(),
                Contact.iso(desk.store().now()));
        desk.catalog().put(after);
        return Response.json(200, after.view());
    }

    private PropertyDefinition require(String name) {
        PropertyDefinition found = desk.catalog().live(name);
        if (found == null) {
            throw new ApiException(404, "OBJECT_NOT_FOUND", "Property " + name + " does not exist");
        }
        return found;
    }

    private Response archive(String name) {
        PropertyDefinition definition = require(name);
        if (definition.hubspotDefined()) {
            throw ApiException.validation("Property " + name + " cannot be archived");
        }
        if (lists.filtersBy(name)) {
            throw ApiException.validation("Property " + name + " is used by a list and cannot be archived")
                    .with("subCategory", "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE");
        }
        desk.catalog().put(definition.withArchived(true));
        return Response.empty(204);
    }

    private Response create(Request request) {
        PropertyDefinition created = make(Bodies.object(request), request);
        return Response.json(201, created.view())
                .with("Location", "https://api.hubapi.com" + request.rawPath() + "/" + created.name());
    }

    private PropertyDefinition make(JsonNode body, Request request) {
        for (String field : List.of("name", "label", "type", "fieldType", "groupName")) {
            if (body.path(field).asText("").isEmpty()) {
                throw ApiException.validation("Invalid input JSON: required field " + field + " is missing");
            }
        }
        String name = body.path("name").asText();
        if (!name.equals(name.toLowerCase(Locale.ROOT)) || !name.matches("[a-z][a-z0-9_]*")) {
            throw ApiException.validation("Property name " + name + " is invalid");
        }
        checkType(body.path("type").asText(), body.path("fieldType").asText());
        checkGroup(body.path("groupName").asText());
        PropertyDefinition before = desk.catalog().find(name);
        if (before != null && !before.archived()) {
            throw new ApiException(409, "OBJECT_ALREADY_EXISTS", "A property named '" + name + "' already exists.")
                    .with("subCategory", "Properties.PROPERTY_WITH_NAME_EXISTS");
        }
        PropertyDefinition created = before != null ? before.withArchived(false) : definition(body, request);
        desk.catalog().put(created);
        return created;
    }

    private static void checkType(String type, String fieldType) {
        if (!FIELD_TYPES.getOrDefault(type, Set.of()).contains(fieldType)) {
            throw ApiException.validation("fieldType " + fieldType + " does not fit type " + type);
        }
    }

    private void checkGroup(String name) {
        if (!groups.has(name)) {
            throw ApiException.validation("Property group " + name + " does not exist");
        }
    }

    private PropertyDefinition definition(JsonNode body, Request request) {
        boolean unique = body.path("hasUniqueValue").asBoolean(false);
        if (unique && desk.catalog().uniqueNames().size() >= MAX_UNIQUE) {
            throw ApiException.validation("At most 10 properties with unique values are allowed");
        }
        String now = Contact.iso(desk.store().now());
        return new PropertyDefinition(
                body.path("name").asText(),
                body.path("label").asText(),
                body.path("description").asText(""),
                body.path("groupName").asText(),
                body.path("type").asText(),
                body.path("fieldType").asText(),
                options(body, request),
                unique,
                false,
                body.path("fieldType").asText().equals("calculation_equation"),
                false,
                false,
                sensitivity(body.path("dataSensitivity").asText("")),
                now,
                now);
    }

    private static List<PropertyDefinition.Option> options(JsonNode body, Request request) {
        List<PropertyDefinition.Option> options = new ArrayList<>();
        boolean ordered = !Bodies.version(request).equals("v3");
        for (JsonNode option : body.path("options")) {
            if (!option.hasNonNull("label")
                    || !option.hasNonNull("value")
                    || !option.has("hidden")
                    || (ordered && !option.hasNonNull("displayOrder"))) {
                throw ApiException.validation("Invalid input JSON: options need label, value and hidden"
                        + (ordered ? ", and displayOrder" : ""));
            }
            options.add(new PropertyDefinition.Option(
                    option.path("label").asText(),
                    option.path("value").asText(),
                    option.path("displayOrder").asInt(options.size()),
                    option.path("hidden").asBoolean()));
        }
        return List.copyOf(options);
    }
}
