package io.github.crmsync.core.sink;

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
 */
public record TargetRecord(
        String id,
        long version,
        String etag,
        long created,
        long modified,
        Map<String, Object> values,
        Set<String> emails,
        String linkKey) {}
