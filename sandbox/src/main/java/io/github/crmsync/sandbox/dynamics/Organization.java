package io.github.crmsync.sandbox.dynamics;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** The environment: tables, the version counter, identities and settings. */
final class Organization {
    private final Map<String, RowStore> bySet = new LinkedHashMap<>();
    private final Map<String, Boolean> tracking = new LinkedHashMap<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final InstantSource clock;
    private final UUID organizationId = UUID.fromString("8c1f2f6e-0f9a-4d0e-9a64-5f2a1d3e7b01");
    private final UUID businessUnitId = UUID.fromString("2b7e1516-28ae-4d2a-8f15-88096f09cf4f");
    private final UUID userId;
    private long version = 1_000_000;
    private volatile long oldestDelta;
    private volatile int deltaDays = 7;
    private volatile boolean rejectReadOnly = true;

    Organization(InstantSource clock, String clientId) {
        this.clock = clock;
        this.userId = UUID.nameUUIDFromBytes(("user " + clientId).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (Table table : new Table[] {Table.contact(), Table.lead()}) {
            bySet.put(table.entitySet(), new RowStore(table));
            tracking.put(table.logicalName(), true);
        }
    }

    /** The store of an entity set, or null. */
    RowStore store(String entitySet) {
        return bySet.get(entitySet);
    }

    RowStore storeOf(String logicalName) {
        return bySet.get(logicalName + "s");
    }

    <T> T read(Supplier<T> work) {
        lock.readLock().lock();
        try {
            return work.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Runs a transaction: any exception takes all its changes back. Nested calls join the outer one. */
    <T> T write(Supplier<T> work) {
        boolean outer = !lock.isWriteLockedByCurrentThread();
        lock.writeLock().lock();
        boolean done = false;
        try {
            if (outer) {
                bySet.values().forEach(RowStore::begin);
            }
            T result = work.get();
            done = true;
            return result;
        } finally {
            if (outer) {
                bySet.values().forEach(done ? RowStore::commit : RowStore::rollback);
            }
            lock.writeLock().unlock();
        }
    }

    /** Takes the next version; only inside {@link #write}. */
    long nextVersion() {
        return ++version;
    }

    long version() {
        return version;
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    boolean tracking(Table table) {
        return tracking.get(table.logicalName());
    }

    void tracking(String logicalName, boolean on) {
        write(() -> tracking.replace(logicalName, on));
    }

    /** Makes every delta token handed out so far too old. */
    void expireDeltas() {
        write(() -> oldestDelta = nextVersion());
    }

    boolean deltaExpired(long tokenVersion, Instant issued) {
        return tokenVersion < oldestDelta
                || issued.plus(deltaDays, ChronoUnit.DAYS).isBefore(now());
    }

    int deltaDays() {
        return deltaDays;
    }

    void deltaDays(int days) {
        deltaDays = days;
    }

    boolean rejectReadOnly() {
        return rejectReadOnly;
    }

    void rejectReadOnly(boolean reject) {
        rejectReadOnly = reject;
    }

    UUID organizationId() {
        return organizationId;
    }

    UUID businessUnitId() {
        return businessUnitId;
    }

    UUID userId() {
        return userId;
    }
}
