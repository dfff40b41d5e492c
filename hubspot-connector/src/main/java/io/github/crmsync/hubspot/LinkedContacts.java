package io.github.crmsync.hubspot;

import io.github.crmsync.core.ledger.LinkedIds;
import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.connect.errors.ConnectException;

/** Gives the ids of the contacts that are linked with another app's records. */
@FunctionalInterface
interface LinkedContacts {
    /** Number of ledger entries that are held in memory. */
    int CHUNK = 100;

    /**
     * Starts from the beginning.
     *
     * @throws org.apache.kafka.connect.errors.RetriableException if they cannot be read now
     * @throws ConnectException if the settings are wrong
     */
    Ids open();

    /** Ids as a stream. */
    interface Ids extends AutoCloseable {
        /** The next ids, some of which may have come before; empty at the end. */
        Set<String> next();

        @Override
        void close();
    }

    /** Those of the ledger that the configuration names; null if it names none. */
    static LinkedContacts of(HubSpotSourceConfig config) {
        return config.getString(SyncSinkConfig.LEDGER_SERVERS).isBlank() ? null : () -> new Ledger(config);
    }

    /** Ids from the ledger's topic. */
    final class Ledger implements Ids {
        private final LinkedIds ids;

        Ledger(HubSpotSourceConfig config) {
            try {
                ids = LinkedIds.open(
                        config.getString(SyncSinkConfig.SYNC_NAME),
                        config.getString(SyncSinkConfig.LEDGER_TOPIC),
                        config.ledgerClient(),
                        ContactRecords.APP,
                        CHUNK);
            } catch (ConnectException e) {
                throw e;
            } catch (KafkaException e) {
                throw unreadable(e);
            }
        }

        @Override
        public Set<String> next() {
            try {
                return ids.next();
            } catch (ConnectException e) {
                throw e;
            } catch (KafkaException e) {
                throw unreadable(e);
            }
        }

        private static ConnectException unreadable(KafkaException e) {
            return new ConnectException(
                    "The ledger cannot be read (" + e.getMessage() + "): check " + SyncSinkConfig.LEDGER_SERVERS + ", "
                            + SyncSinkConfig.LEDGER_TOPIC + " and the settings " + SyncSinkConfig.LEDGER_CLIENT_PREFIX
                            + "*, and the right to read the topic",
                    e);
        }

        @Override
        public void close() {
            ids.close();
        }
    }
}
