package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * HTTP requests for rows per 1,000 contacts; metadata and tokens are apart. The daily entitlement counts the parts of a
 * batch one by one: reads in batches are bounded by their parts too.
 */
class CallBudgetTest {
    private static final int CONTACTS = 1_000;
    private final Environment environment = Environment.open();

    @AfterEach
    void close() {
        environment.close();
    }

    private void within(String what, long most) {
        long calls = environment.rowCalls();
        System.out.printf("Dynamics calls per %d contacts: %-60s %3d (at most %d)%n", CONTACTS, what, calls, most);
        assertThat(calls).as(what).isLessThanOrEqualTo(most);
    }

    private void readsWithin(String what, long most) {
        long reads = environment.operations("GET /api/data/v9.2/contacts")
                + environment.operations("GET /api/data/v9.2/contacts({id})");
        System.out.printf("Dynamics reads per %d contacts: %-60s %3d (at most %d)%n", CONTACTS, what, reads, most);
        assertThat(reads).as(what).isLessThanOrEqualTo(most);
    }

    @Test
    void aSnapshot() {
        environment.fill(CONTACTS);
        environment.forgetCalls();
        try (SourceRun source = new SourceRun(environment).snapshot()) {
            assertThat(source.delivered()).hasSize(CONTACTS);
            within("snapshot", 2);
        }
    }

    @Test
    void aSnapshotOfSeveralFullPages() {
        environment.fill(20 * CONTACTS);
        environment.forgetCalls();
        try (SourceRun source = new SourceRun(environment).snapshot()) {
            assertThat(source.delivered()).hasSize(20 * CONTACTS);
            within("snapshot of 20,000", 5);
        }
    }

    @Test
    void aPassOverChangedContacts() {
        List<String> ids = environment.fill(CONTACTS);
        // Polls so seldom that the pass over the changes is the only one.
        Map<String, String> settings = Map.of(DynamicsSourceConfig.POLL_INTERVAL_MS, "3600000");
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(environment).snapshot()) {
            offset = source.offset();
        }
        environment.updateAll(ids, "firstname", "Changed");
        environment.forgetCalls();
        try (SourceRun source = new SourceRun(environment, settings, offset)) {
            source.until(() -> source.delivered().size() >= CONTACTS);
            assertThat(new HashSet<>(source.ids())).hasSize(CONTACTS);
            within("incremental pass over changed contacts", 2);
        }
    }

    @Test
    void aSinkThatCreates() {
        try (SinkRun sink = new SinkRun(environment)) {
            assertThat(sink.process(sink.people(CONTACTS, "address1_city", "Rome"))
                            .values())
                    .extracting(Outcome::kind)
                    .hasSize(CONTACTS)
                    .containsOnly(Kind.CREATED);
            within("sink, creating", 12);
            readsWithin("sink, creating", 30);
        }
    }

    @Test
    void aSinkWhoseImagesEqualTheBase() {
        try (SinkRun sink = new SinkRun(environment)) {
            sink.process(sink.people(CONTACTS, "address1_city", "Rome"));
            environment.forgetCalls();
            assertThat(sink.process(sink.people(CONTACTS, "address1_city", "Rome"))
                            .values())
                    .extracting(Outcome::kind)
                    .hasSize(CONTACTS)
                    .containsOnly(Kind.UNCHANGED);
            within("sink, linked contacts that equal the base", 6);
        }
    }

    @Test
    void aSinkThatMustReadTheTarget() {
        try (SinkRun sink = new SinkRun(environment)) {
            Map<String, Outcome> created = sink.process(sink.people(CONTACTS, "address1_city", "Rome"));
            environment.forgetCalls();
            assertThat(sink.process(sink.people(CONTACTS, "address1_city", "Rome"), created.keySet())
                            .values())
                    .extracting(Outcome::kind)
                    .hasSize(CONTACTS)
                    .containsOnly(Kind.UNCHANGED);
            within("sink, linked contacts whose target must be read", 6);
            readsWithin("sink, linked contacts whose target must be read", 30);
        }
    }

    @Test
    void aSinkThatUpdates() {
        try (SinkRun sink = new SinkRun(environment)) {
            sink.process(sink.people(CONTACTS, "address1_city", "Rome"));
            environment.forgetCalls();
            assertThat(sink.process(sink.people(CONTACTS, "address1_city", "Oslo"))
                            .values())
                    .extracting(Outcome::kind)
                    .hasSize(CONTACTS)
                    .containsOnly(Kind.UPDATED);
            within("sink, updating", 12);
            readsWithin("sink, updating", 30);
        }
    }
}
