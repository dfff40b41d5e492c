package io.github.crmsync.sandbox.dynamics;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which columns of a row are filled; rows with the same columns share one. */
final class RowShape {
    private static final Map<BitSet, RowShape> ALL = new ConcurrentHashMap<>();

    private final short[] positions;
    private final int size;

    private RowShape(BitSet filled, int width) {
        positions = new short[width];
        Arrays.fill(positions, (short) -1);
        int next = 0;
        for (int ordinal = filled.nextSetBit(0); ordinal >= 0; ordinal = filled.nextSetBit(ordinal + 1)) {
            if (ordinal < width) {
                positions[ordinal] = (short) next++;
            }
        }
        size = next;
    }

    static RowShape of(Object[] values) {
        BitSet filled = new BitSet(values.length + 1);
        for (int i = 0; i < values.length; i++) {
            filled.set(i, values[i] != null);
        }
        filled.set(values.length);
        return ALL.computeIfAbsent(filled, set -> new RowShape(set, values.length));
    }

    int size() {
        return size;
    }

    /** Place of a column's value among the filled ones, or -1. */
    int position(int ordinal) {
        return positions[ordinal];
    }

    Object[] expand(Object[] filled) {
        Object[] values = new Object[positions.length];
        for (int i = 0; i < positions.length; i++) {
            values[i] = positions[i] < 0 ? null : filled[positions[i]];
        }
        return values;
    }
}
