package io.github.crmsync.sandbox.hubspot;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A sorted set that knows positions: in blocks of a bounded size, so that a million elements need few bytes beside
 * themselves, and that a range is counted and cut without walking through it.
 */
final class BlockIndex<T> {
    private static final int MAX = 1024;

    private static final class Block {
        Object[] items = new Object[MAX / 8];
        int size;

        void add(int at, Object item) {
            if (size == items.length) {
                items = Arrays.copyOf(items, Math.min(MAX, size * 2));
            }
            System.arraycopy(items, at, items, at + 1, size - at);
            items[at] = item;
            size++;
        }

        void remove(int at) {
            System.arraycopy(items, at + 1, items, at, size - at - 1);
            items[--size] = null;
        }

        Block split() {
            Block upper = new Block();
            int half = size / 2;
            upper.items = new Object[MAX];
            upper.size = size - half;
            System.arraycopy(items, half, upper.items, 0, upper.size);
            Arrays.fill(items, half, size, null);
            size = half;
            return upper;
        }
    }

    /** Tells on which side of a bound an element lies: negative before it, zero or positive from it on. */
    @FunctionalInterface
    interface Bound<T> {
        int side(T element);
    }

    private final Comparator<? super T> order;
    private final List<Block> blocks = new ArrayList<>(List.of(new Block()));
    private int size;

    BlockIndex(Comparator<? super T> order) {
        this.order = order;
    }

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked")
    private T item(Block block, int at) {
        return (T) block.items[at];
    }

    /** Adds an element that is not in it yet. */
    void add(T element) {
        int at = blockOf(other -> order.compare(other, element));
        Block block = blocks.get(at);
        if (block.size == MAX) {
            // Elements mostly come in order: a full last block is left full.
            boolean append = at == blocks.size() - 1 && order.compare(item(block, MAX - 1), element) < 0;
            Block upper = append ? new Block() : block.split();
            blocks.add(at + 1, upper);
            if (append || order.compare(item(upper, 0), element) < 0) {
                block = upper;
            }
        }
        block.add(lower(block, other -> order.compare(other, element)), element);
        size++;
    }

    void remove(T element) {
        int at = blockOf(other -> order.compare(other, element));
        Block block = blocks.get(at);
        int within = lower(block, other -> order.compare(other, element));
        if (within == block.size || order.compare(item(block, within), element) != 0) {
            return;
        }
        block.remove(within);
        size--;
        if (block.size == 0 && blocks.size() > 1) {
            blocks.remove(at);
        }
    }

    /** The first block whose last element is not before the bound, or the last block. */
    private int blockOf(Bound<T> bound) {
        int low = 0;
        int high = blocks.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            Block block = blocks.get(middle);
            if (bound.side(item(block, block.size - 1)) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int lower(Block block, Bound<T> bound) {
        int low = 0;
        int high = block.size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bound.side(item(block, middle)) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** How many elements lie before the bound. */
    int rank(Bound<T> bound) {
        int at = blockOf(bound);
        int before = lower(blocks.get(at), bound);
        for (int i = 0; i < at; i++) {
            before += blocks.get(i).size;
        }
        return before;
    }

    /** The element on which the bound lies; null when there is none. */
    T find(Bound<T> bound) {
        Block block = blocks.get(blockOf(bound));
        int at = lower(block, bound);
        return at < block.size && bound.side(item(block, at)) == 0 ? item(block, at) : null;
    }

    /** The elements at the positions from, inclusive, to, exclusive; valid until the next change. */
    List<T> view(int from, int to) {
        int[] starts = new int[blocks.size()];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = starts[i - 1] + blocks.get(i - 1).size;
        }
        return new AbstractList<>() {
            private int current;

            @Override
            public T get(int index) {
                int at = from + index;
                if (at < starts[current] || at >= starts[current] + blocks.get(current).size) {
                    int found = Arrays.binarySearch(starts, at);
                    current = found >= 0 ? found : -found - 2;
                }
                return item(blocks.get(current), at - starts[current]);
            }

            @Override
            public int size() {
                return Math.max(0, to - from);
            }
        };
    }
}
