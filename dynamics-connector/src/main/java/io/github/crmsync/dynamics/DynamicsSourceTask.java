package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.core.source.FormerOffsets;
import io.github.crmsync.core.source.Steps;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one table with change tracking. */
public final class DynamicsSourceTask extends SourceTask {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicsSourceTask.class);
    /** Longest stay in one call of poll, so that a paused or stopped task is noticed. */
    private static final long LONGEST_WAIT_MS = 1_000;

    private static final long RETRY_MS = 2_000;

    private final HttpRuntime runtime;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Steps steps;
    private DynamicsSourceConfig config;
    private volatile DataverseApi api;
    private ChangeReader reader;
    private String organization;
    private final Function<DynamicsSourceConfig, KnownIds> knownIds;
    private DeletionCheck deletions;
    private FormerOffsets former;
    private long retryAt;

    public DynamicsSourceTask() {
        this(LedgerIds::of);
    }

    /**
     * @param knownIds the rows that take part in the sync; null for none
     */
    DynamicsSourceTask(Function<DynamicsSourceConfig, KnownIds> knownIds) {
        this(knownIds, HttpRuntime.SYSTEM, Steps.thread("crmsync-dynamics-source"));
    }

    DynamicsSourceTask(Function<DynamicsSourceConfig, KnownIds> knownIds, HttpRuntime runtime, Steps steps) {
        this.runtime = runtime;
        this.steps = steps;
        this.knownIds = knownIds;
    }

    @Override
    public void start(Map<String, String> props) {
        config = new DynamicsSourceConfig(props);
        api = new DataverseApi(config, config.http(), runtime);
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        long idle = steps.underWay() ? 0 : idleMs();
        if (runtime.await(stopped, Math.min(Math.max(0, idle), LONGEST_WAIT_MS)) || idle > LONGEST_WAIT_MS) {
            return null;
        }
        return steps.poll(this::step);
    }

    private long idleMs() {
        return Math.max(retryAt - runtime.millis(), reader == null ? 0 : reader.idleMs());
    }

    private List<SourceRecord> step() {
        if (stopped.getCount() == 0) {
            return null;
        }
        try {
            if (reader == null) {
                reader = open();
            }
            List<SourceRecord> records = former.clear(reader.next(), runtime.millis());
            records.forEach(record -> SyncHeaders.set(record.headers(), SyncHeaders.ACCOUNT, organization));
            return records.isEmpty() ? null : records;
        } catch (RetriableException e) {
            retryAt = runtime.millis()
                    + (e instanceof RetryLaterException later ? Math.max(later.waitMs(), RETRY_MS) : RETRY_MS);
            if (stopped.getCount() > 0) {
                LOG.warn("Reading goes on in {} s: {}", (retryAt - runtime.millis()) / 1000, e.getMessage());
            }
            return null;
        }
    }

    /** Not in start(): an environment that is down for a moment must not fail the task. */
    private ChangeReader open() {
        organization = api.organizationId();
        TableMetadata metadata = new TableMetadata(api, config.table(), config.zone());
        ColumnTypes types = metadata.columns();
        List<String> unknown = types.unknown(config.columns());
        if (!unknown.isEmpty()) {
            throw new ConnectException(
                    "The table has no columns " + unknown + "; correct " + DynamicsSourceConfig.COLUMNS);
        }
        Set<String> masked = metadata.masked(config.columns());
        if (!masked.isEmpty()) {
            throw new ConnectException(
                    TableMetadata.maskedMessage(masked) + "; correct " + DynamicsSourceConfig.COLUMNS);
        }
        List<String> columns = config.readColumns();
        boolean labels = config.optionLabels() || columns.stream().anyMatch(column -> types.nameOf(column) != null);
        DataverseApi.Reading reading = new DataverseApi.Reading(types.selected(columns), config.pageSize(), labels);
        RowQueries queries = new RowQueries(api, config.table());
        ChangeReader.Pages pages = new ChangeReader.Pages() {
            @Override
            public Page read(String link, boolean tracked) {
                return link == null ? api.first(reading, tracked) : api.page(link, reading, tracked);
            }

            @Override
            public Page changedSince(long from) {
                return api.changedSince(reading, from);
            }

            @Override
            public List<JsonNode> rows(Collection<String> ids) {
                return queries.rows(reading, ids);
            }
        };
        KnownIds known = knownIds.apply(config);
        deletions = known == null ? null : new DeletionCheck(known, queries::existing);
        Scope scope = scope();
        RowFates fates = new RowFates(
                config.table(),
                config.followQualified() ? leads -> RowQueries.contactsOfLeads(api, leads) : null,
                scope == null ? id -> true : scope::contains,
                queries::withAddress);
        return new ChangeReader(
                config,
                pages,
                new RecordFactory(config, types),
                fates,
                scope,
                deletions,
                position(organization, String.join(",", columns)),
                () -> Instant.ofEpochMilli(runtime.millis()));
    }

    private Scope scope() {
        ScopeQueries queries = new ScopeQueries(api, config.table());
        if (!config.listId().isEmpty()) {
            return new Scope(() -> queries.listMembers(config.listId()), config.scopeRefreshMs());
        }
        return config.viewId().isEmpty()
                ? null
                : new Scope(() -> queries.viewRows(config.viewId()), config.scopeRefreshMs());
    }

    private SourceOffset position(String organization, String columns) {
        OffsetStorageReader offsets = context.offsetStorageReader();
        SourceOffset stored = SourceOffset.furthest(config.sourcePartition().stored(offsets).stream()
                .map(SourceOffset::of)
                .toList());
        former = new FormerOffsets(config.sourcePartition(), offsets);
        if (stored == null) {
            LOG.info("Table {} is read from the beginning", config.table().logicalName());
            stored = SourceOffset.beginning(organization, columns);
        }
        SourceOffset offset = whereToGoOn(stored, organization, columns);
        if (offset.atTheBeginning() && deletions != null && deletions.knowsLinks()) {
            LOG.info("The ledger knows linked rows: those deleted meanwhile are looked for after the reading");
            return offset.withGap();
        }
        return offset;
    }

    private SourceOffset whereToGoOn(SourceOffset offset, String organization, String columns) {
        offset.requireOrganization(organization);
        if (offset.link() != null && !OData.sameOrigin(config.environment(), offset.link())) {
            LOG.info(
                    "The environment has another address now: table {} is read again",
                    config.table().logicalName());
            return offset.restarted(columns);
        }
        if (!offset.columns().equals(columns)) {
            LOG.info(
                    "The columns have changed: table {} is read again",
                    config.table().logicalName());
            return offset.restarted(columns);
        }
        if (!offset.atTheBeginning() && offset.byTime() != config.byTime()) {
            LOG.info(
                    "Changes are found in another way now: table {} is read again",
                    config.table().logicalName());
            return offset.restarted();
        }
        return offset;
    }

    @Override
    public void stop() {
        stopped.countDown();
        DataverseApi open = api;
        if (open != null) {
            open.close();
        }
        steps.end(() -> {
            if (deletions != null) {
                deletions.close();
            }
        });
    }

    @Override
    public String version() {
        return Version.text();
    }
}
