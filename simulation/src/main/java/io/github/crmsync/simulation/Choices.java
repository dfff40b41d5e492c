package io.github.crmsync.simulation;

import java.util.List;
import java.util.Random;

/**
 * Every decision of a run, drawn from a seed or from a recorded list. Zero is always the quietest choice, so that a list with
 * fewer and smaller numbers is a simpler history.
 */
public final class Choices {
    private final Random random;
    private final int[] given;
    private int[] taken = new int[1024];
    private int count;

    private Choices(Random random, int[] given) {
        this.random = random;
        this.given = given;
    }

    public static Choices ofSeed(long seed) {
        // Consecutive seeds of java.util.Random begin alike.
        return new Choices(new Random(seed * 0x9E3779B97F4A7C15L + 0x1234567), null);
    }

    public static Choices of(int[] recorded) {
        return new Choices(null, recorded);
    }

    /** A number from 0 to bound - 1. */
    public int next(int bound) {
        int value;
        if (given == null) {
            value = random.nextInt(bound);
        } else {
            value = count < given.length ? given[count] % bound : 0;
        }
        if (count == taken.length) {
            taken = java.util.Arrays.copyOf(taken, count * 2);
        }
        taken[count++] = value;
        return value;
    }

    /** True with this probability, and never for the quietest choice. */
    public boolean chance(double probability) {
        return next(1_000) >= 1_000 - probability * 1_000;
    }

    public <T> T of(List<T> options) {
        return options.get(next(options.size()));
    }

    /** What was decided so far. */
    public int[] taken() {
        return java.util.Arrays.copyOf(taken, count);
    }
}
