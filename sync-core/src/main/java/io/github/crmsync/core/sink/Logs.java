package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.TopicInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Which log a partition is at present: once its topic was deleted and made again, it is another one of the same name.
 *
 * <p>Kafka is asked when a partition's first record comes, when its offsets go back, and every minute: a topic may be made again
 * under a running task.
 */
final class Logs {
    private static final long LOOK_AGAIN_MS = 60_000;
    /** Six bytes tell a million logs apart, and are eight letters in the ledger. */
    private static final int HASH_BYTES = 6;

    private record Known(String log, long at, long offset) {}

    private final Ledger ledger;
    private final LongSupplier clock;
    private final Map<TopicPartition, Known> known = new HashMap<>();

    /** @param clock in ms; only goes forward */
    Logs(Ledger ledger, LongSupplier clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * The log of a record that has just been delivered.
     *
     * @return null if Kafka does not tell
     */
    String of(TopicPartition partition, long offset) {
        Known last = known.get(partition);
        long now = clock.getAsLong();
        boolean back = last != null && offset <= last.offset;
        String log = last == null ? null : last.log;
        long asked = last == null ? now : last.at;
        if (last == null || back || now - last.at >= LOOK_AGAIN_MS) {
            Optional<String> found = ask(partition);
            // What was true a minute ago is better than nothing, unless there is a sign that it is true no more.
            log = found.orElse(back ? null : log);
            asked = now;
        }
        known.put(partition, new Known(log, asked, offset));
        return log;
    }

    private Optional<String> ask(TopicPartition partition) {
        return ledger.topic(partition.topic())
                .map(TopicInfo::id)
                .map(id -> shortened(id + "/" + partition.partition()));
    }

    private static String shortened(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, HASH_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    void forget(Collection<TopicPartition> lost) {
        known.keySet().removeAll(lost);
    }
}
