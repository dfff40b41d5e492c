package io.github.crmsync.sandbox.dynamics;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** The environment: tables, the version counter, identities and settings. */
final class Organization {
    private static final UUID BUSINESS_UNIT = UUID.fromString("2b7e1516-28ae-4d2a-8f15-88096f09cf4f");

    private final UUID id;
    private final Model model = new Model();
    private final Behaviour behaviour = new Behaviour();
    private final Map<String, Boolean> tracking = new ConcurrentHashMap<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final InstantSource clock;
    private final UUID userId;
    private final Random random;
    private long version = 1_000_000;
    private volatile long oldestDelta;
    private volatile Instant lastSecond = Instant.EPOCH;

    Organization(UUID id, InstantSource clock, String clientId, long seed) {
        this.id = id;
        random = new Random(seed);
        this.clock = clock;
        this.userId = UUID.nameUUIDFromBytes(("user " + clientId).getBytes(StandardCharsets.UTF_8));
        for (String table : new String[] {"contact", "lead", "account", "opportunity", "list"}) {
            tracking.put(table, true);
        }
    }

    Model model() {
        return model;
    }

    Behaviour behaviour() {
        return behaviour;
    }

    RowStore storeOf(String logicalName) {
        return model.named(logicalName);
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
                model.stores().forEach(RowStore::begin);
            }
            T result = work.get();
            done = true;
            return result;
        } finally {
            if (outer) {
                model.stores().forEach(done ? RowStore::commit : RowStore::rollback);
            }
            lock.writeLock().unlock();
        }
    }

    /** A new random id (RFC 9562, version 4); only inside {@link #write}. */
    UUID newId() {
        long high = random.nextLong() & ~0xF000L | 0x4000L;
        long low = random.nextLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
        return new UUID(high, low);
    }

    /** Takes the next version; only inside {@link #write}. */
    long nextVersion() {
        return ++version;
    }

    long version() {
        return version;
    }

    /** The time in whole seconds, the same object within one of them. */
    Instant now() {
        Instant second = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant last = lastSecond;
        if (second.equals(last)) {
            return last;
        }
        lastSecond = second;
        return second;
    }

    boolean tracking(Table table) {
        return tracking.getOrDefault(table.logicalName(), false);
    }

    void tracking(String logicalName, boolean on) {
        tracking.put(logicalName, on);
    }

    /** Makes every delta token handed out so far too old. */
    void expireDeltas() {
        write(() -> oldestDelta = nextVersion());
    }

    boolean deltaExpired(long tokenVersion, Instant issued) {
        return tokenVersion < oldestDelta
                || issued.plus(deltaDays(), ChronoUnit.DAYS).isBefore(now());
    }

    int deltaDays() {
        RowStore store = model.named("organization");
        Row row = store.get(id);
        return row == null ? 7 : (Integer) row.get(store.table().column("expirechangetrackingindays"));
    }

    UUID organizationId() {
        return id;
    }

    UUID businessUnitId() {
        return BUSINESS_UNIT;
    }

    /** The application user, whom the access tokens stand for. */
    UUID userId() {
        return userId;
    }

    /** The user who made what was there before. */
    UUID systemUserId() {
        return BUSINESS_UNIT;
    }
}
