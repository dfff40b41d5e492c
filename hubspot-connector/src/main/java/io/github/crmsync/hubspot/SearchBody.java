package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Searches in the API's form; times are ms as text, the one form that every search accepts. */
final class SearchBody {
    private SearchBody() {}

    static ObjectNode of(ContactSearch.Query query) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode groups = body.putArray("filterGroups");
        boolean split = !query.known().isEmpty();
        ArrayNode filters = window(groups, query.fromMs() + (split ? 1 : 0), query.toMs());
        if (query.afterId() != null) {
            filter(filters, "hs_object_id", "GT", query.afterId());
        }
        if (split) {
            ArrayNode first = window(groups, query.fromMs(), query.fromMs());
            query.known().forEach(id -> filter(first, "hs_object_id", "NEQ", id));
        }
        body.putArray("sorts")
                .addObject()
                .put("propertyName", query.byId() ? "hs_object_id" : Contact.MODIFIED)
                .put("direction", "ASCENDING");
        body.putArray("properties").add(Contact.MODIFIED);
        body.put("limit", HubSpotApi.SEARCH_PAGE);
        return body;
    }

    private static ArrayNode window(ArrayNode groups, long fromMs, long toMs) {
        ArrayNode filters = groups.addObject().putArray("filters");
        filter(filters, Contact.MODIFIED, "GTE", Long.toString(fromMs));
        filter(filters, Contact.MODIFIED, "LTE", Long.toString(toMs));
        return filters;
    }

    private static void filter(ArrayNode filters, String property, String operator, String value) {
        filters.addObject()
                .put("propertyName", property)
                .put("operator", operator)
                .put("value", value);
    }
}
