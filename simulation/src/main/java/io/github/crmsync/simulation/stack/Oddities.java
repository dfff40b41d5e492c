package io.github.crmsync.simulation.stack;

import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.sandbox.hubspot.Quirk;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Odd things that HubSpot does in one of sixteen runs: a list that holds everybody is evaluated anew, or deleted for a while,
 * and pages of search results come empty. Drawn from a stream of their own, so that the other runs stay as they are.
 */
final class Oddities {
    private static final int ONE_IN = 16;
    private static final int WHICH = 7;
    private static final long LONGEST_MS = 90_000;
    /** How long a stopped task waits until somebody starts it again. */
    private static final long RESTART_MS = 20_000;

    private final Stack stack;
    private final boolean on;
    private final Random random;
    /** Contacts that were sent as members: they stay, whatever happens to the list. */
    private final Set<String> members = new HashSet<>();

    private long deletedUntil;

    Oddities(Stack stack, Setup setup) {
        this.stack = stack;
        on = in(setup);
        random = new Random(setup.seed());
    }

    private static boolean in(Setup setup) {
        return Math.floorMod(setup.seed(), ONE_IN) == WHICH && setup.into("dynamics") && !setup.listed();
    }

    /** Whether the source's scope is an active list of all contacts. */
    boolean on() {
        return on;
    }

    /** What a deleted list does differs from portal to portal. */
    static Quirk[] quirks(Setup setup) {
        return in(setup) && new Random(setup.seed()).nextBoolean()
                ? new Quirk[] {Quirk.EMPTY_DELETED_LISTS}
                : new Quirk[] {};
    }

    /** Called now and then while people work. */
    void step() {
        if (!on) {
            return;
        }
        if (deletedUntil > 0) {
            if (stack.now() >= deletedUntil) {
                end();
            }
        } else if (random.nextInt(40) == 0) {
            happen();
        }
    }

    private void happen() {
        HubSpot hubspot = stack.hubspot();
        long ms = 1 + random.nextLong(LONGEST_MS);
        switch (random.nextInt(4)) {
            case 0 -> {
                hubspot.deleteList(stack.oddList());
                deletedUntil = stack.now() + ms;
                stack.findings().situation("list deleted");
            }
            case 1 -> {
                hubspot.process(stack.oddList(), ms);
                stack.findings().situation("list processing");
            }
            default -> {
                hubspot.fault(Map.of("emptySearchPages", 1 + random.nextInt(7)));
                stack.findings().situation("empty search page");
            }
        }
    }

    /** Puts everything back before the sync has to come to rest. */
    void end() {
        if (deletedUntil > 0) {
            deletedUntil = 0;
            stack.hubspot().restoreList(stack.oddList());
        }
    }

    /** Whether a task had to stop; it is started again a little later. */
    boolean explains(Actor actor, Throwable failure) {
        if (on && String.valueOf(failure.getMessage()).contains("has been deleted in HubSpot")) {
            stack.findings().situation("stopped by a deleted list");
            actor.rest(RESTART_MS);
            return true;
        }
        return false;
    }

    /** It was archived: after its return it joins the list anew. */
    void forget(String id) {
        members.remove(id);
    }

    /** Nobody is sent as outside of a list that holds everybody, but for those who have not joined it yet. */
    void sent(SinkRecord record) {
        if (!on || record.value() == null) {
            return;
        }
        String id = String.valueOf(record.key());
        if (record.headers().lastWithName(SyncHeaders.EXCLUDED) == null) {
            members.add(id);
        } else if (members.contains(id)) {
            stack.findings().violation("I8 contact " + id + " is on the list and is sent as outside of it");
        }
    }
}
