package io.github.crmsync.hubspot;

import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.sink.LeftOut;
import io.github.crmsync.core.sink.MemoryLedger;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.SyncEngine;
import io.github.crmsync.core.sink.SyncSinkConfig;
import io.github.crmsync.core.sink.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** The sink's target and protocol at work on a simulated portal, with a ledger in memory; records come from Dynamics. */
final class SinkRun implements AutoCloseable {
    private static final TopicPartition TOPIC = new TopicPartition("crm.dynamics.contacts", 0);
    /** As many as a sink task hands to the protocol at a time. */
    private static final int BATCH = 500;

    final HubSpotTarget target;
    /** Everything that was reported, by id of the Dynamics record. */
    final Map<String, List<Outcome>> reports = new LinkedHashMap<>();

    /** Conflict rules of the images. */
    MergePolicy policy = MergePolicy.oneWay("dynamics");

    private final SyncEngine engine;
    private long offset;
    private long version;

    SinkRun(Portal portal) {
        this(portal, Map.of());
    }

    SinkRun(Portal portal, Map<String, String> settings) {
        Map<String, String> props = new HashMap<>(portal.connection());
        props.put(SyncSinkConfig.LEDGER_SERVERS, "none:9092");
        props.putAll(settings);
        target = HubSpotTarget.open(new HubSpotSinkConfig(props));
        engine = new SyncEngine(
                target,
                new MemoryLedger(),
                (work, outcome) -> reports.computeIfAbsent(work.image().id(), id -> new ArrayList<>())
                        .add(outcome));
    }

    /** An image of the Dynamics record {@code id}; properties are named as HubSpot names them. */
    Work image(String id, Map<String, Object> values) {
        return image(
                id,
                values,
                values.get("email") == null ? null : values.get("email").toString());
    }

    /** As {@link #image(String, Map)}, to be matched on another address, or on none. */
    Work image(String id, Map<String, Object> values, String email) {
        return image(id, values, email, true);
    }

    /** An image without an address that takes part all the same. */
    Work withoutEmail(String id, Map<String, Object> values) {
        return image(id, values, null, false);
    }

    private Work image(String id, Map<String, Object> values, String email, boolean needsEmail) {
        Image image = new Image(
                "dynamics",
                id,
                ++version,
                0,
                Origin.LIVE,
                false,
                null,
                values,
                values.keySet().stream()
                        .map(name -> new MappedField("d_" + name, name))
                        .toList(),
                Map.of(),
                email == null ? null : email.toLowerCase(java.util.Locale.ROOT),
                null,
                null,
                Map.of(),
                null,
                policy,
                needsEmail);
        return new Work(image, TOPIC, offset++);
    }

    /** Images of as many people as {@link Portal#people} makes, with a further property. */
    List<Work> people(int count, String property, String value) {
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Object> values = new HashMap<>(Portal.people(count).get(i));
            values.put(property, value);
            works.add(image("d" + i, values));
        }
        return works;
    }

    /** Outcomes by id of the Dynamics record. */
    Map<String, Outcome> process(List<Work> works) {
        return process(works, Set.of());
    }

    /** @param unfinished ids whose earlier image did not come to its end: the target is looked at in any case */
    Map<String, Outcome> process(List<Work> works, Set<String> unfinished) {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (List<Work> batch : Lists.cut(works, BATCH)) {
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
