package io.github.crmsync.core.sink;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The app that a sink writes to. Every call is one step of the protocol for a whole batch; implementations cut it to the
 * API's batch limits, wait for the rate limiter, and repeat what is safe to repeat.
 *
 * <p>Methods throw {@link org.apache.kafka.connect.errors.RetriableException} when the app cannot be reached or asks to
 * wait longer than a call may take, and {@link org.apache.kafka.connect.errors.ConnectException} when the task must stop
 * (credentials, privileges).
 */
public interface TargetClient extends AutoCloseable {
    /** {@code hubspot} or {@code dynamics}. */
    String app();

    /** Live records by id, with the named fields; absent ids are missing in the answer. */
    Map<String, TargetRecord> read(Collection<String> ids, Set<String> fields);

    /** Live records that have one of the addresses (primary or additional), never from a search index that lags. */
    List<TargetRecord> findByEmail(Collection<String> emails, Set<String> fields);

    /** Creates records; answers in the order of the requests. */
    List<WriteOutcome> create(List<NewRecord> records);

    /** Changes records; answers in the order of the requests. */
    List<WriteOutcome> update(List<RecordChange> changes);

    /** The record that an earlier {@link #create} of this request left behind, if it landed. */
    Optional<TargetRecord> findCreated(NewRecord request, Set<String> fields);

    /**
     * What the app's own history tells of updates whose answers were lost, by record id. Left out are those of which it tells
     * nothing for certain; all, where the app keeps no history.
     */
    default Map<String, Evidence> evidence(Collection<PastWrite> writes) {
        return Map.of();
    }

    /** Whether an update carries the version that was read, so that it fails when the record has moved on. */
    boolean conditionalWrites();

    /** Fingerprint of a value of this app, or of one that is about to be written to it: equal meaning, equal fingerprint. */
    long fingerprint(String field, Object value);

    @Override
    void close();

    /**
     * A record to create.
     *
     * @param sourceId id of the record in the other app; the request's identity, so that a repetition finds what the first
     *     attempt created
     * @param email address to recognise it by where the app has no unique link property; may be null
     */
    record NewRecord(String sourceId, String email, Map<String, Object> values) {}

    /**
     * A change of a record.
     *
     * @param version concurrency token of the record as it was read ({@link TargetRecord#etag})
     */
    record RecordChange(String id, String version, Map<String, Object> values) {}

    /**
     * An update whose answer was lost.
     *
     * @param version version of the record as it was read before the update ({@link TargetRecord#version})
     * @param written fingerprints of the values that were sent, by field
     */
    record PastWrite(String id, long version, Map<String, Long> written) {}

    /**
     * What became of an update.
     *
     * @param landed whether it was carried out
     * @param overwritten as in {@link WriteOutcome.Written}
     */
    record Evidence(boolean landed, Map<String, Object> overwritten) {}
}
