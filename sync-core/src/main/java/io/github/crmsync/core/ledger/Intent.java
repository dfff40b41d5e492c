package io.github.crmsync.core.ledger;

import java.util.Map;

/**
 * What a sink is about to do: recorded before it does it. It is the lock on the pair and, after a crash, the question to ask
 * the target.
 *
 * @param id operation id
 * @param changes by canonical field name: what is written or, with equal fingerprints before and after, only agreed
 * @param sourceVersion version of the image behind it
 * @param targetVersion version of the target as read before; 0 for a creation
 * @param topic original topic of the image
 * @param partition original partition of the image: the task that holds it recovers the intent
 * @param offset original offset of the image
 * @param successor of a {@link Kind#MOVE}: id of the source record that is to have the link; else null
 */
public record Intent(
        Kind kind,
        String id,
        Map<String, Change> changes,
        long sourceVersion,
        long targetVersion,
        String topic,
        int partition,
        long offset,
        String successor) {
    public enum Kind {
        /** Change of a linked record. */
        WRITE,
        /** First link of two existing records. */
        LINK,
        /** Creation of the target record. */
        CREATE,
        /** The link passes to the record that the source record was merged into. Nothing is sent. */
        MOVE
    }

    public static Intent move(
            String id, long sourceVersion, String topic, int partition, long offset, String successor) {
        return new Intent(Kind.MOVE, id, Map.of(), sourceVersion, 0, topic, partition, offset, successor);
    }

    /**
     * One field.
     *
     * @param source native fingerprint in the source
     * @param after fingerprint in the target once the write has landed
     * @param before fingerprint in the target before it
     * @param yields whether a value that someone typed into the target between reading and writing is given back
     */
    public record Change(long source, long after, long before, boolean yields) {
        public Change(long source, long after, long before) {
            this(source, after, before, false);
        }

        public boolean writes() {
            return after != before;
        }
    }
}
