package io.github.crmsync.core.sink;

import io.github.crmsync.core.sink.Outcome.Trouble;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How records that the app fails on are tried again. Where one record out of several is to blame, each try takes a quarter of
 * them until it stands alone; alone, it gets a growing pause and a bounded number of tries. Its next version begins anew.
 */
final class Retries {
    /** As many records as there are. */
    static final int ANY = Integer.MAX_VALUE;
    /** Tries of a record alone while the app carries out other writes: with the default pauses about a minute. */
    static final int TRIES = 5;
    /** Tries while nothing tells that the app is well: about a quarter of an hour. */
    static final int LONE_TRIES = 20;
    /** Tries of a record that the app keeps putting off: about a day. */
    static final int PUT_OFF_TRIES = 1_440;
    /** The pause doubles so many times: from half a second to about a minute. */
    private static final int DOUBLINGS = 7;
    /** Into so many parts a request is split: of all numbers about the one with which the culprit takes the fewest calls. */
    private static final int PARTS = 4;
    /** Versions that were given up and are remembered. */
    private static final int REMEMBERED = 10_000;

    private static final class State {
        final long version;
        /** Number of writes before its first failure. */
        final long writtenBefore;

        /** Alone. */
        int tries;

        int putOff;
        int readTogether = ANY;
        int writtenTogether = ANY;
        String message;

        State(long version, long writtenBefore, int tries) {
            this.version = version;
            this.writtenBefore = writtenBefore;
            this.tries = tries;
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
     * Notes that an image could not be read or decided.
     *
     * @param among number of records of which one, or each, is to blame
     * @param message the app's own
     */
    void unread(Work work, int among, String message) {
        State state = state(work);
        state.message = message;
        state.readTogether = part(among);
        if (among == 1) {
            state.tries++;
        }
    }

    /**
     * Notes that an image could not be written.
     *
     * @param unanswered number of records, of those that were written at the same time, of which the app did not say what
     *     became of them
     * @param message the app's own
     */
    void failed(Work work, Trouble trouble, int unanswered, String message) {
        State state = state(work);
        state.message = message;
        if (trouble == Trouble.PUT_OFF) {
            state.putOff++;
            return;
        }
        int among = Math.min(unanswered, state.writtenTogether);
        if (trouble == Trouble.UNANSWERED && among > 1) {
            state.writtenTogether = part(among);
            return;
        }
        state.tries++;
        if (trouble == Trouble.UNANSWERED && state.tries > 1) {
            // Among others it would take them with it.
            state.writtenTogether = 1;
        }
    }

    private static int part(int among) {
        return (among + PARTS - 1) / PARTS;
    }

    private State state(Work work) {
        String id = work.image().id();
        long version = work.image().version();
        State state = states.get(id);
        if (state == null || state.version != version) {
            boolean again = Long.valueOf(version).equals(givenUp.get(id));
            // One more try is enough for a version that was given up before.
            State next = new State(version, written, again ? LONE_TRIES - 1 : 0);
            if (state != null) {
                next.readTogether = state.readTogether;
                next.writtenTogether = state.writtenTogether;
            }
            states.put(id, next);
            return next;
        }
        return state;
    }

    /** How many records an image may be read together with, itself included. */
    int readTogether(Work work) {
        State state = states.get(work.image().id());
        return state == null ? ANY : state.readTogether;
    }

    /** How many records an image may be written in one request with, itself included. */
    int writtenTogether(Work work) {
        State state = states.get(work.image().id());
        return state == null ? ANY : state.writtenTogether;
    }

    /**
     * Pause before the next try of an image that has failed, in ms.
     *
     * @param backoffMs the first one
     */
    long pauseMs(Work work, long backoffMs) {
        State state = states.get(work.image().id());
        // Of what it is to blame for itself, a record is tried less often than an app that has to come back.
        return state == null ? backoffMs : pauseMs(Math.max(2 * (state.tries - 1), state.putOff - 1), backoffMs);
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
        int most = written > state.writtenBefore ? TRIES : LONE_TRIES;
        return state.tries >= most || state.putOff >= PUT_OFF_TRIES ? state.message : null;
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
