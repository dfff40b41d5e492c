package io.github.crmsync.core.ledger;

/**
 * Where an image stands in Kafka, which tells the order of two images of one record.
 *
 * <p>Offsets order the images of one log only: a topic that is deleted and made again begins at 0, and a record moves to
 * another partition when partitions are added. Between two logs the timestamps decide. A copy on another cluster keeps them, and
 * no image is sent twice with an earlier one.
 *
 * @param log names the topic's incarnation and the partition; null if unknown
 * @param offset -1 if there was no image
 * @param time the record's timestamp in ms since the epoch; 0 if unknown
 */
public record Place(String log, long offset, long time) {
    public enum Order {
        BEFORE,
        SAME,
        AFTER,
        /** Neither offsets nor times tell: the versions of the images have to decide. */
        UNKNOWN
    }

    public Order relativeTo(Place other) {
        if (other.offset < 0) {
            return Order.AFTER;
        }
        if (log != null && log.equals(other.log)) {
            return order(Long.compare(offset, other.offset));
        }
        // HubSpot's times are versions: of two images with one time, either may be a repetition of the other.
        return time <= 0 || other.time <= 0 || time == other.time
                ? Order.UNKNOWN
                : order(Long.compare(time, other.time));
    }

    private static Order order(int comparison) {
        return comparison < 0 ? Order.BEFORE : comparison > 0 ? Order.AFTER : Order.SAME;
    }
}
