package io.github.crmsync.core.sink;

import io.github.crmsync.core.sink.Outcome.Trouble;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How records that the app fails on are tried again. Where one record out of several is to blame, each try takes half as many
 * until it stands alone; alone, it gets a growing pause and a bounded number of tries. Its next version begins anew.
 */
final class Retries {
    /** As many records as there are. */
    static final int ANY = Integer.MAX_VALUE;
    /** Tries of a record alone while the app carries out other writes: with the default pauses about a minute. */
    static final int TRIES = 8;
    /** Tries while nothing tells that the app is well: about a quarter of an hour. */
    static final int LONE_TRIES = 20;
    /** Tries of a record that the app keeps putting off: about a day. */
    static final int PUT_OFF_TRIES = 1_440;
    /** The pause doubles so many times: from half a second to about a minute. */
    private static final int DOUBLINGS = 7;
    /** Versions that were given up and are remembered. */
    private static final int REMEMBERED = 10_000;

    private static final class State {
        final long version;
        /** Number of writes before its first failure. */
        final long writtenBefore;

        int tries;
        int together;
        Trouble trouble;
        String message;

        State(long version, long writtenBefore, int tries, int together) {
            this.version = version;
            this.writtenBefore = writtenBefore;
            this.tries = tries;
            this.together = together;
        }
    }

    private final Map<String, State> states = new HashMap<>();
    /** By source id: the version that was given up. */
    private final Map<String, Long> givenUp = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    private long written;

    /**
     * Notes that an image could not be carried out.
     *
     * @param among number of records of which one, or each, is to blame
     * @param message the app's own
     */
    void failed(Work work, Trouble trouble, int among, String message) {
        State state = state(work);
        state.trouble = trouble;
        state.message = message;
        if (trouble == Trouble.UNANSWERED && among > 1) {
            state.together = among / 2;
            return;
        }
        state.tries++;
        if (trouble == Trouble.UNANSWERED && state.tries > 1) {
            // Among others it would take them with it.
            state.together = 1;
        }
    }

    private State state(Work work) {
        String id = work.image().id();
        long version = work.image().version();
        State state = states.get(id);
        if (state == null || state.version != version) {
            boolean again = Long.valueOf(version).equals(givenUp.get(id));
            // One more try is enough for a version that was given up before.
            state = new State(version, written, again ? LONE_TRIES - 1 : 0, state == null ? ANY : state.together);
            states.put(id, state);
        }
        return state;
    }

    /** How many records an image may be tried together with, itself included. */
    int together(Work work) {
        State state = states.get(work.image().id());
        return state == null ? ANY : state.together;
    }

    /**
     * Pause before the next try of an image that has failed, in ms.
     *
     * @param backoffMs the first one
     */
    long pauseMs(Work work, long backoffMs) {
        State state = states.get(work.image().id());
        return pauseMs(state == null ? 0 : state.tries - 1, backoffMs);
    }

    /** Pause after a number of tries, in ms. */
    static long pauseMs(int tries, long backoffMs) {
        return backoffMs << Math.max(0, Math.min(tries, DOUBLINGS));
    }

    /** Why nothing more is to be sent for this image: the app's last message. Null as long as it may be tried. */
    String hopeless(Work work) {
        State state = states.get(work.image().id());
        if (state == null || state.version != work.image().version()) {
            return null;
        }
        int most =
                state.trouble == Trouble.PUT_OFF ? PUT_OFF_TRIES : written > state.writtenBefore ? TRIES : LONE_TRIES;
        return state.tries >= most ? state.message : null;
    }

    /** Ends an image, by whatever decision. */
    void done(Work work, Outcome.Kind kind) {
        String id = work.image().id();
        State state = states.remove(id);
        if (kind == Outcome.Kind.CREATED || kind == Outcome.Kind.UPDATED) {
            written++;
        }
        if (kind == Outcome.Kind.FAILED && state != null) {
            givenUp.put(id, work.image().version());
        } else if (kind != Outcome.Kind.STALE) {
            givenUp.remove(id);
        }
    }

    /** Forgets an image that another task has now. */
    void forget(Work work) {
        states.remove(work.image().id());
    }
}
