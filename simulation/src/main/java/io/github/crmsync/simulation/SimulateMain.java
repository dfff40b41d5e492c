package io.github.crmsync.simulation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.simulation.stack.StackCampaign;
import io.github.crmsync.simulation.stack.StackSimulation;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command line of the simulation. */
@Command(
        name = "simulate",
        description = "Runs both sinks against random histories and checks the invariants of the sync.",
        mixinStandardHelpOptions = true)
public final class SimulateMain implements Callable<Integer> {
    private static final int SHRINK_TRIES = 4_000;
    private static final int SHRINK_TRIES_OF_THE_STACK = 600;
    /** Below the root: histories that catch mutants which the first ones do not. */
    private static final String KNOWN = "simulation/src/test/resources/caught.properties";

    @Option(names = "--seeds", description = "Number of histories (default: ${DEFAULT-VALUE}).", defaultValue = "2000")
    private long seeds;

    @Option(names = "--from", description = "First seed (default: ${DEFAULT-VALUE}).", defaultValue = "1")
    private long from;

    @Option(
            names = "--scenario",
            split = ",",
            completionCandidates = ScenarioNames.class,
            description = "Only these: ${COMPLETION-CANDIDATES} (default: all in turn).")
    private List<String> scenarios = List.of();

    @Option(
            names = "--mutate",
            description =
                    "Take out each safeguard (all), or those whose name contains this text, and say what catches it: the history that is known to or, if the code has changed, the first of the next ones. Almost all were found by trying the seeds from 1 on, so the seed says how rare they are.")
    private String mutate;

    @Option(
            names = "--record",
            description =
                    "With --mutate: try the seeds from --from on, whatever is known, and keep in this file which ones caught something.")
    private Path record;

    @Option(
            names = "--stack",
            description =
                    "Run the source tasks, the transforms and both simulated services, too; with --seeds, --from, --trace and --shrink.")
    private boolean stack;

    @Option(names = "--trace", description = "Print every event of the first seed.")
    private boolean trace;

    @Option(
            names = "--shrink",
            description = "Print the events of the shortest history that fails like the first seed.")
    private boolean shrink;

    @Option(names = "--root", description = "Folder of the sources (default: the current one).", defaultValue = ".")
    private Path root;

    /** For the help. */
    private static final class ScenarioNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Scenario.all().stream().map(Scenario::name).iterator();
        }
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new SimulateMain()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        if (stack) {
            return trace || shrink ? oneOfTheStack() : manyOfTheStack();
        }
        if (trace || shrink) {
            return one();
        }
        return mutate == null ? many() : mutants();
    }

    private List<Scenario> chosen() {
        return scenarios.isEmpty()
                ? Scenario.all()
                : scenarios.stream().map(Scenario::of).toList();
    }

    private int one() {
        Scenario scenario = chosen().get(0);
        Simulation.Result result = Simulation.run(scenario, from, true);
        if (shrink && !result.violations().isEmpty()) {
            String wanted = result.violations().iterator().next();
            boolean hubspot = Simulation.hubspotIsDefault(from);
            int[] shortest = new Shrinker(
                            choices -> Simulation.replay(scenario, choices, hubspot, false)
                                    .violations()
                                    .contains(wanted),
                            SHRINK_TRIES)
                    .shrink(result.choices());
            result = Simulation.replay(scenario, shortest, hubspot, true);
            System.out.println("choices " + Arrays.toString(shortest));
        }
        result.trace().forEach(System.out::println);
        System.out.println("violations " + result.violations() + ", inherent " + result.inherent());
        return result.violations().isEmpty() ? 0 : 1;
    }

    private int many() {
        long start = System.nanoTime();
        Tally tally;
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("histories")
                .setInitialMax(seeds)
                .build()) {
            tally = Campaign.run(chosen(), from, seeds, () -> false, (result, seed) -> {
                tell(result.violations(), Campaign.scenario(chosen(), seed).name() + " " + seed);
                bar.step();
            });
        }
        ObjectNode summary = new ObjectMapper().createObjectNode();
        summary.put("seeds", tally.runs());
        summary.put("from", from);
        summary.put("perSecond", Math.round(tally.runs() * 1e9 / (System.nanoTime() - start)));
        summary.putPOJO("violations", tally.violations());
        summary.putPOJO("inherent", tally.inherent());
        summary.putPOJO("coverage", tally.situations());
        System.out.println(summary);
        return tally.violations().isEmpty() ? 0 : 1;
    }

    /** At once, so that a campaign that is stopped has told what it found. */
    private static void tell(Set<String> violations, String history) {
        if (!violations.isEmpty()) {
            System.err.println("\n" + history + ": " + violations);
        }
    }

    private int oneOfTheStack() {
        StackSimulation.Result result = StackSimulation.run(from, true);
        if (shrink && !result.violations().isEmpty()) {
            Set<String> wanted = invariants(result);
            int[] shortest = new Shrinker(
                            choices -> !Collections.disjoint(
                                    invariants(StackSimulation.replay(from, choices, false)), wanted),
                            SHRINK_TRIES_OF_THE_STACK)
                    .shrink(result.choices());
            result = StackSimulation.replay(from, shortest, true);
            System.out.println("choices " + Arrays.toString(shortest));
        }
        result.trace().forEach(System.out::println);
        System.out.println("violations " + result.violations() + ", inherent " + result.inherent());
        return result.violations().isEmpty() ? 0 : 1;
    }

    private static Set<String> invariants(StackSimulation.Result result) {
        return result.violations().stream().map(StackCampaign::invariant).collect(Collectors.toSet());
    }

    private int manyOfTheStack() {
        long start = System.nanoTime();
        StackCampaign.Outcome outcome;
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("histories")
                .setInitialMax(seeds)
                .build()) {
            outcome = StackCampaign.run(from, seeds, () -> false, (result, seed) -> {
                tell(result.violations(), "stack " + seed);
                bar.step();
            });
        }
        ObjectNode summary = new ObjectMapper().createObjectNode();
        summary.put("seeds", seeds);
        summary.put("from", from);
        summary.put("perSecond", Math.round(seeds * 1e10 / (System.nanoTime() - start)) / 10.0);
        summary.putPOJO("violations", outcome.violations());
        summary.putPOJO("inherent", outcome.inherent());
        summary.putPOJO("coverage", outcome.situations());
        System.out.println(summary);
        return outcome.violations().isEmpty() ? 0 : 1;
    }

    private int mutants() throws IOException {
        List<Mutant> chosen = Mutants.all().stream()
                .filter(mutant -> mutate.equals("all") || mutant.name().contains(mutate))
                .toList();
        int width =
                chosen.stream().mapToInt(mutant -> mutant.name().length()).max().orElse(0);
        String row = "%-" + width + "s | %-55s | %-8s | %9s | %s%n";
        System.out.printf(Locale.ROOT, row, "safeguard removed", "caught by", "scenario", "by seed", "tried now");
        Properties caughtBy = record == null ? new Properties() : read(record);
        boolean all = true;
        Properties known = read(root.resolve(KNOWN));
        for (Mutant mutant : chosen) {
            MutantHunt.Catch caught = caught(mutant, record == null ? known.getProperty(mutant.name()) : null);
            all &= caught.caught();
            if (caught.caught()) {
                caughtBy.setProperty(mutant.name(), caught.scenario() + " " + caught.seed());
            }
            System.out.printf(
                    Locale.ROOT,
                    row,
                    mutant.name(),
                    caught.caught()
                            ? caught.invariant()
                            : "NOTHING in " + mutant.scenarios().stream().collect(Collectors.joining(", ")),
                    caught.caught() ? caught.scenario() : "",
                    caught.caught() ? caught.seed() : "",
                    caught.seeds());
        }
        if (record != null) {
            caughtBy.keySet().retainAll(Mutants.all().stream().map(Mutant::name).toList());
            keep(caughtBy);
        }
        return all ? 0 : 1;
    }

    /** @param history one that is known to catch it, to be tried before any other; null, or the name of a test, for none */
    private MutantHunt.Catch caught(Mutant mutant, String history) {
        if (history != null && !history.startsWith("test ")) {
            MutantHunt.Catch again = MutantHunt.again(mutant, root, history);
            if (again.caught()) {
                return again;
            }
        }
        return MutantHunt.hunt(mutant, root, from);
    }

    /** In order and without the date, so that only what has changed differs. */
    private void keep(Properties caughtBy) throws IOException {
        StringWriter text = new StringWriter();
        caughtBy.store(text, null);
        Files.write(
                record,
                text.toString()
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .sorted()
                        .toList());
    }

    /** Which history has caught which mutant before, for those that are not hunted now and for the rare ones. */
    private static Properties read(Path file) throws IOException {
        Properties histories = new Properties();
        if (Files.exists(file)) {
            try (Reader text = Files.newBufferedReader(file)) {
                histories.load(text);
            }
        }
        return histories;
    }
}
