package io.github.crmsync.sandbox.dynamics;

import java.util.UUID;

/**
 * In whose name a write happens, and what runs along with it.
 *
 * @param caller the user who counts as the author
 * @param detectDuplicates whether duplicate detection rules are asked
 * @param bypassLogic whether custom business logic is skipped
 */
record WriteOptions(UUID caller, boolean detectDuplicates, boolean bypassLogic) {
    /** A write of the service itself. */
    static WriteOptions internal(UUID user) {
        return new WriteOptions(user, false, true);
    }
}
