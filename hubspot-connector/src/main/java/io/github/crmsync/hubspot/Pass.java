package io.github.crmsync.hubspot;

import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/** One of the things that the source does by turns, a few calls at a time. Used by one thread. */
interface Pass extends AutoCloseable {
    /** Never due. */
    long NEVER = Long.MAX_VALUE;

    /** Local time in ms at which the next step is due. */
    long due();

    /**
     * Makes a step and moves the state's offset. When it fails, the same step can be made again.
     *
     * @param now local time in ms
     */
    List<SourceRecord> step(long now);

    @Override
    default void close() {}
}
