package io.github.crmsync.simulation;

import java.util.List;
import java.util.Set;

/**
 * What a run may contain.
 *
 * @param onePair one linked pair whose fields few users edit; no sweep and no limit for parked conflicts: everything has to
 *     settle by itself
 * @param tiny with {@code onePair}: few edits of one field, polled at once
 * @param pauses one sink stands still for long between any two of its calls
 * @param linkProperty HubSpot has a unique property that holds the Dynamics id
 * @param historyCheck HubSpot's property history is looked at after a write
 * @param ties changes of HubSpot contacts may share a version
 * @param restores deleted records come back, and HubSpot contacts are merged
 * @param tasks tasks of each sink
 * @param faults probability that a call fails
 * @param features what only this scenario has
 */
public record Scenario(
        String name,
        boolean onePair,
        boolean tiny,
        boolean pauses,
        boolean linkProperty,
        boolean historyCheck,
        boolean ties,
        boolean restores,
        int tasks,
        double faults,
        Set<Feature> features) {
    /** What a scenario may have beyond the others. */
    enum Feature {
        /**
         * Partitions move to another task while their holder stands still, and it goes on without knowing; requests arrive after
         * their sender has given them up.
         */
        ZOMBIES,
        /** Each app stores values in a form of its own. */
        FORMS,
        /** Records leave the scope and come back; contacts have a stage that only moves forward. */
        FILTERS,
        /** In the end the ledger is lost. */
        LOSSES,
        /** Topics and ledger keep only the newest entry of a key. */
        COMPACTION,
        /** Topics are deleted and made again, with as many partitions or with others, and get more partitions. */
        TOPICS,
        /** The sink into Dynamics waits for the first import into HubSpot; partitions move before and after their marks. */
        IMPORT
    }

    public static final Scenario GENERAL =
            new Scenario("general", false, false, false, true, true, false, false, 1, 0.01, Set.of());
    /** Neither link property nor history check: the windows that they close are open. */
    public static final Scenario BARE =
            new Scenario("bare", false, false, false, false, false, false, false, 1, 0.01, Set.of());

    public static final Scenario TASKS =
            new Scenario("tasks", false, false, false, true, true, false, false, 2, 0.01, Set.of());
    public static final Scenario TIES =
            new Scenario("ties", false, false, false, true, true, true, false, 1, 0.01, Set.of());
    public static final Scenario MICRO =
            new Scenario("micro", true, false, false, true, true, false, false, 1, 0, Set.of());
    public static final Scenario PAUSE =
            new Scenario("pause", true, false, true, true, true, false, false, 1, 0, Set.of());
    public static final Scenario TINY =
            new Scenario("tiny", true, true, false, true, true, false, false, 1, 0, Set.of());

    public static final Scenario RESTORES =
            new Scenario("restores", false, false, false, true, true, false, true, 1, 0.01, Set.of());
    public static final Scenario ZOMBIES =
            new Scenario("zombies", false, false, false, true, true, false, false, 2, 0.01, Set.of(Feature.ZOMBIES));

    public static final Scenario FORMS = like("forms", Feature.FORMS);
    public static final Scenario FILTERS = like("filters", Feature.FILTERS);
    public static final Scenario LOSSES = like("losses", Feature.LOSSES);
    public static final Scenario COMPACTION = like("compaction", Feature.COMPACTION);

    public static final Scenario TOPICS = new Scenario(
            "topics",
            false,
            false,
            false,
            true,
            true,
            false,
            true,
            2,
            0.01,
            Set.of(Feature.TOPICS, Feature.ZOMBIES, Feature.COMPACTION));

    public static final Scenario IMPORT = new Scenario(
            "import", false, false, false, true, true, false, false, 2, 0.01, Set.of(Feature.IMPORT, Feature.ZOMBIES));

    /** As the general one, and something more. */
    private static Scenario like(String name, Feature feature) {
        return new Scenario(name, false, false, false, true, true, false, false, 1, 0.01, Set.of(feature));
    }

    public static List<Scenario> all() {
        return List.of(
                GENERAL,
                BARE,
                TASKS,
                TIES,
                RESTORES,
                MICRO,
                PAUSE,
                TINY,
                ZOMBIES,
                FORMS,
                FILTERS,
                LOSSES,
                COMPACTION,
                TOPICS,
                IMPORT);
    }

    boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** Whether HubSpot contacts are merged: in one partition, in which the loser's end comes before the winner's image. */
    boolean merges() {
        return restores && !has(Feature.TOPICS);
    }

    boolean zombies() {
        return has(Feature.ZOMBIES);
    }

    /** The scenario of this name. */
    public static Scenario of(String name) {
        return all().stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no scenario named " + name));
    }
}
