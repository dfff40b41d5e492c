package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.olingo.server.api.uri.UriParameter;
import org.apache.olingo.server.api.uri.UriResourceFunction;

/** The functions of the service root and of users, and the root's document. */
final class RootFunctions {
    private final ServiceContext context;
    private final Organization organization;

    RootFunctions(ServiceContext context) {
        this.context = context;
        this.organization = context.organization();
    }

    ApiResponse call(UriResourceFunction function, ApiRequest request) {
        if (!request.method().equals("GET")) {
            throw new ServiceException(404, "", "No HTTP resource was found that matches the request URI.");
        }
        return function.getFunction().getName().equals("WhoAmI") ? whoAmI() : totals(function, request);
    }

    private ApiResponse whoAmI() {
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", context.root() + "$metadata#" + Table.NAMESPACE + "WhoAmIResponse");
            json.writeStringField(
                    "BusinessUnitId", organization.businessUnitId().toString());
            json.writeStringField("UserId", organization.userId().toString());
            json.writeStringField(
                    "OrganizationId", organization.organizationId().toString());
        }));
    }

    /** RetrieveTotalRecordCount; the real one may answer with figures of the day before. */
    private ApiResponse totals(UriResourceFunction function, ApiRequest request) {
        String text = parameter(function, request);
        List<RowStore> stores = new ArrayList<>();
        JsonNode names = Json.readArray(text);
        for (JsonNode name : names) {
            RowStore store = context.model().named(name.asText());
            if (store == null) {
                throw ServiceException.badRequest(
                        "0x80041102", "The entity with a name = '" + name.asText() + "' was not found.");
            }
            stores.add(store);
        }
        return ApiResponse.json(
                200,
                organization.read(() -> Json.object(json -> {
                    String type = Table.NAMESPACE + "RetrieveTotalRecordCountResponse";
                    json.writeStringField("@odata.context", context.root() + "$metadata#" + type);
                    json.writeObjectFieldStart("EntityRecordCountCollection");
                    json.writeNumberField("Count", stores.size());
                    json.writeBooleanField("IsReadOnly", false);
                    json.writeArrayFieldStart("Keys");
                    for (RowStore store : stores) {
                        json.writeString(store.table().logicalName());
                    }
                    json.writeEndArray();
                    json.writeArrayFieldStart("Values");
                    for (RowStore store : stores) {
                        json.writeNumber(store.size());
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                })));
    }

    private static String parameter(UriResourceFunction function, ApiRequest request) {
        UriParameter parameter = function.getParameters().get(0);
        return parameter.getAlias() == null
                ? parameter.getText()
                : request.options().get(parameter.getAlias());
    }

    /**
     * The roles that give a user a privilege (Dataverse documentation, "Security roles and privileges"). All users here have all
     * privileges but those that were taken away.
     */
    ApiResponse privilege(UriResourceFunction function, ApiRequest request) {
        String text = parameter(function, request);
        String name = text.substring(1, text.length() - 1).replace("''", "'");
        boolean held = !organization.behaviour().lacks(name);
        String depth = organization.behaviour().lacks(name + ":Global") ? "Local" : "Global";
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField(
                    "@odata.context",
                    context.root() + "$metadata#" + Table.NAMESPACE + Privileges.FUNCTION + "Response");
            json.writeArrayFieldStart("RolePrivileges");
            if (held) {
                json.writeStartObject();
                json.writeStringField("Depth", depth);
                json.writeStringField("PrivilegeId", Privileges.id(name).toString());
                json.writeStringField(
                        "BusinessUnitId", organization.businessUnitId().toString());
                json.writeStringField("PrivilegeName", name);
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
    }

    ApiResponse serviceDocument() {
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", context.root() + "$metadata");
            json.writeArrayFieldStart("value");
            for (RowStore store : context.model().stores()) {
                json.writeStartObject();
                json.writeStringField("name", store.table().entitySet());
                json.writeStringField("kind", "EntitySet");
                json.writeStringField("url", store.table().entitySet());
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
    }
}
