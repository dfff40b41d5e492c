package io.github.crmsync.simulation;

import java.util.Arrays;
import java.util.function.Predicate;

/** Makes a failing history shorter and quieter, as long as it still fails. */
final class Shrinker {
    private final Predicate<int[]> fails;
    private int tries;

    /** @param fails whether a history still shows what is looked for */
    Shrinker(Predicate<int[]> fails, int tries) {
        this.fails = fails;
        this.tries = tries;
    }

    int[] shrink(int[] choices) {
        int[] best = choices;
        int[] before;
        do {
            before = best;
            for (int size = Math.max(1, best.length / 2); size >= 1; size /= 2) {
                best = pass(best, size);
            }
        } while (tries > 0 && before != best);
        return best;
    }

    private int[] pass(int[] choices, int size) {
        int[] best = choices;
        for (int start = 0; start < best.length && tries > 0; ) {
            int end = Math.min(best.length, start + size);
            int[] cut = without(best, start, end);
            int[] zeroed = zeroed(best, start, end);
            if (attempt(cut)) {
                best = cut;
            } else {
                if (!Arrays.equals(zeroed, best) && attempt(zeroed)) {
                    best = zeroed;
                }
                start += size;
            }
        }
        return best;
    }

    private boolean attempt(int[] choices) {
        tries--;
        return fails.test(choices);
    }

    private static int[] without(int[] choices, int start, int end) {
        int[] rest = Arrays.copyOf(choices, choices.length - (end - start));
        System.arraycopy(choices, end, rest, start, choices.length - end);
        return rest;
    }

    private static int[] zeroed(int[] choices, int start, int end) {
        int[] result = choices.clone();
        Arrays.fill(result, start, end, 0);
        return result;
    }
}
