package io.github.crmsync.core.sink;

import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.http.ServiceFailedException;
import io.github.crmsync.core.identity.Account;
import io.github.crmsync.core.record.Fingerprints;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.RetriableException;

/** A small CRM: HubSpot's rules (unique e-mail, link property, no conditional write) or those of Dynamics. */
final class FakeApp implements TargetClient {
    Account account;

    private static final class Row {
        final String id;
        final Map<String, Object> values = new LinkedHashMap<>();
        /** Version at which somebody last typed into a field. */
        final Map<String, Long> typed = new HashMap<>();

        long version;
        long modified;
        String linkKey;
        boolean inactive;

        Row(String id) {
            this.id = id;
        }
    }

    final Map<String, String> createdFor = new HashMap<>();
    /** Whether records carry the id of the one that they were created for. */
    boolean linkProperty = true;

    int writes;
    int reads;
    /** Throws after the next write has landed: its answer is lost. */
    boolean loseNextAnswer;
    /** Changes until the one of which it is not known whether it is carried out; 0 means never. */
    int changesUntilSilence;
    /** Field that changes leave the id of their operation in; null for none. */
    String operationField;
    /** Runs just before the next write. */
    Runnable beforeWrite = () -> {};
    /** Runs just before the next creation. */
    Runnable beforeCreation = () -> {};
    /** Runs whenever the calls under way are given up. */
    Runnable onGiveUp = () -> {};

    /** Values of a name that this app fails on whenever a call contains one: in writes, in what is read, or both. */
    final Set<String> poisonedWrites = new HashSet<>();

    final Set<String> poisonedReads = new HashSet<>();
    /** Whether an answer of a batch of writes tells which record was to blame. */
    boolean tellsWhich;
    /** Fails on everything. */
    boolean down;
    /** Calls that change something, failed ones included. */
    int writeCalls;

    int readCalls;
    /** Id that each creation is said to be in conflict with; null for none. */
    String conflictWith;

    private final String app;
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Map<String, Row> deleted = new HashMap<>();
    private long version;
    private int sequence;

    FakeApp(String app) {
        this.app = app;
    }

    String add(Map<String, Object> values) {
        return add(app.charAt(0) + String.valueOf(++sequence), values);
    }

    private String add(String id, Map<String, Object> values) {
        Row row = new Row(id);
        rows.put(row.id, row);
        row.values.putAll(values);
        row.version = ++version;
        return row.id;
    }

    void edit(String id, String field, Object value) {
        Row row = rows.get(id);
        row.values.put(field, value);
        row.version = ++version;
        row.typed.put(field, version);
    }

    /** A contact that carries the id of a record of the other app. */
    void linkKey(String id, String key) {
        rows.get(id).linkKey = key;
    }

    void delete(String id) {
        deleted.put(id, rows.remove(id));
        version++;
    }

    void restore(String id) {
        rows.put(id, deleted.remove(id));
        rows.get(id).version = ++version;
    }

    /** Sets the time of the last change. */
    void modifiedAt(String id, long time) {
        rows.get(id).modified = time;
    }

    Object value(String id, String field) {
        return rows.get(id).values.get(field);
    }

    Set<String> ids() {
        return rows.keySet();
    }

    TargetRecord get(String id) {
        Row row = rows.get(id);
        return row == null ? null : record(row);
    }

    private TargetRecord record(Row row) {
        Object email = row.values.get("email");
        return new TargetRecord(
                row.id,
                row.version,
                "W/" + row.version,
                0,
                row.modified,
                new HashMap<>(row.values),
                email == null ? Set.of() : Set.of(email.toString()),
                row.linkKey,
                row.inactive);
    }

    void deactivate(String id) {
        rows.get(id).inactive = true;
    }

    @Override
    public Account account() {
        return account;
    }

    @Override
    public String app() {
        return app;
    }

    @Override
    public Map<String, TargetRecord> read(Collection<String> ids, Set<String> fields) {
        readCalls++;
        if (down || ids.stream().anyMatch(this::unreadable)) {
            throw new ServiceFailedException("HTTP 500 on reading", 0);
        }
        Map<String, TargetRecord> found = new HashMap<>();
        for (String id : ids) {
            reads++;
            if (rows.containsKey(id)) {
                found.put(id, record(rows.get(id)));
            }
        }
        return found;
    }

    @Override
    public List<TargetRecord> findByEmail(Collection<String> emails, Set<String> fields) {
        return rows.values().stream()
                .filter(row -> emails.contains(row.values.get("email")))
                .map(this::record)
                .toList();
    }

    private boolean unreadable(String id) {
        return rows.containsKey(id)
                && poisonedReads.contains(String.valueOf(rows.get(id).values.get("name")));
    }

    private boolean poisoned(Map<String, Object> values) {
        return poisonedWrites.contains(String.valueOf(values.get("name")));
    }

    @Override
    public List<WriteOutcome> create(List<NewRecord> records, Deadline deadline) {
        Runnable before = beforeCreation;
        beforeCreation = () -> {};
        before.run();
        writeCalls++;
        boolean fails = down || records.stream().anyMatch(request -> poisoned(request.values()));
        if (fails && !tellsWhich) {
            return Collections.nCopies(records.size(), new WriteOutcome.Ambiguous("HTTP 500", true));
        }
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (NewRecord request : records) {
            if (poisoned(request.values())) {
                outcomes.add(new WriteOutcome.Failed("HTTP 500"));
                continue;
            }
            if (conflictWith != null) {
                outcomes.add(new WriteOutcome.Conflict(conflictWith, "it exists"));
                continue;
            }
            Optional<Row> taken = rows.values().stream()
                    .filter(row -> app.equals("hubspot")
                            && request.values().get("email").equals(row.values.get("email")))
                    .findFirst();
            if (taken.isPresent()) {
                outcomes.add(new WriteOutcome.Conflict(taken.get().id, "exists"));
                continue;
            }
            if (refusal(request.values()) != null) {
                outcomes.add(refusal(request.values()));
                continue;
            }
            writes++;
            String chosen = chosenId(request.sourceId());
            String id = chosen == null ? add(request.values()) : add(chosen, request.values());
            rows.get(id).linkKey = request.sourceId();
            createdFor.put(request.sourceId(), id);
            outcomes.add(new WriteOutcome.Written(record(rows.get(id))));
        }
        loseAnswer();
        return outcomes;
    }

    @Override
    public List<WriteOutcome> update(List<RecordChange> changes, Deadline deadline) {
        Runnable before = beforeWrite;
        beforeWrite = () -> {};
        before.run();
        writeCalls++;
        boolean fails = down || changes.stream().anyMatch(change -> poisoned(change.values()));
        if (fails && !tellsWhich) {
            return Collections.nCopies(changes.size(), new WriteOutcome.Ambiguous("HTTP 500", true));
        }
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (RecordChange change : changes) {
            if (poisoned(change.values())) {
                outcomes.add(new WriteOutcome.Failed("HTTP 500"));
                continue;
            }
            if (changesUntilSilence > 0 && --changesUntilSilence == 0) {
                outcomes.add(new WriteOutcome.Ambiguous("no answer"));
                continue;
            }
            Row row = rows.get(change.id());
            if (row == null) {
                outcomes.add(new WriteOutcome.Missing());
            } else if (conditionalWrites() && !change.version().equals("W/" + row.version)) {
                outcomes.add(new WriteOutcome.VersionMoved());
            } else if (refusal(change.values()) != null) {
                outcomes.add(refusal(change.values()));
            } else {
                writes++;
                Map<String, Object> overwritten = overwritten(row, change);
                row.values.putAll(change.values());
                row.version = ++version;
                outcomes.add(new WriteOutcome.Written(record(row), overwritten));
            }
        }
        loseAnswer();
        return outcomes;
    }

    private static Map<String, Object> overwritten(Row row, RecordChange change) {
        long read = Long.parseLong(change.version().substring(2));
        Map<String, Object> found = new HashMap<>();
        for (String field : change.values().keySet()) {
            if (row.typed.getOrDefault(field, 0L) > read) {
                found.put(field, row.values.get(field));
            }
        }
        return found;
    }

    private static WriteOutcome refusal(Map<String, Object> values) {
        if ("refused".equals(values.get("name"))) {
            return new WriteOutcome.Refused("name is not acceptable");
        }
        if ("bad@x.org".equals(values.get("email"))) {
            return new WriteOutcome.Refused("'email' is not valid", Set.of("email"));
        }
        return "too long".equals(values.get("name"))
                ? new WriteOutcome.Refused("'name' is too long", Set.of("name", "other"))
                : null;
    }

    private void loseAnswer() {
        if (loseNextAnswer) {
            loseNextAnswer = false;
            throw new RetriableException("the connection broke");
        }
    }

    @Override
    public String chosenId(String sourceId) {
        return app.equals("dynamics") ? "d~" + sourceId : null;
    }

    @Override
    public String operationField() {
        return operationField;
    }

    @Override
    public boolean findsCreatedBySourceId() {
        return linkProperty;
    }

    @Override
    public Optional<TargetRecord> findCreated(NewRecord request, Set<String> fields) {
        return rows.values().stream()
                .filter(row -> request.sourceId().equals(row.linkKey))
                .findFirst()
                .map(this::record);
    }

    @Override
    public boolean conditionalWrites() {
        return app.equals("dynamics");
    }

    @Override
    public long fingerprint(String field, Object value) {
        return Fingerprints.of(value);
    }

    @Override
    public void giveUp() {
        onGiveUp.run();
    }

    @Override
    public void close() {}
}
