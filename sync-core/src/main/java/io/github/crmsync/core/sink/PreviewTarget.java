package io.github.crmsync.core.sink;

import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.identity.Account;
import io.github.crmsync.core.record.Emails;
import io.github.crmsync.core.record.Fingerprints;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads from an app and only pretends to write to it: later reads show what would be there. */
final class PreviewTarget implements TargetClient {
    private final TargetClient app;
    private final Map<String, TargetRecord> created = new LinkedHashMap<>();
    private final Map<String, Set<String>> createdByEmail = new HashMap<>();
    private final Map<String, Map<String, Object>> changed = new HashMap<>();
    private int sequence;

    PreviewTarget(TargetClient app) {
        this.app = app;
    }

    @Override
    public String app() {
        return app.app();
    }

    @Override
    public Account account() {
        return app.account();
    }

    @Override
    public Map<String, TargetRecord> read(Collection<String> ids, Set<String> fields) {
        Map<String, TargetRecord> found = new HashMap<>();
        Set<String> real = new LinkedHashSet<>(ids);
        real.removeAll(created.keySet());
        if (!real.isEmpty()) {
            app.read(real, fields).forEach((id, row) -> found.put(id, asChanged(row)));
        }
        for (String id : ids) {
            if (created.containsKey(id)) {
                found.put(id, created.get(id));
            }
        }
        return found;
    }

    private TargetRecord asChanged(TargetRecord row) {
        Map<String, Object> changes = changed.get(row.id());
        return changes == null ? row : with(row, changes);
    }

    private static TargetRecord with(TargetRecord row, Map<String, Object> changes) {
        Map<String, Object> values = new HashMap<>(row.values());
        values.putAll(changes);
        return new TargetRecord(
                row.id(),
                row.version(),
                row.etag(),
                row.created(),
                row.modified(),
                values,
                row.emails(),
                row.linkKey(),
                row.standsBack());
    }

    @Override
    public List<TargetRecord> findByEmail(Collection<String> emails, Set<String> fields) {
        List<TargetRecord> found = new ArrayList<>(
                app.findByEmail(emails, fields).stream().map(this::asChanged).toList());
        Set<String> ids = new LinkedHashSet<>();
        emails.forEach(email -> ids.addAll(createdByEmail.getOrDefault(email, Set.of())));
        ids.forEach(id -> found.add(created.get(id)));
        return found;
    }

    @Override
    public List<WriteOutcome> create(List<NewRecord> records, Deadline deadline) {
        return records.stream().map(this::create).collect(Collectors.toList());
    }

    private WriteOutcome create(NewRecord record) {
        String chosen = app.chosenId(record.sourceId());
        String id = chosen != null ? chosen : "preview-" + ++sequence;
        String email = Emails.canonical(record.email());
        TargetRecord row = new TargetRecord(
                id,
                0,
                null,
                Long.MAX_VALUE,
                0,
                new HashMap<>(record.values()),
                email == null ? Set.of() : Set.of(email),
                record.sourceId());
        created.put(id, row);
        if (email != null) {
            createdByEmail.computeIfAbsent(email, e -> new HashSet<>()).add(id);
        }
        return new WriteOutcome.Written(row);
    }

    @Override
    public List<WriteOutcome> update(List<RecordChange> changes, Deadline deadline) {
        return changes.stream().map(this::update).collect(Collectors.toList());
    }

    private WriteOutcome update(RecordChange change) {
        if (created.containsKey(change.id())) {
            created.put(change.id(), with(created.get(change.id()), change.values()));
        } else {
            changed.computeIfAbsent(change.id(), id -> new HashMap<>()).putAll(change.values());
        }
        return new WriteOutcome.Written(
                new TargetRecord(change.id(), 0, change.version(), 0, 0, change.values(), Set.of(), null));
    }

    @Override
    public boolean findsCreatedBySourceId() {
        return app.findsCreatedBySourceId();
    }

    @Override
    public Optional<TargetRecord> findCreated(NewRecord request, Set<String> fields) {
        return app.findCreated(request, fields);
    }

    @Override
    public String chosenId(String sourceId) {
        return app.chosenId(sourceId);
    }

    @Override
    public Optional<Evidence> evidence(String id, long version, Map<String, Long> sent) {
        return app.evidence(id, version, sent);
    }

    @Override
    public String operationField() {
        return app.operationField();
    }

    @Override
    public boolean conditionalWrites() {
        // Nothing is written, so that no second look at the record is needed.
        return true;
    }

    @Override
    public long fingerprint(String field, Object value) {
        return value == null ? Fingerprints.EMPTY : app.fingerprint(field, value);
    }

    @Override
    public void giveUp() {
        app.giveUp();
    }

    @Override
    public void close() {
        app.close();
    }
}
