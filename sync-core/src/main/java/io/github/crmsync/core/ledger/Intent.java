package io.github.crmsync.core.ledger;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

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
 * @param log log of the image, as in {@link Place}; null if unknown
 * @param time timestamp of the image; 0 if unknown
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
        String successor,
        @JsonInclude(JsonInclude.Include.NON_NULL) String log,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long time) {
    public enum Kind {
        /** Change of a linked record. */
        WRITE,
        /** First link of two existing records. */
        LINK,
        /** Creation of the target record. */
        CREATE,
        /** The link passes to the record that the source record was merged into. Nothing is sent. */
        MOVE,
        /** Any kind of a newer version of this software. Never written. */
        @JsonEnumDefaultValue
        UNKNOWN;

        /** Whether a record may be on its way that nobody knows by an id yet. */
        public boolean mayCreate() {
            return this == CREATE || this == UNKNOWN;
        }
    }

    /** An intent for the image at this place. */
    public static Intent of(
            Kind kind,
            String id,
            Map<String, Change> changes,
            long sourceVersion,
            long targetVersion,
            TopicPartition partition,
            Place place,
            String successor) {
        return new Intent(
                kind,
                id,
                changes,
                sourceVersion,
                targetVersion,
                partition.topic(),
                partition.partition(),
                place.offset(),
                successor,
                place.log(),
                place.time());
    }

    /** Partition of the image, whose holder recovers the intent. */
    public TopicPartition images() {
        return new TopicPartition(topic, partition);
    }

    /** Place of the image. */
    public Place place() {
        return new Place(log, offset, time);
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
