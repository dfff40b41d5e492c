package io.github.crmsync.dynamics;

import java.util.Set;

/** The rows that take part in the sync, wherever that is written down. */
interface KnownIds {
    /** Starts from the beginning. */
    Cursor open();

    /** One way through the ids, a chunk at a time. */
    interface Cursor extends AutoCloseable {
        /** Further ids, perhaps some that came before; empty at the end. */
        Set<String> next();

        @Override
        void close();
    }
}
