package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.hubspot.HubSpotAnswers.Operation;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The contact property with unique values that holds the linked Dynamics record's id. */
final class LinkProperty {
    private static final Logger LOG = LoggerFactory.getLogger(LinkProperty.class);

    private static final long RETRY_MS = 5_000;

    private LinkProperty() {}

    /**
     * Makes sure that the property exists.
     *
     * @param known the portal's properties, to which a new one is added
     * @return whether it can be used
     */
    static boolean ensure(HubSpotApi api, String name, Map<String, PropertyInfo> known) {
        PropertyInfo existing = known.get(name);
        if (existing != null) {
            if (!existing.unique()) {
                LOG.warn("The property {} has no unique values: links are kept in the ledger only", name);
            }
            return existing.unique();
        }
        ApiResponse response;
        try {
            response = api.createProperty(definition(name));
        } catch (HubSpotErrors.Forbidden e) {
            LOG.warn(
                    "The property {} is missing and the token may not create it: links are kept in the ledger only. Give the"
                            + " token the scope crm.schemas.contacts.write, or create a single-line text property of that"
                            + " name with unique values",
                    name);
            return false;
        }
        AnswerKind kind = HubSpotAnswers.good(response) ? null : HubSpotAnswers.of(Operation.WRITE, response);
        if (kind == null || kind == AnswerKind.CONFLICT) {
            known.putAll(api.properties());
            LOG.info("Contact property {} for links is ready", name);
            return known.containsKey(name) && known.get(name).unique();
        }
        if (kind == AnswerKind.TRY_LATER || kind == AnswerKind.AMBIGUOUS) {
            throw new RetryLaterException(
                    "Creating the property " + name + ": " + HubSpotErrors.summary(response), RETRY_MS, null);
        }
        LOG.warn(
                "The property {} cannot be created ({}): links are kept in the ledger only",
                name,
                HubSpotErrors.summary(response));
        return false;
    }

    private static ObjectNode definition(String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("label", "Dynamics record (" + name + ")")
                .put("description", "Id of the Dynamics record that this contact is synced with. Do not edit.")
                .put("type", "string")
                .put("fieldType", "text")
                .put("groupName", "contactinformation")
                .put("hasUniqueValue", true)
                .put("formField", false);
    }
}
