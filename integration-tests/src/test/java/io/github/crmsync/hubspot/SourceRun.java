package io.github.crmsync.hubspot;

import io.github.crmsync.it.TaskRun;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.source.SourceRecord;

/** A HubSpot source at work. */
final class SourceRun extends TaskRun<SourceRun> {
    private final Portal portal;

    SourceRun(Portal portal) {
        this(portal, Map.of(), null);
    }

    /**
     * @param settings more settings, or other ones than usual
     * @param offset where to go on; null for the first start
     */
    SourceRun(Portal portal, Map<String, String> settings, Map<String, ?> offset) {
        this(portal, settings, offset, null);
    }

    /** @param linked ids of the contacts that the ledger links; null for no ledger */
    SourceRun(Portal portal, Map<String, String> settings, Map<String, ?> offset, List<String> linked) {
        super(task(linked), settings(portal, settings), offset);
        this.portal = portal;
    }

    private static HubSpotSourceTask task(List<String> linked) {
        return new HubSpotSourceTask() {
            @Override
            LinkedContacts linkedContacts(HubSpotSourceConfig config) {
                return linked == null ? null : () -> new Ids(linked);
            }
        };
    }

    private static Map<String, String> settings(Portal portal, Map<String, String> more) {
        Map<String, String> props = new HashMap<>(portal.connection());
        props.put(HubSpotSourceConfig.PROPERTIES, "email,firstname");
        props.put(HubSpotSourceConfig.POLL_INTERVAL_MS, "100");
        props.put(HubSpotSourceConfig.OVERLAP_MS, "10000");
        props.put(HubSpotSourceConfig.ARCHIVE_INTERVAL_MS, "1000");
        props.put(HubSpotSourceConfig.SWEEP_INTERVAL_MS, "0");
        props.putAll(more);
        return props;
    }

    /** The ledger's ids, some at a time. */
    private static final class Ids implements LinkedContacts.Ids {
        private final Iterator<List<String>> chunks;

        Ids(List<String> ids) {
            chunks = Lists.cut(ids, 70).iterator();
        }

        @Override
        public Set<String> next() {
            return chunks.hasNext() ? Set.copyOf(chunks.next()) : Set.of();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @Override
    protected SourceRun self() {
        return this;
    }

    /** Polls on for some more complete rounds of searching and looking for deletions. */
    SourceRun rounds(int rounds) {
        long searches = portal.calls("/search") + rounds;
        long lists = portal.calls("GET /crm/objects/{v}/contacts") + 1;
        return until(
                () -> portal.calls("/search") >= searches && portal.calls("GET /crm/objects/{v}/contacts") >= lists);
    }

    /** The last record of a contact since the last {@link #forget}. */
    SourceRecord last(String id) {
        return delivered().stream()
                .filter(record -> record.key().equals(id))
                .reduce((first, second) -> second)
                .orElseThrow();
    }
}
