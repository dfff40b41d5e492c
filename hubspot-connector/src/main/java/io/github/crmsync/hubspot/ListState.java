package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.connect.errors.ConnectException;

/** Whether the members of a HubSpot list can be relied on. */
enum ListState {
    /** The members are as the list's filters ask for. */
    SETTLED,
    /** HubSpot still evaluates the filters: members may be missing. */
    PROCESSING,
    /** There is no such list. */
    ABSENT,
    /** Deleted, and kept for 90 days: its members stay as they were, or there are none. */
    DELETED,
    /** A list of companies or others. */
    OTHER_OBJECTS;

    private static final String CONTACTS = "0-1";

    static ListState of(JsonNode list) {
        if (!list.path("objectTypeId").asText(CONTACTS).equals(CONTACTS)) {
            return OTHER_OBJECTS;
        }
        if (list.hasNonNull("deletedAt")) {
            return DELETED;
        }
        return list.path("processingStatus").asText("COMPLETE").equals("COMPLETE") ? SETTLED : PROCESSING;
    }

    /** What stands against the list as a scope; null if nothing does. */
    String problem(String listId) {
        return switch (this) {
            case SETTLED, PROCESSING -> null;
            case ABSENT -> "HubSpot has no list with the id " + listId;
            case DELETED -> "List " + listId + " has been deleted in HubSpot";
            case OTHER_OBJECTS -> "List " + listId + " is none of contacts";
        };
    }

    /** Why a task with that list in its settings stops. */
    ConnectException stop(String listId) {
        return new ConnectException(problem(listId) + ": restore it there, or correct the setting "
                + HubSpotSourceConfig.LIST_IDS + ", and restart the connector's tasks. No contact has been excluded");
    }
}
