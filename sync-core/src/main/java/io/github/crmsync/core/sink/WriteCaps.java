package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Stops a task before it creates or changes more records in a day than its user allows. The counts are kept in the ledger, by
 * hour and task, so that a restart does not forget them.
 */
final class WriteCaps {
    private static final long HOUR_MS = 3_600_000;
    /** The hour that has begun, and as many before it as make 24 whole ones. */
    private static final int HOURS = 25;
    /** Of a connector that had more tasks before, the counts of all count. */
    private static final int LEAST_TASKS = 32;

    private final Ledger ledger;
    private final String owner;
    private final int task;
    private final int tasks;
    private final long mostCreates;
    private final long mostUpdates;
    private final LongSupplier clock;

    /**
     * @param task number of this task of {@code tasks}
     * @param mostCreates creations per 24 hours; 0 means any number
     * @param mostUpdates changes per 24 hours; 0 means any number
     */
    WriteCaps(
            Ledger ledger, String owner, int task, int tasks, long mostCreates, long mostUpdates, LongSupplier clock) {
        this.ledger = ledger;
        this.owner = owner;
        this.task = task;
        this.tasks = tasks;
        this.mostCreates = mostCreates;
        this.mostUpdates = mostUpdates;
        this.clock = clock;
    }

    private boolean active() {
        return mostCreates > 0 || mostUpdates > 0;
    }

    /**
     * Call before anything of a batch is recorded or sent.
     *
     * @throws ConnectException if the batch would exceed a cap
     */
    void check(int creates, int updates) {
        if (!active()) {
            return;
        }
        long created = 0;
        long updated = 0;
        long hour = clock.getAsLong() / HOUR_MS;
        for (int i = 0; i < HOURS; i++) {
            for (int t = 0; t < Math.max(tasks, LEAST_TASKS); t++) {
                LedgerEntry count = count(hour - i, t);
                created += count.seen();
                updated += count.offset();
            }
        }
        refuse("creations", "max.creates.per.day", mostCreates, created, creates);
        refuse("changes", "max.updates.per.day", mostUpdates, updated, updates);
    }

    private void refuse(String what, String setting, long most, long done, int more) {
        if (most > 0 && more > 0 && done + more > most) {
            throw new ConnectException(
                    "The cap of " + most + " " + what + " in " + owner + " within 24 hours is reached ("
                            + done + " done, " + more + " more to do at once): raise " + setting
                            + " if this is meant, then restart the task; nothing of the batch was written");
        }
    }

    /** The count of this hour with some more, to be appended with what was agreed. */
    LedgerEntry counted(int creates, int updates) {
        LedgerEntry before = count(clock.getAsLong() / HOUR_MS, task);
        return before.seen(before.seen() + creates, false).at(before.offset() + updates);
    }

    /** Whether there is something to count. Without a cap as well: one that is set later counts the last 24 hours. */
    static boolean counts(int creates, int updates) {
        return creates + updates > 0;
    }

    private LedgerEntry count(long hour, int ofTask) {
        String key = "writes-" + hour + "-" + ofTask;
        Ledger.Stored stored = ledger.get(new LedgerEntry.Key(owner, key));
        return stored != null ? stored.entry() : LedgerEntry.blank(owner, key).at(0);
    }
}
