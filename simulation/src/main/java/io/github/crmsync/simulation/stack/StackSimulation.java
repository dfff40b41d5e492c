package io.github.crmsync.simulation.stack;

import io.github.crmsync.simulation.Choices;
import io.github.crmsync.simulation.Findings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One history of the whole sync: people, faults and crashes for a while, then rest, then everything again. */
public final class StackSimulation {
    private static final int MOST_PERIODS = 6;

    private StackSimulation() {}

    /**
     * What a run has shown.
     *
     * @param inherent what falls into a window that the protocol names
     * @param choices every decision, for {@link #replay}
     */
    public record Result(
            Set<String> violations,
            Set<String> inherent,
            Map<String, Integer> situations,
            int[] choices,
            List<String> trace) {}

    public static Result run(long seed, boolean traced) {
        return run(seed, Choices.ofSeed(seed), traced);
    }

    /** A history of recorded decisions, with the connectors of this seed. */
    public static Result replay(long seed, int[] choices, boolean traced) {
        return run(seed, Choices.of(choices), traced);
    }

    private static Result run(long seed, Choices choices, boolean traced) {
        try (Stack stack = new Stack(Setup.of(seed, choices), choices, traced)) {
            stack.log(() -> stack.setup().toString());
            play(stack);
            Findings findings = stack.findings();
            return new Result(
                    Set.copyOf(findings.violations()),
                    Set.copyOf(findings.inherent()),
                    new TreeMap<>(findings.situations()),
                    choices.taken(),
                    List.copyOf(stack.trace()));
        }
    }

    private static void play(Stack stack) {
        People people = new People(stack);
        Verdict verdict = new Verdict(stack, people);
        people.begin();
        stack.run(new Busy(stack, people));
        stack.oddities().end();
        stack.operators().end();
        rest(stack);
        verdict.check("after the history");
        quiet(stack, "I2 the sync does not fall quiet");
        stack.log(() -> "--- both topics again");
        stack.sinks().forEach(SinkActor::rewind);
        quiet(stack, "I16 a replay of the topics writes");
        stack.log(() -> "--- everything read again");
        stack.sources().forEach(SourceActor::forgetOffset);
        quiet(stack, "I16 a second reading of the apps writes");
        stack.log(() -> "--- new tasks");
        stack.actors().forEach(Actor::crash);
        quiet(stack, "I16 new tasks write");
        verdict.check("at the end");
        if (stack.operators().carry()) {
            stack.run(new Until(stack, stack.now() + Setup.PERIOD_MS));
        }
    }

    /** Sweeps come and go until the sync writes nothing more, and learns nothing more. */
    private static void rest(Stack stack) {
        int before;
        int known;
        int periods = 0;
        do {
            before = stack.watch().writes();
            known = stack.watch().learned();
            stack.run(new Until(stack, stack.now() + Setup.PERIOD_MS));
            stack.log(() -> "--- rested for a while");
        } while ((stack.watch().writes() != before || stack.watch().learned() != known) && ++periods < MOST_PERIODS);
        if (periods == MOST_PERIODS) {
            stack.findings().violation("I2 the sync goes on writing");
        }
    }

    private static void quiet(Stack stack, String otherwise) {
        int before = stack.watch().writes();
        int silent = stack.watch().silentWrites();
        int passedOn = stack.watch().passedOn();
        stack.run(new Until(stack, stack.now() + Setup.PERIOD_MS));
        if (stack.watch().silentWrites() > silent || stack.watch().passedOn() > passedOn) {
            // A deletion of which nobody had heard. Others may follow from it: the address that it takes, or leaves, is
            // another record's or free.
            stack.findings().inherent(otherwise, "W8");
        } else if (stack.watch().writes() > before) {
            stack.log(() -> "VIOLATION " + otherwise);
            stack.findings().violation(otherwise);
        }
    }

    /** Nothing but the tasks. */
    private record Until(Stack stack, long end) implements Stack.Phase {
        @Override
        public boolean step() {
            return stack.now() < end
                    || stack.now() < end + Setup.PERIOD_MS
                            && !stack.sinks().stream().allMatch(SinkActor::settled);
        }
    }

    /** People, failures and crashes. */
    private static final class Busy implements Stack.Phase {
        private static final int APART = 80;
        /** With its waits: a request whose second token is refused, too, ends its task. */
        private static final long LONGEST_REQUEST_MS = 30_000;
        /** Delta links of one table that are refused in a row: the source gives up after the next. */
        private static final int MOST_EXPIRIES = 3;

        private final Stack stack;
        private final People people;
        private final Choices choices;
        private final double edits;
        private final double crashes;
        private final double failures;
        private final int pace;
        private int left;
        private int refusals;
        private int expiries;
        private boolean revoked;
        private long revokedAt;
        private int lastRefusal = Integer.MAX_VALUE / 2;

        Busy(Stack stack, People people) {
            this.stack = stack;
            this.people = people;
            choices = stack.choices();
            edits = choices.of(List.of(0.03, 0.08, 0.15));
            crashes = choices.of(List.of(0.0, 0.002, 0.005, 0.015));
            pace = choices.of(List.of(2, 20, 150));
            failures = choices.of(List.of(0.0, 0.03, 0.1));
            left = choices.of(List.of(300, 500, 800));
        }

        @Override
        public boolean step() {
            if (left-- == 0) {
                return false;
            }
            if (choices.chance(edits)) {
                people.act();
            }
            stack.oddities().step();
            stack.operators().step();
            // An environment that refuses again and again is broken, and a task has to say so.
            int noticed = stack.findings().situations().getOrDefault("dynamics 401", 0);
            if (noticed != refusals) {
                refusals = noticed;
                revoked = false;
                lastRefusal = left;
            }
            if (!revoked && lastRefusal - left > APART && choices.chance(0.008)) {
                lastRefusal = left;
                if (choices.chance(0.5) && expiries < MOST_EXPIRIES) {
                    expiries++;
                    stack.dynamics().expireDeltaLinks();
                } else if (stack.now() - revokedAt > LONGEST_REQUEST_MS) {
                    stack.dynamics().revokeTokens();
                    revoked = true;
                    revokedAt = stack.now();
                }
            }
            return true;
        }

        @Override
        public boolean crashes(String call) {
            boolean telling = call.contains("batch") || call.contains("append");
            return choices.chance(telling ? crashes * 4 : call.equals(Actor.WAITED) ? crashes / 4 : crashes);
        }

        @Override
        public int pace() {
            return pace;
        }

        @Override
        public double failures() {
            return failures;
        }

        @Override
        public boolean calm() {
            return false;
        }
    }
}
