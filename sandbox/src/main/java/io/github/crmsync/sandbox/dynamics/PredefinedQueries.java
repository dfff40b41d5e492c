package io.github.crmsync.sandbox.dynamics;

import java.util.List;
import java.util.Map;

/** Queries in FetchXML: given in the address, or stored as a view. */
final class PredefinedQueries {
    private final ServiceContext context;
    private final Organization organization;

    PredefinedQueries(ServiceContext context) {
        this.context = context;
        this.organization = context.organization();
    }

    /** The answer to a request that names such a query; null if it names none. */
    ApiResponse run(RowStore store, Query query, ApiRequest request) {
        Map<String, String> options = request.options();
        FetchXml fetch = organization.read(() -> options.containsKey("fetchXml")
                ? FetchXml.parse(options.get("fetchXml"))
                : options.containsKey("savedQuery")
                        ? FetchXml.stored(organization.storeOf("savedquery"), options.get("savedQuery"))
                        : options.containsKey("userQuery")
                                ? FetchXml.stored(organization.storeOf("userquery"), options.get("userQuery"))
                                : null);
        if (fetch == null) {
            return null;
        }
        if (!fetch.entity().equals(store.table().logicalName())) {
            throw ServiceException.badRequest(
                    "0x80060888", "The query is for the entity '" + fetch.entity() + "', not for this entity set.");
        }
        Selection selection = new Selection(
                store.table(),
                List.of(),
                fetch.columns(store.table()),
                List.of(),
                query.selection().annotations(),
                organization.model());
        FilterCompiler compiler = context.queries(request).compiler(store.table());
        return answer(organization.read(() -> fetch.run(store, compiler)), selection);
    }

    /** Columns without a value are left out. */
    private ApiResponse answer(FetchXml.Result result, Selection selection) {
        context.reader().countRead(result.rows().size());
        return ApiResponse.json(
                200,
                organization.read(() -> Json.object(json -> {
                    json.writeStringField(
                            "@odata.context",
                            context.root() + "$metadata#"
                                    + selection.address(selection.table().entitySet()));
                    if (result.cookie() != null) {
                        json.writeStringField("@Microsoft.Dynamics.CRM.fetchxmlpagingcookie", result.cookie());
                    }
                    json.writeArrayFieldStart("value");
                    for (Row row : result.rows()) {
                        json.writeStartObject();
                        selection.write(json, row, true);
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                })));
    }
}
