package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Who belongs into a list: a branch of filters and further branches. Knows the filters about a contact's properties and
 * about its membership of other lists.
 *
 * @see <a href="https://developers.hubspot.com/docs/api-reference/latest/crm/lists/list-filters">List filters</a>
 */
interface ListCondition {
    /** Whether the contact belongs into the list at that time. */
    boolean test(Contact contact, long nowMs);

    /** Whether the answer can change although the contact does not. */
    default boolean drifts() {
        return false;
    }

    /** What conditions are read with. */
    record Context(PropertyCatalog catalog, ContactStore store, BiPredicate<String, Contact> isMember) {}

    /** Reads the root of a list's filters: an OR branch of AND branches. */
    static ListCondition of(JsonNode root, Context context) {
        boolean ofAnds = !root.path("filterBranches").isEmpty();
        for (JsonNode branch : root.path("filterBranches")) {
            ofAnds &= branch.path("filterBranchType").asText().equals("AND");
        }
        if (!root.path("filterBranchType").asText().equals("OR")
                || !ofAnds
                || !root.path("filters").isEmpty()) {
            throw ApiException.validation(
                    "The root filter branch must be an OR branch of AND branches, without filters of its own");
        }
        return branch(root, context);
    }

    private static ListCondition branch(JsonNode node, Context context) {
        List<ListCondition> parts = new ArrayList<>();
        node.path("filterBranches").forEach(child -> parts.add(branch(child, context)));
        node.path("filters").forEach(child -> parts.add(filter(child, context)));
        String type = node.path("filterBranchType").asText();
        switch (type) {
            case "OR":
                return group(parts, (contact, now) -> parts.stream().anyMatch(part -> part.test(contact, now)));
            case "AND":
                return group(parts, (contact, now) -> parts.stream().allMatch(part -> part.test(contact, now)));
            case "NOT_ANY":
                return group(parts, (contact, now) -> parts.stream().noneMatch(part -> part.test(contact, now)));
            case "NOT_ALL":
                return group(parts, (contact, now) -> !parts.stream().allMatch(part -> part.test(contact, now)));
            default:
                throw ApiException.validation("Unknown or unsupported filterBranchType: " + type);
        }
    }

    private static ListCondition group(List<ListCondition> parts, ListCondition test) {
        return drifting(parts.stream().anyMatch(ListCondition::drifts), test);
    }

    private static ListCondition filter(JsonNode node, Context context) {
        String type = node.path("filterType").asText();
        if (type.equals("PROPERTY")) {
            String name = node.path("property").asText();
            PropertyDefinition definition = context.catalog().live(name);
            if (definition == null) {
                throw ApiException.validation("Property " + name + " does not exist");
            }
            PropertyOperation operation = PropertyOperation.of(node.path("operation"), definition, context.store());
            return drifting(operation.drifts(), operation::test);
        }
        if (type.equals("IN_LIST")) {
            String list = node.path("listId").asText();
            String operator = node.path("operator").asText();
            if (!operator.equals("IN_LIST") && !operator.equals("NOT_IN_LIST")) {
                throw ApiException.validation("Unknown operator of an IN_LIST filter: " + operator);
            }
            boolean wanted = operator.equals("IN_LIST");
            return drifting(true, (contact, now) -> context.isMember().test(list, contact) == wanted);
        }
        throw ApiException.validation("Unknown or unsupported filterType: " + type);
    }

    private static ListCondition drifting(boolean drifts, ListCondition test) {
        return new ListCondition() {
            @Override
            public boolean test(Contact contact, long nowMs) {
                return test.test(contact, nowMs);
            }

            @Override
            public boolean drifts() {
                return drifts;
            }
        };
    }
}
