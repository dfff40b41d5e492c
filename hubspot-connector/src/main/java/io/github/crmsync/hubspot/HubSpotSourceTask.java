package io.github.crmsync.hubspot;

import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.core.source.FormerOffsets;
import io.github.crmsync.core.source.Steps;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads HubSpot's contacts. */
public class HubSpotSourceTask extends SourceTask {
    private static final Logger LOG = LoggerFactory.getLogger(HubSpotSourceTask.class);
    /** Longest wait in one call of {@link #poll()}, so that the worker can pause or stop the task. */
    private static final long WAIT_MS = 500;

    private static final long LEAST_RETRY_MS = 1_000;

    private final HttpRuntime runtime;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Steps steps;
    private HubSpotSourceConfig config;
    private SourceOffset stored;
    private FormerOffsets former;
    private volatile HubSpotApi api;
    private ContactReader reader;
    private String portal = "";
    private long nextStep;

    public HubSpotSourceTask() {
        this(HttpRuntime.SYSTEM, Steps.thread("crmsync-hubspot-source"));
    }

    HubSpotSourceTask(HttpRuntime runtime, Steps steps) {
        this.runtime = runtime;
        this.steps = steps;
    }

    @Override
    public String version() {
        return HubSpotSourceConnector.pluginVersion();
    }

    @Override
    public void start(Map<String, String> props) {
        config = new HubSpotSourceConfig(props);
        String problem = config.connection().credentialsProblem();
        if (problem != null) {
            throw new ConnectException(problem);
        }
        OffsetStorageReader offsets = context.offsetStorageReader();
        stored = SourceOffset.furthest(SourceOffset.PARTITION.stored(offsets).stream()
                .map(SourceOffset::of)
                .toList());
        former = new FormerOffsets(SourceOffset.PARTITION, offsets);
        api = new HubSpotApi(config.connection(), config.connection().http(), runtime);
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        long wait = steps.underWay() ? 0 : nextStep - runtime.millis();
        if (wait > 0) {
            runtime.await(stopped, Math.min(wait, WAIT_MS));
            return null;
        }
        return steps.poll(this::step);
    }

    private List<SourceRecord> step() {
        if (stopped.getCount() == 0) {
            return null;
        }
        try {
            if (reader == null) {
                reader = open();
            }
            List<SourceRecord> records = former.clear(reader.step(), runtime.millis());
            if (!portal.isEmpty()) {
                records.forEach(record -> SyncHeaders.set(record.headers(), SyncHeaders.ACCOUNT, portal));
            }
            nextStep = runtime.millis() + reader.waitMs();
            return records.isEmpty() ? null : records;
        } catch (RetryLaterException e) {
            // The quota itself tells when it is used up.
            if (stopped.getCount() > 0 && !(e instanceof PortalQuota.UsedUpException)) {
                LOG.warn("HubSpot cannot be read now, trying again: {}", e.getMessage());
            }
            nextStep = runtime.millis() + Math.max(LEAST_RETRY_MS, e.waitMs());
            return null;
        }
    }

    private ContactReader open() {
        portal = api.accountInfo().portalId();
        LOG.info(
                "Reading contacts of HubSpot portal {}, {}",
                portal.isEmpty() ? "(unknown)" : portal,
                stored == null ? "from the beginning" : "going on with phase " + stored.phase());
        return new ContactReader(api, config, portal, stored, linkedContacts(config), runtime::millis);
    }

    /** The ledger's ids of linked contacts; null without a ledger. */
    LinkedContacts linkedContacts(HubSpotSourceConfig settings) {
        return LinkedContacts.of(settings);
    }

    @Override
    public void stop() {
        stopped.countDown();
        HubSpotApi open = api;
        if (open != null) {
            open.close();
        }
        steps.end(() -> {
            if (reader != null) {
                reader.close();
            }
        });
    }
}
