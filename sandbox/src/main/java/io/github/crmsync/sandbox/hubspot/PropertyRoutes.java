package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Calls about property definitions of contacts. */
final class PropertyRoutes {
    private static final int MAX_UNIQUE = 10;
    private static final Map<String, Set<String>> FIELD_TYPES = Map.of(
            "bool", Set.of("booleancheckbox", "calculation_equation"),
            "enumeration", Set.of("booleancheckbox", "checkbox", "radio", "select", "calculation_equation"),
            "date", Set.of("date"),
            "datetime", Set.of("date"),
            "string", Set.of("file", "text", "textarea", "html", "phonenumber", "calculation_equation"),
            "phone_number", Set.of("phonenumber"),
            "number", Set.of("number", "calculation_equation"));

    private final Desk desk;

    PropertyRoutes(Desk desk) {
        this.desk = desk;
    }

    void addTo(Router router) {
        for (String type : List.of("contacts", "0-1")) {
            desk.area(router, "properties", "GET", "/" + type, (request, path) -> all(request));
            desk.area(router, "properties", "POST", "/" + type, (request, path) -> create(request));
            desk.area(router, "properties", "GET", "/" + type + "/{name}", (request, path) -> one(path.get("name")));
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
        String sensitivity = request.queryValue("dataSensitivity");
        if (sensitivity == null || sensitivity.equals("non_sensitive")) {
            desk.catalog().all().stream()
                    .filter(definition -> definition.archived() == archived)
                    .forEach(definition -> results.add(definition.view()));
        }
        return Response.json(200, Map.of("results", results));
    }

    private Response one(String name) {
        return Response.json(200, require(name).view());
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
        desk.catalog().put(definition.withArchived(true));
        return Response.empty(204);
    }

    private Response create(Request request) {
        JsonNode body = Bodies.object(request);
        for (String field : List.of("name", "label", "type", "fieldType", "groupName")) {
            if (body.path(field).asText("").isEmpty()) {
                throw ApiException.validation("Invalid input JSON: required field " + field + " is missing");
            }
        }
        String name = body.path("name").asText();
        if (!name.equals(name.toLowerCase(Locale.ROOT)) || !name.matches("[a-z][a-z0-9_]*")) {
            throw ApiException.validation("Property name " + name + " is invalid");
        }
        String type = body.path("type").asText();
        String fieldType = body.path("fieldType").asText();
        if (!FIELD_TYPES.getOrDefault(type, Set.of()).contains(fieldType)) {
            throw ApiException.validation("fieldType " + fieldType + " does not fit type " + type);
        }
        PropertyDefinition before = desk.catalog().find(name);
        if (before != null && !before.archived()) {
            throw new ApiException(409, "OBJECT_ALREADY_EXISTS", "A property named '" + name + "' already exists.")
                    .with("subCategory", "Properties.PROPERTY_WITH_NAME_EXISTS");
        }
        PropertyDefinition created = before != null ? before.withArchived(false) : definition(body);
        desk.catalog().put(created);
        return Response.json(201, created.view())
                .with("Location", "https://api.hubapi.com" + request.rawPath() + "/" + name);
    }

    private PropertyDefinition definition(JsonNode body) {
        boolean unique = body.path("hasUniqueValue").asBoolean(false);
        if (unique && desk.catalog().uniqueNames().size() >= MAX_UNIQUE) {
            throw ApiException.validation("At most 10 properties with unique values are allowed");
        }
        List<PropertyDefinition.Option> options = new ArrayList<>();
        for (JsonNode option : body.path("options")) {
            if (!option.hasNonNull("label") || !option.hasNonNull("value") || !option.has("hidden")) {
                throw ApiException.validation("Invalid input JSON: options need label, value and hidden");
            }
            options.add(new PropertyDefinition.Option(
                    option.path("label").asText(),
                    option.path("value").asText(),
                    option.path("displayOrder").asInt(options.size()),
                    option.path("hidden").asBoolean()));
        }
        String now = Contact.iso(desk.store().now());
        return new PropertyDefinition(
                body.path("name").asText(),
                body.path("label").asText(),
                body.path("description").asText(""),
                body.path("groupName").asText(),
                body.path("type").asText(),
                body.path("fieldType").asText(),
                List.copyOf(options),
                unique,
                false,
                body.path("fieldType").asText().equals("calculation_equation"),
                false,
                false,
                now,
                now);
    }
}
