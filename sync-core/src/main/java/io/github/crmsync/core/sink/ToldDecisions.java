package io.github.crmsync.core.sink;

import io.github.crmsync.core.record.Fingerprints;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * The last decision that was reported of each record. A sweep reads every record again, and most decisions are those of the
 * sweep before: they are worth one report until the image, its counterpart or the decision changes. Kept in memory only, so that
 * a restarted task reports each of them once more.
 */
final class ToldDecisions {
    /** Decisions that change nothing: all others are news each time. */
    private static final Set<Kind> REPEATED = EnumSet.of(
            Kind.UNCHANGED,
            Kind.HELD,
            Kind.STALE,
            Kind.DUPLICATE,
            Kind.EXCLUDED,
            Kind.TOMBSTONED,
            Kind.PARKED_CONFLICT,
            Kind.UNSETTLED);
    /** Records that are remembered, at 24 bytes each; with more, all are forgotten and reported again. */
    private static final int MOST = 1 << 20;

    private static final int SMALLEST = 1 << 10;

    // A map of objects would take four times the memory. Half of the slots are free.
    private long[] ids = new long[SMALLEST];
    private int[] told = new int[SMALLEST];
    private int size;

    /** Notes a decision; whether it says anything new. */
    boolean add(Image image, Outcome outcome) {
        long id = Fingerprints.of(image.id());
        // What waits for the winner of a conflict in each sweep ends as it did before.
        int now = hash(image, outcome.kind() == Kind.PARKED_CONFLICT ? outcome.unsettled() : outcome);
        int slot = slot(id);
        boolean repeated = ids[slot] == id && told[slot] == now;
        if (!outcome.kind().parked()) {
            put(id, now);
        }
        return !repeated
                || image.origin() != Origin.SWEEP
                || !REPEATED.contains(outcome.kind())
                || outcome.leftOut().stream().anyMatch(LeftOut::newRefusal);
    }

    private static int hash(Image image, Outcome outcome) {
        return Objects.hash(
                outcome.kind().name(),
                image.version(),
                outcome.targetId(),
                outcome.detail(),
                outcome.fields(),
                outcome.conflicts(),
                outcome.decided(),
                outcome.leftOut().stream()
                        .map(some -> Objects.hash(some.fields(), some.detail()))
                        .toList());
    }

    void clear() {
        ids = new long[SMALLEST];
        told = new int[SMALLEST];
        size = 0;
    }

    private void put(long id, int now) {
        int slot = slot(id);
        if (ids[slot] != id) {
            if (size == MOST) {
                clear();
            } else if (2 * (size + 1) > ids.length) {
                grow();
            }
            slot = slot(id);
            size++;
        }
        ids[slot] = id;
        told[slot] = now;
    }

    /** Where the id is, or would be put. No id has the fingerprint 0, which stands for a free slot. */
    private int slot(long id) {
        int slot = (int) id & ids.length - 1;
        while (ids[slot] != 0 && ids[slot] != id) {
            slot = slot + 1 & ids.length - 1;
        }
        return slot;
    }

    private void grow() {
        long[] before = ids;
        int[] decisions = told;
        ids = new long[2 * before.length];
        told = new int[2 * before.length];
        for (int i = 0; i < before.length; i++) {
            if (before[i] != 0) {
                int slot = slot(before[i]);
                ids[slot] = before[i];
                told[slot] = decisions[i];
            }
        }
    }
}
