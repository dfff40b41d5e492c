package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.dynamics.DynamicsConfig.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a table by change tracking: pages of the first reading, then pages of changes, one after the other along the links
 * that the service gives. The link of the page to read next is the offset.
 *
 * <pre>
 *  start --> snapshot pages --(delta link)--> changes --(wait)--> changes ...
 *    ^                                           |
 *    +---------- link expired -------------------+
 * </pre>
 */
public final class DynamicsSourceTask extends SourceTask {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicsSourceTask.class);
    private static final String LINK = "link";
    private static final String SNAPSHOT_DONE = "snapshotDone";
    private static final String EXPIRED = "0x80044352";

    private final CountDownLatch stopped = new CountDownLatch(1);
    private DynamicsSourceConfig config;
    private DataverseApi api;
    private RowMapper mapper;
    private Table table;
    private Map<String, String> partition;
    private String link;
    private boolean snapshotDone;
    private long nextPoll;
    private long nextSweep;
    private boolean sweeping;
    private String sweepLink;

    @Override
    public void start(Map<String, String> props) {
        config = new DynamicsSourceConfig(props);
        table = config.table();
        api = new DataverseApi(config);
        mapper = new RowMapper(
                table,
                config.getString(DynamicsSourceConfig.TOPIC),
                config.getList(DynamicsSourceConfig.COLUMNS),
                api.columns(table.logicalName()));
        partition = Map.of("organization", api.organizationId(), "table", table.logicalName());
        Map<String, Object> offset = context.offsetStorageReader().offset(partition);
        if (offset != null) {
            link = (String) offset.get(LINK);
            snapshotDone = "true".equals(offset.get(SNAPSHOT_DONE));
        }
        nextSweep = System.currentTimeMillis() + config.getLong(DynamicsSourceConfig.SWEEP_INTERVAL_MS);
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        try {
            if (System.currentTimeMillis() >= nextPoll) {
                return changes();
            }
            if (sweepDue()) {
                return sweep();
            }
            pause(Math.min(500, nextPoll - System.currentTimeMillis()));
        } catch (RetryLaterException e) {
            LOG.warn("Dynamics cannot be read now: {}", e.getMessage());
            pause(1000);
        }
        return null;
    }

    private List<SourceRecord> changes() {
        ApiResponse response =
                api.changes(table.entitySet(), mapper.columns(), link, config.getInt(DynamicsSourceConfig.PAGE_SIZE));
        if (link != null && isExpired(response)) {
            LOG.warn("The change-tracking token of {} has expired: all rows are read again", table.logicalName());
            link = null;
            return null;
        }
        JsonNode page = api.expectOk(response).json();
        String next = page.path("@odata.nextLink").asText(null);
        String delta = page.path("@odata.deltaLink").asText(null);
        if (next == null && delta == null && link == null) {
            throw new ConnectException("The table " + table.logicalName()
                    + " has no change tracking: switch it on in the table's properties, then restart the task");
        }
        List<SourceRecord> records = records(page, next, delta);
        if (next == null) {
            nextPoll = System.currentTimeMillis() + config.getLong(DynamicsSourceConfig.POLL_INTERVAL_MS);
        }
        return records.isEmpty() ? null : records;
    }

    /** Only the last record of a page carries the link behind it: a crash before that reads the page again. */
    private List<SourceRecord> records(JsonNode page, String next, String delta) {
        Map<String, String> here = offset(link, snapshotDone);
        Origin origin = snapshotDone ? Origin.LIVE : Origin.SNAPSHOT;
        boolean snapshotEnds = !snapshotDone && next == null && delta != null;
        snapshotDone |= snapshotEnds;
        if (next != null || delta != null) {
            link = next != null ? next : delta;
        }
        Map<String, String> behind = offset(link, snapshotDone);
        List<SourceRecord> records = new ArrayList<>();
        int rows = page.path("value").size();
        int marks = snapshotEnds ? partitions() : 0;
        for (int i = 0; i < rows; i++) {
            boolean last = i == rows - 1 && marks == 0;
            records.add(mapper.record(page.path("value").get(i), origin, partition, last ? behind : here));
        }
        for (int i = 0; i < marks; i++) {
            records.add(mapper.snapshotEnd(i, partition, i == marks - 1 ? behind : here));
        }
        return records;
    }

    private boolean sweepDue() {
        long interval = config.getLong(DynamicsSourceConfig.SWEEP_INTERVAL_MS);
        if (!sweeping && interval > 0 && snapshotDone && System.currentTimeMillis() >= nextSweep) {
            sweeping = true;
            nextSweep = System.currentTimeMillis() + interval;
        }
        return sweeping;
    }

    private List<SourceRecord> sweep() {
        JsonNode page = api.expectOk(api.rows(
                        table.entitySet(), mapper.columns(), sweepLink, config.getInt(DynamicsSourceConfig.PAGE_SIZE)))
                .json();
        sweepLink = page.path("@odata.nextLink").asText(null);
        sweeping = sweepLink != null;
        List<SourceRecord> records = new ArrayList<>();
        for (JsonNode row : page.path("value")) {
            records.add(mapper.record(row, Origin.SWEEP, partition, offset(link, snapshotDone)));
        }
        return records;
    }

    private int partitions() {
        return Integer.parseInt(config.originalsStrings().getOrDefault(DynamicsSourceConfig.PARTITIONS, "1"));
    }

    private static Map<String, String> offset(String link, boolean snapshotDone) {
        return link == null
                ? Map.of(SNAPSHOT_DONE, Boolean.toString(snapshotDone))
                : Map.of(LINK, link, SNAPSHOT_DONE, Boolean.toString(snapshotDone));
    }

    private static boolean isExpired(ApiResponse response) {
        return response.status() >= 400
                && response.status() < 500
                && (EXPIRED.equals(response.json().path("error").path("code").asText())
                        || response.text().contains("Version stamp associated with the client has expired"));
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
