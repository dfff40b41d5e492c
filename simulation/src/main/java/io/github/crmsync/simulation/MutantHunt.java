package io.github.crmsync.simulation;

import io.github.crmsync.simulation.stack.StackCampaign;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs the simulation against a mutant until an invariant fails. */
public final class MutantHunt {
    /**
     * What caught a mutant.
     *
     * @param invariant the first that failed; null if none did
     * @param seeds runs that it took
     */
    public record Catch(String invariant, String scenario, long seed, long seeds) {
        public boolean caught() {
            return invariant != null;
        }
    }

    /** In place of a scenario: the simulation of everything, with source tasks, transforms and simulated services. */
    static final String STACK = "stack";

    private MutantHunt() {}

    /**
     * Tries the one history that is known to catch the mutant.
     *
     * @param history scenario and seed, with a space between
     */
    public static Catch again(Mutant mutant, Path root, String history) {
        String[] known = history.split(" ");
        return hunt(new Mutant(mutant.name(), List.of(known[0]), 1, mutant.edits()), root, Long.parseLong(known[1]));
    }

    public static Catch hunt(Mutant mutant, Path root, long from) {
        MutantLoader loader = MutantLoader.of(mutant, root);
        try {
            Method method = loader.loadClass(MutantHunt.class.getName())
                    .getMethod("firstViolation", List.class, long.class, long.class);
            Object[] found = (Object[]) method.invoke(null, mutant.scenarios(), from, (long) mutant.seeds());
            if (found == null) {
                return new Catch(null, null, 0, mutant.seeds());
            }
            Catch caught = new Catch((String) found[0], (String) found[1], (Long) found[2], (Long) found[3]);
            if (firstViolation(List.of(caught.scenario()), caught.seed(), 1) != null) {
                throw new IllegalStateException(
                        "%s %d fails with every safeguard in place".formatted(caught.scenario(), caught.seed()));
            }
            return caught;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(mutant.name(), e);
        }
    }

    /** Called in the mutant's own class loader, so its answer is made of the platform's types. */
    public static Object[] firstViolation(List<String> scenarios, long from, long seeds) {
        return scenarios.equals(List.of(STACK))
                ? firstOfTheStack(from, seeds)
                : firstOf(scenarios.stream().map(Scenario::of).toList(), from, seeds);
    }

    private static Object[] firstOf(List<Scenario> scenarios, long from, long seeds) {
        AtomicBoolean stop = new AtomicBoolean();
        Tally seen = Campaign.run(scenarios, from, seeds, stop::get, (result, seed) -> {
            if (!result.violations().isEmpty()) {
                stop.set(true);
            }
        });
        return seen.violations().entrySet().stream()
                .min(Comparator.comparingLong((Map.Entry<String, Tally.Found> found) ->
                        found.getValue().seed()))
                .map(found -> new Object[] {
                    found.getKey(),
                    found.getValue().scenario(),
                    found.getValue().seed(),
                    found.getValue().seed() - from + 1
                })
                .orElse(null);
    }

    private static Object[] firstOfTheStack(long from, long seeds) {
        AtomicBoolean stop = new AtomicBoolean();
        StackCampaign.Outcome seen = StackCampaign.run(from, seeds, stop::get, (result, seed) -> {
            if (!result.violations().isEmpty()) {
                stop.set(true);
            }
        });
        return seen.violations().entrySet().stream()
                .min(Comparator.comparingLong((Map.Entry<String, SortedSet<Long>> found) ->
                        found.getValue().first()))
                .map(found -> new Object[] {
                    found.getKey(),
                    STACK,
                    found.getValue().first(),
                    found.getValue().first() - from + 1
                })
                .orElse(null);
    }
}
