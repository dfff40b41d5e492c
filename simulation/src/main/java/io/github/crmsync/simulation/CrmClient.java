package io.github.crmsync.simulation;

import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.record.Fingerprints;
import io.github.crmsync.core.sink.TargetClient;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.WriteOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.RetriableException;

/** One sink task's connection to its app: every call, and every record of a batch, is a point at which others may run. */
final class CrmClient implements TargetClient {
    /** What a run wants to know of the sync's writes. */
    interface Observer {
        /** Operation id of the intent behind a write to this record, or for this source record. */
        String operation(String app, String sourceId, String targetId);

        void answerLost(String operation);

        /** Something that a run must have come across. */
        void situation(String name);

        /** A user's value was replaced that the sink had not read. */
        void overwroteUnread(String app, String id, String field);

        void landed(String operation);

        void violation(String what);

        /** Something that happens when that time, in ms, has passed. */
        void later(long ms, Runnable effect);
    }

    private final Crm crm;
    private final Scenario scenario;
    private final Choices choices;
    private final Pause pause;
    private final Observer observer;
    /** Operation id of the request at hand. */
    private String sending;

    CrmClient(Crm crm, Scenario scenario, Choices choices, Pause pause, Observer observer) {
        this.crm = crm;
        this.scenario = scenario;
        this.choices = choices;
        this.pause = pause;
        this.observer = observer;
    }

    @Override
    public String app() {
        return crm.app;
    }

    @Override
    public Map<String, TargetRecord> read(Collection<String> ids, Set<String> fields) {
        pause.here("read");
        throttled();
        Map<String, TargetRecord> found = new HashMap<>();
        for (String id : ids) {
            if (crm.rows.containsKey(id)) {
                found.put(id, record(crm.rows.get(id)));
            }
        }
        pause.here("was read");
        return found;
    }

    private void throttled() {
        if (choices.chance(scenario.faults())) {
            throw new RetriableException("429: too many requests");
        }
    }

    private TargetRecord record(Crm.Row row) {
        crm.observed();
        String email = row.value(Crm.EMAIL);
        Map<String, Object> values = new HashMap<>(row.values);
        if (row.stage >= 0) {
            values.put(Crm.STAGE, Crm.STAGES.get(row.stage));
        }
        return new TargetRecord(
                row.id,
                row.version,
                String.valueOf(row.version),
                row.order,
                row.modified,
                values,
                email.isEmpty() ? Set.of() : Set.of(email),
                row.linkKey);
    }

    @Override
    public List<TargetRecord> findByEmail(Collection<String> emails, Set<String> fields) {
        pause.here("find");
        throttled();
        List<TargetRecord> found = crm.rows.values().stream()
                .filter(row -> emails.contains(row.value(Crm.EMAIL)))
                .map(this::record)
                .toList();
        pause.here("was found");
        return found;
    }

    @Override
    public List<WriteOutcome> create(List<NewRecord> records, Deadline deadline) {
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (NewRecord request : records) {
            pause.here("create");
            outcomes.add(send(deadline, observer.operation(crm.app, request.sourceId(), null), () -> create(request)));
            pause.here("was created");
        }
        return outcomes;
    }

    /** A request may be cut off on its way, and still arrive while whoever sent it has given it up. */
    private WriteOutcome send(Deadline deadline, String operation, Supplier<WriteOutcome> request) {
        if (deadline.late()) {
            observer.situation("too late to be sent");
            return new WriteOutcome.TryLater("too late");
        }
        if (scenario.zombies() && choices.chance(0.04)) {
            observer.situation("arrives late");
            observer.answerLost(operation);
            sending = operation;
            observer.later(choices.next(SinkActor.stillArrives(deadline)), () -> {
                sending = operation;
                request.get();
            });
            return new WriteOutcome.Ambiguous("no answer");
        }
        sending = operation;
        return request.get();
    }

    private WriteOutcome create(NewRecord request) {
        if (choices.chance(scenario.faults())) {
            return new WriteOutcome.TryLater("503: try again");
        }
        Optional<Crm.Row> existing = crm.isHubspot()
                ? keyed(request).or(() -> crm.byEmail(text(request.values().get(Crm.EMAIL))))
                : Optional.ofNullable(crm.rows.get(chosenId(request.sourceId())));
        if (existing.isPresent()) {
            observer.situation("exists already: " + crm.app);
            return new WriteOutcome.Conflict(existing.get().id, "409: exists");
        }
        String operation = sending;
        Crm.Row row = crm.create(chosenId(request.sourceId()), texts(request.values()), operation);
        row.linkKey = crm.isHubspot() && scenario.linkProperty() ? request.sourceId() : null;
        row.createdFor = request.sourceId();
        observer.landed(operation);
        return answer(operation, new WriteOutcome.Written(record(row)));
    }

    private Optional<Crm.Row> keyed(NewRecord request) {
        return scenario.linkProperty() ? crm.byLinkKey(request.sourceId()) : Optional.empty();
    }

    @Override
    public String chosenId(String sourceId) {
        return crm.isHubspot() ? null : "d~" + sourceId;
    }

    /** The answer, or none. */
    private WriteOutcome answer(String operation, WriteOutcome outcome) {
        if (choices.chance(scenario.faults())) {
            observer.answerLost(operation);
            return new WriteOutcome.Ambiguous("the connection broke");
        }
        return outcome;
    }

    @Override
    public List<WriteOutcome> update(List<RecordChange> changes, Deadline deadline) {
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (RecordChange change : changes) {
            pause.here("update");
            outcomes.add(send(deadline, observer.operation(crm.app, null, change.id()), () -> update(change)));
            pause.here("was updated");
        }
        return outcomes;
    }

    private WriteOutcome update(RecordChange change) {
        if (choices.chance(scenario.faults())) {
            return new WriteOutcome.TryLater("503: try again");
        }
        Crm.Row row = crm.rows.get(change.id());
        if (row == null) {
            observer.situation("gone at the write");
            return new WriteOutcome.Missing();
        }
        if (conditionalWrites() && Long.parseLong(change.version()) != row.version) {
            observer.situation("412");
            return new WriteOutcome.VersionMoved();
        }
        Map<String, String> values = texts(change.values());
        String email = values.getOrDefault(Crm.EMAIL, "");
        if (crm.isHubspot() && crm.byEmail(email).filter(other -> other != row).isPresent()) {
            observer.situation("409");
            return new WriteOutcome.Conflict(
                    crm.byEmail(email).get().id, "409: another contact has that address", Set.of(Crm.EMAIL));
        }
        setStage(row, values.remove(Crm.STAGE), Long.parseLong(change.version()));
        Map<String, Object> overwritten = slippedIn(row, values.keySet(), Long.parseLong(change.version()));
        if (!scenario.historyCheck()) {
            overwritten.keySet().forEach(field -> observer.overwroteUnread(crm.app, row.id, field));
            overwritten = Map.of();
        }
        String operation = sending;
        crm.update(row, values, operation);
        observer.landed(operation);
        return answer(operation, new WriteOutcome.Written(record(row), overwritten));
    }

    /** HubSpot answers a step back with success and leaves the stage as it is. */
    private void setStage(Crm.Row row, String stage, long read) {
        int wanted = stage == null ? -1 : Crm.STAGES.indexOf(stage);
        if (wanted > row.stage) {
            row.stage = wanted;
            observer.situation("stage promoted");
        } else if (stage != null && row.stageVersion <= read) {
            observer.violation("B21 a stage was to move backwards");
        }
    }

    /** Values of users that are newer than what the sink read, by field. */
    private static Map<String, Object> slippedIn(Crm.Row row, Set<String> fields, long read) {
        Map<String, Object> found = new LinkedHashMap<>();
        for (String field : fields) {
            List<Crm.Entry> history = row.history(field);
            Crm.Entry last = history.get(history.size() - 1);
            if (!last.bySync() && last.version() > read) {
                found.put(field, last.value());
            }
        }
        return found;
    }

    @Override
    public Optional<TargetRecord> findCreated(NewRecord request, Set<String> fields) {
        pause.here("look for created");
        throttled();
        Optional<TargetRecord> found = (crm.isHubspot()
                        ? keyed(request)
                        : Optional.ofNullable(crm.rows.get(chosenId(request.sourceId()))))
                .map(this::record);
        pause.here("was looked for");
        return found;
    }

    @Override
    public Optional<Evidence> evidence(String id, long version, Map<String, Long> sent) {
        if (!crm.isHubspot() || !scenario.historyCheck()) {
            return Optional.empty();
        }
        pause.here("read history");
        throttled();
        Crm.Row row = crm.rows.get(id);
        boolean landed = false;
        Map<String, Object> overwritten = new LinkedHashMap<>();
        for (String field : row == null ? Set.<String>of() : sent.keySet()) {
            List<Crm.Entry> history = row.history(field);
            landed |= history.stream().anyMatch(entry -> entry.bySync() && entry.version() > version);
            Crm.Entry last = history.get(history.size() - 1);
            Crm.Entry before = history.size() < 2 ? last : history.get(history.size() - 2);
            if (last.bySync() && last.version() > version && !before.bySync() && before.version() > version) {
                overwritten.put(field, before.value());
            }
        }
        pause.here("history was read");
        return Optional.of(new Evidence(landed, overwritten));
    }

    @Override
    public boolean conditionalWrites() {
        return !crm.isHubspot();
    }

    @Override
    public long fingerprint(String field, Object value) {
        return Fingerprints.of(value);
    }

    private static Map<String, String> texts(Map<String, Object> values) {
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((field, value) -> texts.put(field, text(value)));
        return texts;
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
