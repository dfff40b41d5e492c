package io.github.crmsync.core.ledger;

/**
 * What Kafka tells of a topic.
 *
 * @param id tells a topic from another one of the same name, before or after it; null if there is no topic
 * @param partitions 0 if there is no topic, {@link #UNKNOWN} if its number is not known
 */
public record TopicInfo(String id, int partitions) {
    public static final int UNKNOWN = -1;

    static final TopicInfo MISSING = new TopicInfo(null, 0);

    public boolean exists() {
        return partitions != 0;
    }
}
