package io.github.crmsync.simulation;

import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Report;
import io.github.crmsync.core.sink.Work;
import java.util.Locale;
import java.util.Map;

/** Counts the kinds of decisions: a run that never comes across a situation proves nothing about it. */
final class Decisions implements Report {
    private final World world;

    Decisions(World world) {
        this.world = world;
    }

    @Override
    public void record(String targetApp, Work work, Outcome outcome, long now) {
        world.findings.situation(outcome.kind().name().toLowerCase(Locale.ROOT));
        outcome.conflicts()
                .values()
                .forEach(winner -> world.findings.situation(
                        winner.equals(world.defaultApp) ? "conflict" : "conflict with empty default"));
        world.log(() -> "sink " + targetApp + " decides on " + work.image().id() + " v"
                + work.image().version() + ": " + outcome.kind() + " " + outcome.fields() + " " + outcome.conflicts()
                + (outcome.detail() == null ? "" : " " + outcome.detail()));
    }

    @Override
    public void plan(String targetApp, Map<Outcome.Kind, Long> counts, long now) {
        // Nobody previews.
    }

    @Override
    public void flush() {
        // Nothing to keep.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
