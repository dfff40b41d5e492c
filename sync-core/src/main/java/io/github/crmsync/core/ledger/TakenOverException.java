package io.github.crmsync.core.ledger;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;

/**
 * Somebody else records for this partition now. Either it was given to another task, as the next poll will tell, or a task that
 * had lost it was late in taking it: then it has to be taken again.
 */
public final class TakenOverException extends RetriableException {
    private static final long serialVersionUID = 1L;

    private final transient TopicPartition partition;

    public TakenOverException(TopicPartition partition, Throwable cause) {
        super("Another task has taken over " + partition, cause);
        this.partition = partition;
    }

    public TopicPartition partition() {
        return partition;
    }
}
