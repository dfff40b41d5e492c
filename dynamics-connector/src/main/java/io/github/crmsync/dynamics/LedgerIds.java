package io.github.crmsync.dynamics;

import io.github.crmsync.core.ledger.LinkedIds;
import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.Map;
import java.util.Set;

/** Ids of the linked rows, from the ledger of the sync. */
final class LedgerIds implements KnownIds {
    private static final int CHUNK = 5_000;

    private final String syncName;
    private final String topic;
    private final Map<String, Object> client;

    private LedgerIds(String syncName, String topic, Map<String, Object> client) {
        this.syncName = syncName;
        this.topic = topic;
        this.client = client;
    }

    /** Null where no ledger is named. */
    static KnownIds of(DynamicsSourceConfig config) {
        String servers = config.getString(SyncSinkConfig.LEDGER_SERVERS);
        if (servers.isEmpty()) {
            return null;
        }
        return new LedgerIds(
                config.getString(SyncSinkConfig.SYNC_NAME),
                config.getString(SyncSinkConfig.LEDGER_TOPIC),
                config.ledgerClient());
    }

    @Override
    public Cursor open() {
        LinkedIds ids = LinkedIds.open(syncName, topic, client, "dynamics", CHUNK);
        return new Cursor() {
            @Override
            public Set<String> next() {
                return ids.next();
            }

            @Override
            public void close() {
                ids.close();
            }
        };
    }
}
