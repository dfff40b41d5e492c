package io.github.crmsync.core.sink;

import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.identity.Account;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The app that a sink writes to. Every call is one step of the protocol for a whole batch; implementations cut it to the
 * API's batch limits, wait for the rate limiter, and repeat what is safe to repeat.
 *
 * <p>Methods throw {@link org.apache.kafka.connect.errors.RetriableException} when the app cannot be reached or asks to
 * wait longer than a call may take (a {@link io.github.crmsync.core.http.ServiceFailedException} where a single record of the
 * call may be the reason), and {@link org.apache.kafka.connect.errors.ConnectException} when the task must stop
 * (credentials, privileges).
 */
public interface TargetClient extends AutoCloseable {
    /** {@code hubspot} or {@code dynamics}. */
    String app();

    /** The account that is written to; null if the app does not tell. */
    default Account account() {
        return null;
    }

    /** Live records by id, with the named fields; absent ids are missing in the answer. */
    Map<String, TargetRecord> read(Collection<String> ids, Set<String> fields);

    /** Live records that have one of the addresses (primary or additional), never from a search index that lags. */
    List<TargetRecord> findByEmail(Collection<String> emails, Set<String> fields);

    /**
     * Creates records; answers in the order of the requests.
     *
     * @param deadline checked just before each request, repetitions included: what it is too late for is {@link
     *     WriteOutcome.TryLater}, and a request under way at its end is given up as {@link WriteOutcome.Ambiguous}
     */
    List<WriteOutcome> create(List<NewRecord> records, Deadline deadline);

    /**
     * Changes records; answers in the order of the requests.
     *
     * @param deadline as in {@link #create(List, Deadline)}
     */
    List<WriteOutcome> update(List<RecordChange> changes, Deadline deadline);

    /** As {@link #create(List, Deadline)}, without a deadline. */
    default List<WriteOutcome> create(List<NewRecord> records) {
        return create(records, Deadline.NONE);
    }

    /** As {@link #update(List, Deadline)}, without a deadline. */
    default List<WriteOutcome> update(List<RecordChange> changes) {
        return update(changes, Deadline.NONE);
    }

    /**
     * Id that a record created for this source record gets, so that the intent can name it before it exists; null where the app
     * gives out ids itself.
     */
    default String chosenId(String sourceId) {
        return null;
    }

    /**
     * Whether {@link #findCreated} finds the record by the source's id alone. Else a record without an e-mail address cannot be
     * created, because a repetition would create a second one.
     */
    default boolean findsCreatedBySourceId() {
        return false;
    }

    /** The record that an earlier {@link #create} of this request left behind, if it landed. */
    Optional<TargetRecord> findCreated(NewRecord request, Set<String> fields);

    /**
     * What the record's own history says of a write whose answer was lost: exact where values and versions only allow a guess.
     *
     * @param version version of the record as it was read before the write
     * @param sent fingerprints of what was to be written, by field
     * @return empty where the app keeps no history
     */
    default Optional<Evidence> evidence(String id, long version, Map<String, Long> sent) {
        return Optional.empty();
    }

    /** As {@link #findCreated(NewRecord, Set)}, for many; those found by source id. */
    default Map<String, TargetRecord> findCreated(List<NewRecord> requests, Set<String> fields) {
        Map<String, TargetRecord> found = new HashMap<>();
        for (NewRecord request : requests) {
            findCreated(request, fields).ifPresent(record -> found.put(request.sourceId(), record));
        }
        return found;
    }

    /** As {@link #evidence(String, long, Map)}, for many; answers in their order. */
    default List<Optional<Evidence>> evidence(List<Question> questions) {
        return questions.stream()
                .map(asked -> evidence(asked.id(), asked.version(), asked.sent()))
                .toList();
    }

    /** Ends calls under way, and the waits of calls; later calls are made as ever. Called by another thread. */
    default void giveUp() {}

    /**
     * Field of the app's records that the user has set aside for the id of the operation that changed them last: every change
     * sets it in the same request, so that a request without an answer can be told exactly from later edits. No value is
     * mapped to it, and none of it is ever agreed on. Null for none.
     */
    default String operationField() {
        return null;
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
     * Trace of a write.
     *
     * @param landed whether the write was carried out
     * @param overwritten native values that it replaced and that are newer than what was read before it, by field
     */
    record Evidence(boolean landed, Map<String, Object> overwritten) {}

    /**
     * A write whose answer was lost.
     *
     * @param version version of the record as it was read before the write
     * @param sent fingerprints of what was to be written, by field
     */
    record Question(String id, long version, Map<String, Long> sent) {}

    /**
     * A change of a record.
     *
     * @param version concurrency token of the record as it was read ({@link TargetRecord#etag})
     */
    record RecordChange(String id, String version, Map<String, Object> values) {}
}
