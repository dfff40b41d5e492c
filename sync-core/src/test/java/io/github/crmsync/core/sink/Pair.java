package io.github.crmsync.core.sink;

import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** One contact in each of two small CRMs, and the sinks of both directions over one ledger. */
final class Pair {
    final FakeApp hubspot = new FakeApp("hubspot");
    final FakeApp dynamics = new FakeApp("dynamics");
    final List<Work> works = new ArrayList<>();
    final List<Outcome> outcomes = new ArrayList<>();
    final String h;
    final String d;
    MergePolicy policy;

    private final List<MappedField> fields;
    final MemoryLedger ledger = new MemoryLedger();
    final SyncEngine toHubspot = new SyncEngine(hubspot, ledger, this::report);
    final SyncEngine toDynamics = new SyncEngine(dynamics, ledger, this::report);
    private long offset;

    /** @param field a field that both apps have under one name, next to the e-mail address */
    Pair(MappedField field, MergePolicy policy, Object inHubspot, Object inDynamics) {
        this.fields = List.of(new MappedField("email", "email"), field);
        this.policy = policy;
        h = hubspot.add(person(field, inHubspot));
        d = dynamics.add(person(field, inDynamics));
    }

    private static Map<String, Object> person(MappedField field, Object value) {
        Map<String, Object> person = new HashMap<>(Map.of("email", "a@x.org"));
        person.put(field.source(), value);
        return person;
    }

    private void report(Work work, Outcome outcome) {
        works.add(work);
        outcomes.add(outcome);
    }

    /** HubSpot's contact, as it is now. */
    Work fromHubspot() {
        return image(hubspot, h);
    }

    /** The row in Dynamics, as it is now. */
    Work fromDynamics() {
        return image(dynamics, d);
    }

    /** A further contact in HubSpot. */
    Work another(String email, Object value) {
        Map<String, Object> person = person(fields.get(1), value);
        person.put("email", email);
        return image(hubspot, hubspot.add(person));
    }

    private Work image(FakeApp source, String id) {
        TargetRecord record = source.get(id);
        Object email = record.values().get("email");
        Image image = new Image(
                source.app(),
                id,
                record.version(),
                record.modified(),
                Origin.LIVE,
                false,
                null,
                record.values(),
                fields,
                Map.of(),
                email == null ? null : email.toString(),
                null,
                null,
                Map.of(),
                null,
                policy);
        return new Work(image, new TopicPartition(source.app(), 0), offset++);
    }

    Outcome process(Work work) {
        SyncEngine engine = work.image().sourceApp().equals("hubspot") ? toDynamics : toHubspot;
        return engine.process(List.of(work), Set.of()).get(work);
    }

    /** Both sides, again and again until they are at rest. */
    void settle() {
        for (int i = 0; i < 4; i++) {
            process(fromHubspot());
            process(fromDynamics());
        }
    }

    int writes() {
        return hubspot.writes + dynamics.writes;
    }

    /** The values of both sides. */
    List<Object> values() {
        String name = fields.get(1).source();
        return List.of(hubspot.value(h, name), dynamics.value(d, name));
    }
}
