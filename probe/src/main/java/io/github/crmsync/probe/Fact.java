package io.github.crmsync.probe;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A question that a service's documents leave open.
 *
 * @param name of the simulator's switch where there is one
 * @param question as a person would ask it
 * @param readings possible answers in order, each with the switch that makes the simulator behave so; an empty text stands
 *     for the simulator's default
 */
public record Fact(String name, String question, Map<String, String> readings, Check check) {
    /** Finds out which reading holds. */
    @FunctionalInterface
    public interface Check {
        /**
         * One of the readings, or another text that describes what was seen instead.
         *
         * @throws Inconclusive when nothing can be told
         */
        String observe() throws IOException, Inconclusive;
    }

    /** A question whose answer the simulator cannot be switched to: only the assumed reading is known. */
    public static Fact assumed(String name, String question, String reading, Check check) {
        return new Fact(name, question, Map.of(reading, ""), check);
    }

    /** A question with two answers. */
    public static Fact either(
            String name, String question, String byDefault, String otherwise, String setting, Check check) {
        Map<String, String> readings = new LinkedHashMap<>();
        readings.put(byDefault, "");
        readings.put(otherwise, setting);
        return new Fact(name, question, readings, check);
    }

    /** What the simulator does unless it is told otherwise. */
    String byDefault() {
        return readings.entrySet().stream()
                .filter(reading -> reading.getValue().isEmpty())
                .findFirst()
                .orElseThrow()
                .getKey();
    }
}
