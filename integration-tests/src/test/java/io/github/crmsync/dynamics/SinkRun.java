package io.github.crmsync.dynamics;

import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.sink.LeftOut;
import io.github.crmsync.core.sink.MemoryLedger;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.SyncEngine;
import io.github.crmsync.core.sink.SyncSinkConfig;
import io.github.crmsync.core.sink.TargetClient;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.Work;
import io.github.crmsync.core.sink.WriteOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** The sink's target and protocol at work on a simulated environment, with a ledger in memory; records come from HubSpot. */
final class SinkRun implements AutoCloseable {
    private static final TopicPartition TOPIC = new TopicPartition("crm.hubspot.contacts", 0);
    /** As many as a sink task hands to the protocol at a time. */
    private static final int BATCH = 500;

    final TargetClient target;
    /** Everything that was reported, by id of the HubSpot record. */
    final Map<String, List<Outcome>> reports = new LinkedHashMap<>();

    private final SyncEngine engine;
    private Runnable beforeWrite = () -> {};
    private long offset;
    private long version;

    SinkRun(Environment environment) {
        this(environment, Map.of());
    }

    SinkRun(Environment environment, Map<String, String> settings) {
        Map<String, String> props = new HashMap<>(environment.connection());
        props.put(SyncSinkConfig.LEDGER_SERVERS, "none:9092");
        props.putAll(settings);
        target = new DynamicsSinkTask().openTarget(props);
        engine = new SyncEngine(
                new Interrupted(target, () -> beforeWrite.run()),
                new MemoryLedger(),
                (work, outcome) -> reports.computeIfAbsent(work.image().id(), id -> new ArrayList<>())
                        .add(outcome));
    }

    /** What somebody else does right before the next write, and only then. */
    void justBeforeTheNextWrite(Runnable action) {
        beforeWrite = () -> {
            beforeWrite = () -> {};
            action.run();
        };
    }

    /** The target, with something that happens between reading and writing. */
    private record Interrupted(TargetClient target, Runnable beforeWrite) implements TargetClient {
        @Override
        public String app() {
            return target.app();
        }

        @Override
        public Map<String, TargetRecord> read(Collection<String> ids, Set<String> fields) {
            return target.read(ids, fields);
        }

        @Override
        public List<TargetRecord> findByEmail(Collection<String> emails, Set<String> fields) {
            return target.findByEmail(emails, fields);
        }

        @Override
        public List<WriteOutcome> create(List<NewRecord> records, Deadline deadline) {
            beforeWrite.run();
            return target.create(records, deadline);
        }

        @Override
        public List<WriteOutcome> update(List<RecordChange> changes, Deadline deadline) {
            beforeWrite.run();
            return target.update(changes, deadline);
        }

        @Override
        public String chosenId(String sourceId) {
            return target.chosenId(sourceId);
        }

        @Override
        public Optional<Evidence> evidence(String id, long version, Map<String, Long> sent) {
            return target.evidence(id, version, sent);
        }

        @Override
        public boolean findsCreatedBySourceId() {
            return target.findsCreatedBySourceId();
        }

        @Override
        public Optional<TargetRecord> findCreated(NewRecord request, Set<String> fields) {
            return target.findCreated(request, fields);
        }

        @Override
        public String operationField() {
            return target.operationField();
        }

        @Override
        public boolean conditionalWrites() {
            return target.conditionalWrites();
        }

        @Override
        public long fingerprint(String field, Object value) {
            return target.fingerprint(field, value);
        }

        @Override
        public void close() {
            target.close();
        }
    }

    /** An image of the HubSpot contact {@code id}; columns are named as Dynamics names them. */
    Work image(String id, Map<String, ?> values) {
        Object email = values.get("emailaddress1");
        return image(id, values, email == null ? null : email.toString());
    }

    /** As {@link #image(String, Map)}, to be matched on another address, or on none. */
    Work image(String id, Map<String, ?> values, String email) {
        return image(id, values, email, Set.of());
    }

    /** @param clears columns whose empty values are carried over */
    Work image(String id, Map<String, ?> values, String email, Set<String> clears) {
        return image(id, values, email, clears, true);
    }

    /** An image without an address that takes part all the same. */
    Work withoutEmail(String id, Map<String, ?> values) {
        return image(id, values, null, Set.of(), false);
    }

    private Work image(String id, Map<String, ?> values, String email, Set<String> clears, boolean needsEmail) {
        Image image = new Image(
                "hubspot",
                id,
                ++version,
                0,
                Origin.LIVE,
                false,
                null,
                new HashMap<>(values),
                values.keySet().stream()
                        .map(name -> new MappedField("h_" + name, name))
                        .toList(),
                Map.of(),
                email == null ? null : email.toLowerCase(Locale.ROOT),
                null,
                null,
                Map.of(),
                null,
                new MergePolicy(
                        "hubspot",
                        false,
                        Map.of(),
                        clears.stream()
                                .map(name -> new MappedField("h_" + name, name).canonical("hubspot"))
                                .collect(Collectors.toSet())),
                needsEmail);
        return new Work(image, TOPIC, offset++);
    }

    /** Images of as many people as {@link Environment#people} makes, with a further column. */
    List<Work> people(int count, String column, String value) {
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Object> values = new HashMap<>(Environment.person("p" + i + "@example.com", "P" + i));
            values.put(column, value);
            works.add(image("h" + i, values));
        }
        return works;
    }

    Map<String, Outcome> process(List<Work> works) {
        return process(works, Set.of());
    }

    /** @param unfinished ids whose earlier image did not come to its end: the target is looked at in any case */
    Map<String, Outcome> process(List<Work> works, Set<String> unfinished) {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (List<Work> batch : Environment.cut(works, BATCH)) {
            engine.process(batch, unfinished)
                    .forEach((work, outcome) -> outcomes.put(work.image().id(), outcome));
        }
        return outcomes;
    }

    /** Fields that were refused in the decisions on a record, each decision's own. */
    List<LeftOut> refusals(String id) {
        return reports.get(id).stream()
                .flatMap(report -> report.leftOut().stream())
                .filter(fields -> fields.why() == LeftOut.Why.REFUSED)
                .toList();
    }

    Outcome process(Work work) {
        return process(List.of(work)).get(work.image().id());
    }

    @Override
    public void close() {
        target.close();
    }
}
