package io.github.crmsync.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Quick look. */
public final class SimulateMain {
    private SimulateMain() {}

    public static void main(String[] args) {
        String name = args[0];
        Scenario scenario = Scenario.all().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
        long from = Long.parseLong(args[1]);
        int seeds = Integer.parseInt(args[2]);
        if (seeds == 0) {
            Simulation.Result result = Simulation.run(scenario, from, true);
            result.trace().forEach(System.out::println);
            System.out.println(result.violations() + " " + result.inherent() + " " + result.situations());
            return;
        }
        long start = System.nanoTime();
        Map<String, List<Long>> found = new LinkedHashMap<>();
        Map<String, List<Long>> inherent = new LinkedHashMap<>();
        Map<String, Integer> situations = new TreeMap<>();
        for (long seed = from; seed < from + seeds; seed++) {
            Simulation.Result result = Simulation.run(scenario, seed, false);
            long s = seed;
            result.violations()
                    .forEach(v -> found.computeIfAbsent(v, x -> new java.util.ArrayList<>())
                            .add(s));
            result.inherent()
                    .forEach(v -> inherent.computeIfAbsent(v, x -> new java.util.ArrayList<>())
                            .add(s));
            result.situations().forEach((k, v) -> situations.merge(k, v, Integer::sum));
        }
        found.forEach((v, list) ->
                System.out.println(v + ": " + list.size() + " " + list.subList(0, Math.min(5, list.size()))));
        inherent.forEach((v, list) -> System.out.println(
                "inherent " + v + ": " + list.size() + " " + list.subList(0, Math.min(5, list.size()))));
        System.out.println(situations);
        System.out.println(seeds / ((System.nanoTime() - start) / 1e9) + " runs/s");
    }
}
