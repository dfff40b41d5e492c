package io.github.crmsync.hubspot;

import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.record.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads contacts: first all of them by list, then what changes by search, with values from the primary store.
 *
 * <pre>
 *  start --> list pages --(marks)--> windows of changes --(wait)--> windows ...
 *                                    archived contacts and sweeps in between
 * </pre>
 *
 * The offset is the list's cursor, and then the time up to which changes are complete.
 */
public final class HubSpotSourceTask extends SourceTask {
    private static final Logger LOG = LoggerFactory.getLogger(HubSpotSourceTask.class);
    private static final String AFTER = "after";
    private static final String CURSOR = "cursor";
    private static final String SNAPSHOT_DONE = "snapshotDone";
    private static final int REMEMBERED = 50_000;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Map<String, Long> emitted = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };
    private AbstractConfig config;
    private HubSpotApi api;
    private ContactMapper mapper;
    private List<String> read;
    private Map<String, String> partition;
    private String after = "";
    private long cursor;
    private boolean snapshotDone;
    private ChangeWindow window;
    private long nextPoll;
    private long nextDeletionCheck;
    private long deletionsSeenUntil;
    private long nextSweep;
    private String sweepAfter;

    @Override
    public void start(Map<String, String> props) {
        config = new AbstractConfig(HubSpotSourceConfig.definition(), props, false);
        HubSpotConfig connection = new HubSpotConfig(config);
        api = new HubSpotApi(connection, connection.http());
        String linkProperty = config.getString(HubSpotConfig.LINK_PROPERTY);
        List<String> properties = config.getList(HubSpotSourceConfig.PROPERTIES);
        mapper = new ContactMapper(
                config.getString(HubSpotSourceConfig.TOPIC),
                properties,
                linkProperty,
                new HubSpotValues(api.properties()));
        Set<String> all = new LinkedHashSet<>(properties);
        all.add(Contact.MODIFIED);
        if (!linkProperty.isEmpty()) {
            all.add(linkProperty);
        }
        read = List.copyOf(all);
        partition = Map.of("portal", api.accountInfo().portalId(), "object", "contacts");
        restore(context.offsetStorageReader().offset(partition));
        deletionsSeenUntil = cursor;
        nextSweep = System.currentTimeMillis() + config.getLong(HubSpotSourceConfig.SWEEP_INTERVAL_MS);
    }

    private void restore(Map<String, Object> offset) {
        // Changes are read from before the snapshot began: the snapshot itself misses what changes behind its pages.
        cursor = api.now();
        if (offset != null) {
            after = String.valueOf(offset.getOrDefault(AFTER, ""));
            cursor = Long.parseLong(String.valueOf(offset.get(CURSOR)));
            snapshotDone = "true".equals(offset.get(SNAPSHOT_DONE));
        }
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        try {
            List<SourceRecord> records = snapshotDone ? afterSnapshot() : snapshot();
            if (!records.isEmpty()) {
                return records;
            }
        } catch (RetryLaterException e) {
            LOG.warn("HubSpot cannot be read now: {}", e.getMessage());
            pause(1000);
        }
        return null;
    }

    private List<SourceRecord> snapshot() {
        HubSpotApi.Page page = api.listContacts(after, read);
        Map<String, String> here = offset();
        after = page.next() == null ? "" : page.next();
        snapshotDone = page.next() == null;
        List<SourceRecord> records = new ArrayList<>();
        for (Contact contact : page.contacts()) {
            emitted.put(contact.id(), mapper.fingerprint(contact));
            records.add(mapper.record(contact, Origin.SNAPSHOT, partition, here));
        }
        int marks = snapshotDone ? partitions() : 0;
        for (int i = 0; i < marks; i++) {
            records.add(mapper.snapshotEnd(i, partition, here));
        }
        return behind(records);
    }

    private List<SourceRecord> afterSnapshot() throws InterruptedException {
        long now = System.currentTimeMillis();
        if (window != null || now >= nextPoll) {
            return changes();
        }
        if (now >= nextDeletionCheck) {
            nextDeletionCheck = now + config.getLong(HubSpotSourceConfig.DELETION_INTERVAL_MS);
            return deletions();
        }
        long sweepInterval = config.getLong(HubSpotSourceConfig.SWEEP_INTERVAL_MS);
        if (sweepInterval > 0 && (sweepAfter != null || now >= nextSweep)) {
            return sweep(now + sweepInterval);
        }
        pause(Math.min(500, nextPoll - now));
        return List.of();
    }

    /** One page of the window's changes; the cursor moves only past what is complete. */
    private List<SourceRecord> changes() {
        if (window == null) {
            window = new ChangeWindow(api, cursor - config.getLong(HubSpotSourceConfig.OVERLAP_MS), api.now() + 1000);
        }
        List<String> ids = List.copyOf(window.next());
        Map<String, String> here = offset();
        List<SourceRecord> records = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += HubSpotApi.BATCH) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + HubSpotApi.BATCH));
            for (Contact contact : api.batchRead(some, read, null)) {
                long fingerprint = mapper.fingerprint(contact);
                if (!Long.valueOf(fingerprint).equals(emitted.put(contact.id(), fingerprint))) {
                    records.add(mapper.record(contact, Origin.LIVE, partition, here));
                }
            }
        }
        if (window.isDone()) {
            cursor = Math.max(cursor, window.completeUntil() - 1000);
            window = null;
            nextPoll = System.currentTimeMillis() + config.getLong(HubSpotSourceConfig.POLL_INTERVAL_MS);
        }
        return behind(records);
    }

    /** Contacts that were archived since the last look: search never shows them. */
    private List<SourceRecord> deletions() {
        long since = deletionsSeenUntil - config.getLong(HubSpotSourceConfig.OVERLAP_MS);
        long newest = deletionsSeenUntil;
        List<SourceRecord> records = new ArrayList<>();
        String next = null;
        do {
            HubSpotApi.Page page = api.listArchived(next);
            for (Contact contact : page.contacts()) {
                if (contact.archivedAt() >= since && emitted.getOrDefault(contact.id(), 0L) != -1L) {
                    emitted.put(contact.id(), -1L);
                    records.add(mapper.deletion(contact, partition, offset()));
                }
                newest = Math.max(newest, contact.archivedAt());
            }
            next = page.next();
        } while (next != null);
        deletionsSeenUntil = newest;
        return records;
    }

    private List<SourceRecord> sweep(long nextTime) {
        HubSpotApi.Page page = api.listContacts(sweepAfter, read);
        sweepAfter = page.next();
        if (sweepAfter == null) {
            nextSweep = nextTime;
        }
        return page.contacts().stream()
                .map(contact -> mapper.record(contact, Origin.SWEEP, partition, offset()))
                .toList();
    }

    /** Only the last record of a page carries the offset behind it: a crash before that reads the page again. */
    private List<SourceRecord> behind(List<SourceRecord> records) {
        if (!records.isEmpty()) {
            SourceRecord last = records.remove(records.size() - 1);
            records.add(new SourceRecord(
                    partition,
                    offset(),
                    last.topic(),
                    last.kafkaPartition(),
                    last.keySchema(),
                    last.key(),
                    last.valueSchema(),
                    last.value(),
                    last.timestamp(),
                    last.headers()));
        }
        return records;
    }

    private Map<String, String> offset() {
        return Map.of(AFTER, after, CURSOR, Long.toString(cursor), SNAPSHOT_DONE, Boolean.toString(snapshotDone));
    }

    private int partitions() {
        return Integer.parseInt(config.originalsStrings().getOrDefault(HubSpotSourceConfig.PARTITIONS, "1"));
    }

    private void pause(long ms) throws InterruptedException {
        stopped.await(Math.max(1, ms), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        stopped.countDown();
        if (api != null) {
            api.close();
        }
    }

    @Override
    public String version() {
        return Version.of(getClass());
    }
}
