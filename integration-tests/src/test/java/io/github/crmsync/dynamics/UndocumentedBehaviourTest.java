package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.core.sink.TargetRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where Microsoft's pages are silent or contradict each other, the connectors cope with either reading. */
class UndocumentedBehaviourTest {
    private final Environment environment = Environment.open();

    @AfterEach
    void close() {
        environment.close();
    }

    private void set(String name, Object value) {
        environment.simulator().setSwitch(name, value);
    }

    @Test
    void refusalsOfConditionalWritesMayHaveNoCode() {
        set("emptyConditionalCodes", true);
        String id;
        try (SinkRun sink = new SinkRun(environment)) {
            id = sink.process(sink.image("h1", Environment.person("a@example.com", "Ann")))
                    .targetId();
            sink.justBeforeTheNextWrite(() -> environment.update(id, Map.of("address1_city", "Rome")));
            assertThat(sink.process(sink.image("h1", Environment.person("a@example.com", "Bea")))
                            .kind())
                    .isEqualTo(Kind.UPDATED);
            assertThat(environment.value(id, "address1_city")).isEqualTo("Rome");
            assertThat(environment.value(id, "firstname")).isEqualTo("Bea");
        }
        environment.update(id, Map.of("emailaddress1", "moved@example.com"));
        try (SinkRun another = new SinkRun(environment)) {
            Outcome found = another.process(another.image("h1", Environment.person("a@example.com", "Bea")));
            assertThat(found.targetId()).as("found by its key").isEqualTo(id);
            another.justBeforeTheNextWrite(() -> environment.delete(id));
            assertThat(another.process(another.image("h1", Environment.person("a@example.com", "Cleo")))
                            .kind())
                    .isEqualTo(Kind.TOMBSTONED);
        }
        assertThat(environment.size()).isZero();
    }

    @Test
    void wildcardsMayCountInEqualityToo() {
        set("wildcardsInEquality", true);
        List<String> addresses = List.of("a_c@example.com", "a%@example.com", "[ab]@example.com");
        addresses.forEach(address -> environment.create(Environment.person(address, "Meant")));
        List.of("abc@example.com", "a@example.com", "b@example.com")
                .forEach(address -> environment.create(Environment.person(address, "Matched by a pattern")));
        try (SinkRun sink = new SinkRun(environment)) {
            assertThat(sink.target.findByEmail(addresses, Set.of("firstname")))
                    .flatExtracting(TargetRecord::emails)
                    .containsExactlyInAnyOrderElementsOf(addresses);
        }
    }

    @Test
    void aTrackedReadOfATableWithoutChangeTrackingMayFail() {
        set("untrackedReadFails", true);
        environment.simulator().setChangeTracking("contact", false);
        try (SourceRun source = new SourceRun(environment)) {
            assertThatThrownBy(source::snapshot)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("change tracking is switched off");
        }
    }

    @Test
    void anExpiredDeltaTokenMayHaveAnotherStatus() {
        set("expiredTokenStatus", 410);
        List<String> ids = environment.fill(20);
        try (SourceRun source = new SourceRun(environment).snapshot()) {
            source.forget();
            environment.simulator().expireDeltaLinks();
            source.until(() -> source.delivered().size() >= ids.size());
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void updatesMayLeaveOutTheAddressOfTheRow() {
        set("entityIdOnUpdate", false);
        try (SinkRun sink = new SinkRun(environment)) {
            sink.process(sink.image("h1", Environment.person("a@example.com", "Ann")));
            assertThat(sink.process(sink.image("h1", Environment.person("a@example.com", "Bea")))
                            .kind())
                    .isEqualTo(Kind.UPDATED);
        }
    }

    @Test
    void whatAPlugInMakesOfAValueIsAgreedOn() {
        environment.fault(
                Map.of("plugin", Map.of("table", "contact", "column", "jobtitle", "value", "Set by a plug-in")));
        Map<String, Object> person = Map.of("emailaddress1", "a@example.com", "firstname", "Ann", "jobtitle", "Pilot");
        try (SinkRun sink = new SinkRun(environment)) {
            String id = sink.process(sink.image("h1", person)).targetId();
            long writes = environment.operations("PATCH /api/data/v9.2/contacts({id})");
            assertThat(sink.process(List.of(sink.image("h1", person)), Set.of("h1"))
                            .get("h1")
                            .kind())
                    .isEqualTo(Kind.UNCHANGED);
            assertThat(environment.value(id, "jobtitle")).isEqualTo("Set by a plug-in");
            assertThat(environment.operations("PATCH /api/data/v9.2/contacts({id})"))
                    .isEqualTo(writes);
        }
    }
}
