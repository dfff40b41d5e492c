package io.github.crmsync.hubspot;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What the source reads from. */
interface ContactFeed extends ContactSearch {
    /** HubSpot's clock in ms since the epoch, to a second. */
    long now();

    /** Definitions of all contact properties, by name. */
    Map<String, PropertyInfo> properties();

    /** A page of live contacts in the order of their ids; {@code after} is empty or null for the first. */
    HubSpotApi.Page listContacts(String after, Collection<String> properties);

    /** A page of archived contacts; {@code after} is null for the first. */
    HubSpotApi.Page listArchived(String after);

    /** Up to 100 live contacts; those that do not exist are missing in the answer. */
    List<Contact> batchRead(Collection<String> ids, Collection<String> properties, String idProperty);

    /** Up to 100 archived contacts, without properties; those that are not in the archive are missing in the answer. */
    List<Contact> readArchived(Collection<String> ids);

    /** The live contact that an id stands for, which is another one after a merge; null if there is none. */
    Contact find(String id);

    /** Whether a list's members can be relied on. */
    ListState list(String listId);

    /** A page of a list's members; {@code after} is null for the first. */
    HubSpotApi.Members members(String listId, String after);
}
