package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Calls about the groups that property definitions are shown in. */
final class PropertyGroupRoutes {
    private record Group(String name, String label, int displayOrder) {
        Map<String, Object> view() {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("archived", false);
            view.put("name", name);
            view.put("displayOrder", displayOrder);
            view.put("label", label);
            return view;
        }
    }

    private final Desk desk;
    private final Map<String, Group> groups = new LinkedHashMap<>();

    PropertyGroupRoutes(Desk desk) {
        this.desk = desk;
        groups.put("contactinformation", new Group("contactinformation", "Contact information", 0));
        groups.put("sales_properties", new Group("sales_properties", "Sales properties", 1));
    }

    /** Must be added before the routes of single properties, one of which could be named like them. */
    void addTo(Router router) {
        for (String type : List.of("contacts", "0-1")) {
            String all = "/" + type + "/groups";
            desk.area(router, "properties", "GET", all, (request, path) -> list());
            desk.area(router, "properties", "POST", all, (request, path) -> create(request));
            desk.area(router, "properties", "GET", all + "/{name}", (request, path) -> one(path.get("name")));
            desk.area(
                    router,
                    "properties",
                    "PATCH",
                    all + "/{name}",
                    (request, path) -> update(request, path.get("name")));
            desk.area(router, "properties", "DELETE", all + "/{name}", (request, path) -> archive(path.get("name")));
        }
    }

    boolean has(String name) {
        return groups.containsKey(name);
    }

    private Response list() {
        List<Object> results = new ArrayList<>();
        groups.values().forEach(group -> results.add(group.view()));
        return Response.json(200, Map.of("results", results));
    }

    private Response one(String name) {
        return Response.json(200, require(name).view());
    }

    private Group require(String name) {
        Group group = groups.get(name);
        if (group == null) {
            throw new ApiException(404, "OBJECT_NOT_FOUND", "Property group " + name + " does not exist");
        }
        return group;
    }

    private Response create(Request request) {
        JsonNode body = Bodies.object(request);
        String name = body.path("name").asText("");
        if (name.isEmpty() || body.path("label").asText("").isEmpty()) {
            throw ApiException.validation("Invalid input JSON: required fields are name and label");
        }
        if (has(name)) {
            throw new ApiException(
                    409, "OBJECT_ALREADY_EXISTS", "A property group named '" + name + "' already exists.");
        }
        Group group = new Group(
                name, body.path("label").asText(), body.path("displayOrder").asInt(-1));
        groups.put(name, group);
        return Response.json(201, group.view());
    }

    private Response update(Request request, String name) {
        Group before = require(name);
        JsonNode body = Bodies.object(request);
        Group after = new Group(
                name,
                body.path("label").asText(before.label()),
                body.path("displayOrder").asInt(before.displayOrder()));
        groups.put(name, after);
        return Response.json(200, after.view());
    }

    private Response archive(String name) {
        require(name);
        if (desk.catalog().all().stream()
                .anyMatch(definition ->
                        !definition.archived() && definition.groupName().equals(name))) {
            throw ApiException.validation("Property group " + name + " still has properties");
        }
        groups.remove(name);
        return Response.empty(204);
    }
}
