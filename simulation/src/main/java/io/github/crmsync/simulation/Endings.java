package io.github.crmsync.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What some scenarios go on with once everything is quiet. */
final class Endings {
    private Endings() {}

    /** Pairs out of scope are edited and stay as they are; then the filter lets everything through. */
    static void widen(World world, Users users) {
        List<Crm.Row> shut = new ArrayList<>();
        world.links().forEach((hubspot, dynamics) -> {
            Crm.Row left = world.hubspot.rows.get(hubspot);
            Crm.Row right = world.dynamics.rows.get(dynamics);
            if (left != null && right != null && !world.sticky && !(left.inScope && right.inScope)) {
                shut.addAll(List.of(left, right));
                String field = Crm.FIELDS.get(0);
                users.change(world.hubspot, left, Map.of(field, users.fresh(field)), false);
                users.change(world.dynamics, right, Map.of(field, users.fresh(field)), false);
                world.findings.situation("edited out of scope");
            }
        });
        long before = written(shut);
        world.run(new Phases.Drain(world));
        if (written(shut) != before) {
            world.findings.violation("I8 a record out of scope was written");
        }
        for (Crm crm : List.of(world.hubspot, world.dynamics)) {
            crm.rows.values().stream().filter(row -> !row.inScope).forEach(row -> {
                row.inScope = true;
                crm.touch(row);
                world.findings.situation("filter widened");
            });
        }
        world.log(() -> "--- the filter is widened");
        world.run(new Phases.Drain(world));
        Simulation.sweepUntilQuiet(world);
        new Oracle(world, users).check();
    }

    private static long written(List<Crm.Row> rows) {
        return rows.stream()
                .flatMap(row -> row.history.values().stream())
                .flatMap(List::stream)
                .filter(Crm.Entry::bySync)
                .count();
    }

    /** A pair whose two sides were equal, and what they were. */
    private record Pair(Crm.Row left, Crm.Row right, Map<String, String> values) {}

    /** The tasks refuse to go on; after their offsets are reset they match everything anew and overwrite nothing. */
    static void loseLedger(World world) {
        List<Pair> pairs = equalPairs(world);
        int writes = world.syncWrites();
        Set<SinkActor> readers = Set.copyOf(world.actors.stream()
                .filter(actor -> actor.firstPartitions().stream().anyMatch(p -> world.committed(p) > 0))
                .toList());
        world.loseLedger();
        world.run(new Phases.Turns(world, 30));
        if (!world.refusing().containsAll(readers)) {
            world.findings.violation("a task goes on without its ledger");
        }
        if (world.syncWrites() != writes) {
            world.findings.violation("a lost ledger caused writes");
        }
        world.ledgerGivenUp();
        world.run(new Phases.Drain(world));
        Simulation.sweepUntilQuiet(world);
        Map<String, String> links = world.links();
        for (Pair pair : pairs) {
            boolean same = pair.right().id.equals(links.get(pair.left().id));
            world.findings.situation(same ? "matched anew" : "matched otherwise");
            if (same
                    && !(values(pair.left()).equals(pair.values())
                            && values(pair.right()).equals(pair.values()))) {
                world.findings.violation("I3 matching anew overwrote a value");
            }
            if (children(world.dynamics, pair.left()) + children(world.hubspot, pair.right()) > 1) {
                world.findings.violation("I11 matching anew created a counterpart");
            }
        }
    }

    private static List<Pair> equalPairs(World world) {
        List<Pair> pairs = new ArrayList<>();
        world.links().forEach((hubspot, dynamics) -> {
            Crm.Row left = world.hubspot.rows.get(hubspot);
            Crm.Row right = world.dynamics.rows.get(dynamics);
            if (left != null
                    && right != null
                    && values(left).equals(values(right))
                    && !left.value(Crm.EMAIL).isEmpty()) {
                pairs.add(new Pair(left, right, values(left)));
            }
        });
        return pairs;
    }

    private static long children(Crm crm, Crm.Row parent) {
        return crm.rows.values().stream()
                .filter(row -> parent.id.equals(row.createdFor))
                .count();
    }

    private static Map<String, String> values(Crm.Row row) {
        return Map.of(
                "name", row.value("name"),
                "phone", row.value("phone"),
                "email", row.value("email"));
    }
}
