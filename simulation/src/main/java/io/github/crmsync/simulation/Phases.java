package io.github.crmsync.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of a run: busy time of several kinds, and quiet time until everything has settled. */
final class Phases {
    private Phases() {}

    private static SinkActor actor(World world, boolean hubspot) {
        List<SinkActor> all = world.actors.stream()
                .filter(actor -> actor.isHubspot() == hubspot)
                .toList();
        List<SinkActor> awake =
                all.stream().filter(actor -> !world.frozen(actor)).toList();
        List<SinkActor> tasks = awake.isEmpty() ? all : awake;
        return tasks.size() == 1 ? tasks.get(0) : world.choices().of(tasks);
    }

    private static Crm anyCrm(World world) {
        return world.choices().next(2) == 0 ? world.hubspot : world.dynamics;
    }

    /** Several records on both sides; people create, edit, clear, revert, copy, re-mail and delete. */
    static final class General implements World.Phase {
        private static final List<Integer> STEPS = List.of(1, 1, 2, 4);

        private final World world;
        private final Users users;
        private final Choices choices;
        private final double edits;
        private final double crashes;
        private final double polls;
        private final double towardsDynamics;
        private int left;

        General(World world, Users users) {
            this.world = world;
            this.users = users;
            this.choices = world.choices();
            edits = choices.of(List.of(0.05, 0.12, 0.25));
            crashes = choices.of(List.of(0.0, 0.01, 0.03));
            polls = choices.of(List.of(0.05, 0.15, 0.4));
            towardsDynamics = choices.of(List.of(0.5, 0.7));
            left = choices.of(List.of(150, 250, 400));
        }

        @Override
        public SinkActor next() {
            if (left-- == 0) {
                world.sources().endSnapshot();
                return null;
            }
            world.pass(1 + choices.next(5));
            world.hubspot.ties(world.scenario().ties() && choices.chance(0.3));
            if (choices.chance(edits)) {
                users.act();
            }
            if (choices.chance(polls)) {
                world.sources().poll(anyCrm(world), choices.of(List.of(1.0, 0.5)));
            }
            if (choices.chance(crashes)) {
                choices.of(world.actors).crash();
                world.findings.situation("crash");
            }
            if (choices.chance(0.003)) {
                world.sources().sweep(anyCrm(world));
            }
            if (world.scenario().has(Scenario.Feature.COMPACTION) && choices.chance(0.02)) {
                world.compact();
            }
            if (world.scenario().zombies() && choices.chance(0.04)) {
                world.rebalance();
            }
            if (world.scenario().has(Scenario.Feature.IMPORT)) {
                if (choices.chance(0.02)) {
                    world.sources().endSnapshot();
                } else if (world.sources().inSnapshot() && choices.chance(0.01)) {
                    world.addPartition();
                }
            }
            if (world.scenario().has(Scenario.Feature.TOPICS)) {
                if (choices.chance(0.01)) {
                    world.makeTopicAgain();
                } else if (choices.chance(0.01)) {
                    world.addPartition();
                }
            }
            return actor(world, choices.chance(1 - towardsDynamics));
        }

        @Override
        public int turns() {
            return choices.of(STEPS);
        }
    }

    /** A number of turns for every task, and nothing else. */
    static final class Turns implements World.Phase {
        private final World world;
        private int left;

        Turns(World world, int each) {
            this.world = world;
            left = each * world.actors.size();
        }

        @Override
        public SinkActor next() {
            return left-- == 0 ? null : world.actors.get(left % world.actors.size());
        }
    }

    /** One pair, many races: edits, reverts, copies and clears of one or two fields. */
    static final class OnePair implements World.Phase {
        private final World world;
        private final Users users;
        private final Choices choices;
        private final double crashes;
        private final double towardsDynamics;
        private final double edits;
        private final int fields;
        private int left;
        private int editsLeft;
        private int standing;
        private boolean standsHubspot;

        OnePair(World world, Users users) {
            this.world = world;
            this.users = users;
            this.choices = world.choices();
            crashes = choices.of(world.scenario().pauses() ? List.of(0.0, 0.02, 0.08) : List.of(0.0, 0.01, 0.04));
            towardsDynamics = choices.of(List.of(0.5, 0.35, 0.65));
            edits = choices.of(List.of(0.1, 0.2, 0.4));
            fields = 1 + choices.next(2);
            editsLeft = choices.of(List.of(3, 5, 8));
            left = world.scenario().pauses() ? 200 : 120;
        }

        @Override
        public SinkActor next() {
            if (left-- == 0) {
                return null;
            }
            world.pass(1 + choices.next(5));
            if (editsLeft > 0 && choices.chance(edits)) {
                editsLeft--;
                edit();
            }
            if (choices.chance(0.4)) {
                world.sources().poll(anyCrm(world), 1);
            }
            if (choices.chance(crashes)) {
                choices.of(world.actors).crash();
                world.findings.situation("crash");
            }
            boolean hubspot = choices.chance(1 - towardsDynamics);
            if (world.scenario().pauses()) {
                if (standing == 0 && choices.chance(0.08)) {
                    standing = 3 + choices.next(27);
                    standsHubspot = choices.next(2) == 1;
                }
                if (standing > 0) {
                    standing--;
                    hubspot = !standsHubspot;
                }
            }
            return actor(world, hubspot);
        }

        private void edit() {
            Crm crm = anyCrm(world);
            Crm.Row row = crm.rows.values().iterator().next();
            String field = Crm.FIELDS.get(choices.next(fields));
            int what = choices.next(100);
            String value;
            boolean repeated = what >= 45;
            if (what >= 65) {
                value = choices.of(row.history(field)).value();
            } else if (what >= 50) {
                value = world.other(crm).rows.values().iterator().next().value(field);
            } else if (what >= 45) {
                value = "";
            } else {
                value = users.fresh(field);
            }
            if (!value.equals(row.value(field))) {
                users.change(crm, row, Map.of(field, value), repeated);
            }
        }

        @Override
        public int turns() {
            return choices.of(List.of(1, 1, 2, 3));
        }
    }

    /** Few edits of one field, polled at once; one sink runs for a while, then the other. */
    static final class Tiny implements World.Phase {
        private final World world;
        private final Users users;
        private final Choices choices;
        private final double crashes;
        private final double switches;
        private int left = 45;
        private int editsLeft;
        private boolean hubspot;

        Tiny(World world, Users users) {
            this.world = world;
            this.users = users;
            this.choices = world.choices();
            crashes = choices.of(List.of(0.0, 0.0, 0.03, 0.1));
            editsLeft = choices.of(List.of(2, 3, 4));
            hubspot = choices.next(2) == 1;
            switches = choices.of(List.of(0.1, 0.2, 0.4));
        }

        @Override
        public SinkActor next() {
            if (left-- == 0) {
                return null;
            }
            world.pass(1 + choices.next(5));
            if (editsLeft > 0 && choices.chance(0.25)) {
                editsLeft--;
                edit();
            } else if (choices.chance(0.2)) {
                world.sources().poll(anyCrm(world), 1);
            }
            if (choices.chance(crashes)) {
                choices.of(world.actors).crash();
                world.findings.situation("crash");
            }
            if (choices.chance(switches)) {
                hubspot = !hubspot;
            }
            return actor(world, hubspot);
        }

        private void edit() {
            String field = Crm.FIELDS.get(0);
            Crm crm = anyCrm(world);
            Crm.Row row = crm.rows.values().iterator().next();
            int what = choices.next(100);
            boolean repeated = what >= 40;
            String value;
            if (what >= 70) {
                value = world.other(crm).rows.values().iterator().next().value(field);
            } else if (what >= 43) {
                value = choices.of(row.history(field)).value();
            } else {
                value = what >= 40 ? "" : users.fresh(field);
            }
            if (!value.equals(row.value(field))) {
                users.change(crm, row, Map.of(field, value), repeated);
                if (!choices.chance(0.2)) {
                    world.sources().poll(crm, 1);
                }
            }
        }

        @Override
        public int turns() {
            return choices.of(List.of(1, 1, 2));
        }
    }

    /** Nobody types and nothing crashes, until both sinks have nothing left to do. */
    static final class Drain implements World.Phase {
        private static final int LIMIT = 6_000;
        private static final int QUIET = 4;

        private final World world;
        private Map<String, Long> before = Map.of();
        private int unchanged;
        private int steps;
        private int quiet;

        Drain(World world) {
            this.world = world;
            world.hubspot.ties(false);
        }

        @Override
        public SinkActor next() {
            int round = steps % world.actors.size();
            if (round == 0) {
                world.sources().poll(world.hubspot, 1);
                world.sources().poll(world.dynamics, 1);
                Map<String, Long> now = state();
                boolean settled = world.actors.stream().allMatch(SinkActor::settled);
                unchanged = now.equals(before) ? unchanged + 1 : 0;
                quiet = settled && unchanged > 0 ? quiet + 1 : 0;
                before = now;
                if (quiet == QUIET) {
                    return null;
                }
                // Whoever waits for a timer finds it has rung, but nobody is kept from what he is about to do.
                world.pass(world.scenario().zombies() && unchanged < 6 ? 10 : 1_000);
            }
            if (++steps > LIMIT) {
                world.findings.violation(
                        world.actors.stream().allMatch(SinkActor::delivered)
                                ? "I20 parked for ever"
                                : "I2 does not settle");
                return null;
            }
            return world.actors.get(round);
        }

        private Map<String, Long> state() {
            Map<String, Long> state = new LinkedHashMap<>();
            state.put("ledger", (long) world.ledger().end());
            state.put("hubspot", world.hubspot.version());
            state.put("dynamics", world.dynamics.version());
            return state;
        }

        @Override
        public int turns() {
            return 3;
        }
    }
}
