package io.github.crmsync.core.identity;

import io.github.crmsync.core.record.SyncHeaders;
import java.util.Optional;
import org.apache.kafka.connect.header.Headers;

/**
 * One side of a sync.
 *
 * @param app {@code hubspot} or {@code dynamics}
 * @param id HubSpot's portal id, or the id of the Dynamics organization
 * @param object {@code contacts}, or the Dynamics table
 */
public record Account(String app, String id, String object) {
    /** The account that a source read a record from; empty where the record does not say. */
    public static Optional<Account> of(Headers headers) {
        String app = SyncHeaders.get(headers, SyncHeaders.APP).orElse("");
        String object = SyncHeaders.get(headers, SyncHeaders.OBJECT).orElse("");
        return SyncHeaders.get(headers, SyncHeaders.ACCOUNT)
                .filter(id -> !id.isEmpty() && !app.isEmpty())
                .map(id -> new Account(app, id, object));
    }

    @Override
    public String toString() {
        return app.equals("hubspot")
                ? "HubSpot portal " + id + " (" + object + ")"
                : "Dynamics organization " + id + " (table " + object + ")";
    }
}
