package io.github.crmsync.core.sink;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A record of the target as it was just read or written.
 *
 * @param version number that only grows: HubSpot {@code updatedAt} in ms, Dynamics {@code versionnumber}
 * @param etag token of what was read, which an update carries; null where the app has none
 * @param created creation time in ms since the epoch
 * @param modified time of the last change of any field in ms since the epoch
 * @param values native values of the fields asked for; empty ones may be absent
 * @param emails all addresses in the form of {@link io.github.crmsync.core.record.Emails}
 * @param linkKey id of the other app's record in the link property; null if none
 * @param standsBack whether another record with the same address is to be matched before this one: it is inactive, or closed
 */
public record TargetRecord(
        String id,
        long version,
        String etag,
        long created,
        long modified,
        Map<String, Object> values,
        Set<String> emails,
        String linkKey,
        boolean standsBack) {
    /** A record that stands back behind no other. */
    public TargetRecord(
            String id,
            long version,
            String etag,
            long created,
            long modified,
            Map<String, Object> values,
            Set<String> emails,
            String linkKey) {
        this(id, version, etag, created, modified, values, emails, linkKey, false);
    }

    /** The record, found by further addresses that are not its own. */
    public TargetRecord alsoKnownBy(Set<String> addresses) {
        Set<String> all = new HashSet<>(emails);
        all.addAll(addresses);
        return new TargetRecord(id, version, etag, created, modified, values, all, linkKey, standsBack);
    }
}
