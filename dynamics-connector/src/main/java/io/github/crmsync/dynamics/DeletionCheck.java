package io.github.crmsync.dynamics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds deletions that no change tells of: rows that take part in the sync, and that the table no longer has. */
final class DeletionCheck implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeletionCheck.class);

    private final KnownIds known;
    private final UnaryOperator<Set<String>> existing;
    private KnownIds.Cursor cursor;

    /**
     * @param existing those of some ids that the table has
     */
    DeletionCheck(KnownIds known, UnaryOperator<Set<String>> existing) {
        this.known = known;
        this.existing = existing;
    }

    /**
     * Whether any row is linked, so that a source that begins has perhaps lost its offset; assumed where the ledger cannot be
     * read now.
     */
    boolean knowsLinks() {
        try (KnownIds.Cursor links = known.open()) {
            return !links.next().isEmpty();
        } catch (RetriableException e) {
            LOG.warn("Whether rows are linked is not known yet: {}", e.getMessage());
            return true;
        }
    }

    boolean running() {
        return cursor != null;
    }

    /** Ids of missing rows among the next chunk of those known; nothing at the end, after which it starts again. */
    Optional<List<String>> next() {
        try {
            if (cursor == null) {
                cursor = known.open();
            }
            Set<String> chunk = cursor.next();
            if (chunk.isEmpty()) {
                close();
                return Optional.empty();
            }
            Set<String> ids = new TreeSet<>();
            chunk.stream().map(Ids::plain).filter(Ids::valid).forEach(ids::add);
            List<String> missing = new ArrayList<>(ids);
            missing.removeAll(existing.apply(ids));
            return Optional.of(missing);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
    }
}
