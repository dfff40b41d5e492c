package io.github.crmsync.simulation.stack;

import io.github.crmsync.simulation.Choices;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the sync and the apps of a run are set up.
 *
 * @param lagMs longest time until a change shows in HubSpot's searches
 * @param listed whether only members of a HubSpot list take part
 * @param schemas whether records carry their schemas
 */
record Setup(
        long seed,
        Sync sync,
        String defaultApp,
        long lagMs,
        boolean secondBump,
        boolean keepMergedId,
        boolean listed,
        boolean schemas,
        boolean byTime,
        long pollMs,
        long parkLimitMs) {
    /** Everything that comes from time to time has come once after this time. */
    static final long PERIOD_MS = 400_000;

    private static final long OFTEN_MS = 240_000;

    /** The examples. */
    enum Sync {
        CONTACTS("two-way-contacts"),
        LEADS("two-way-leads"),
        TO_DYNAMICS("hubspot-to-dynamics"),
        TO_HUBSPOT("dynamics-to-hubspot");

        final String folder;

        Sync(String folder) {
            this.folder = folder;
        }
    }

    private static final List<Sync> IN_TURN = List.of(
            Sync.CONTACTS,
            Sync.CONTACTS,
            Sync.LEADS,
            Sync.CONTACTS,
            Sync.TO_DYNAMICS,
            Sync.LEADS,
            Sync.TO_HUBSPOT,
            Sync.CONTACTS,
            Sync.LEADS);

    static Setup of(long seed, Choices choices) {
        return new Setup(
                seed,
                IN_TURN.get(Math.floorMod(seed, IN_TURN.size())),
                seed % 2 == 0 ? "dynamics" : "hubspot",
                choices.of(List.of(0L, 2_000L, 8_000L, 20_000L)),
                choices.chance(0.2),
                choices.chance(0.3),
                choices.chance(0.15),
                choices.chance(0.5),
                choices.chance(0.2),
                choices.of(List.of(5_000L, 10_000L)),
                choices.of(List.of(5_000L, 60_000L)));
    }

    boolean leads() {
        return sync == Sync.LEADS;
    }

    boolean twoWay() {
        return sync == Sync.CONTACTS || sync == Sync.LEADS;
    }

    /** Whether changes flow into this app. */
    boolean into(String app) {
        return twoWay() || sync == (app.equals("hubspot") ? Sync.TO_HUBSPOT : Sync.TO_DYNAMICS);
    }

    String table() {
        return leads() ? "lead" : "contact";
    }

    Map<String, String> hubspotSource(String listId) {
        Map<String, String> settings = source();
        settings.put("archive.poll.interval.ms", "30000");
        settings.put("overlap.ms", "60000");
        settings.put("list.ids", listId);
        settings.put("list.check.interval.ms", "60000");
        return settings;
    }

    Map<String, String> dynamicsSource() {
        Map<String, String> settings = source();
        settings.put("incremental.mode", byTime ? "modifiedon" : "tracking");
        return settings;
    }

    private Map<String, String> source() {
        Map<String, String> settings = new HashMap<>();
        settings.put("poll.interval.ms", Long.toString(pollMs));
        settings.put("sweep.interval.ms", Long.toString(OFTEN_MS));
        settings.put("deletion.check.interval.ms", Long.toString(OFTEN_MS));
        return settings;
    }

    Map<String, String> sink() {
        Map<String, String> settings = new HashMap<>();
        settings.put("park.limit.ms", Long.toString(parkLimitMs));
        settings.put("loop.limit.writes", "0");
        settings.put("max.parallel.requests", "1");
        settings.put("write.deadline.ms", "5000");
        settings.put("crmsync.task.id", "0");
        return settings;
    }
}
