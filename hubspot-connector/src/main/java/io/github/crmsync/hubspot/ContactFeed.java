package io.github.crmsync.hubspot;

import java.util.Collection;
import java.util.List;

/** What the source reads from. */
interface ContactFeed extends ContactSearch {
    /** HubSpot's clock in ms since the epoch, to a second. */
    long now();

    /** A page of live contacts in the order of their ids; {@code after} is empty or null for the first. */
    HubSpotApi.Page listContacts(String after, Collection<String> properties);

    /** A page of archived contacts; {@code after} is null for the first. */
    HubSpotApi.Page listArchived(String after);

    /** Up to 100 live contacts; those that do not exist are missing in the answer. */
    List<Contact> batchRead(Collection<String> ids, Collection<String> properties, String idProperty);
}
