package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls for contact records per 1,000 contacts; metadata, tokens and the listing of archived contacts are apart. */
class CallBudgetTest {
    private static final int CONTACTS = 1_000;
    private final Portal portal = Portal.open();

    @AfterEach
    void close() {
        portal.close();
    }

    private void within(String what, long most) {
        long calls = portal.contactCalls();
        System.out.printf("HubSpot calls per %d contacts: %-60s %3d (at most %d)%n", CONTACTS, what, calls, most);
        assertThat(calls).as(what).isLessThanOrEqualTo(most);
    }

    @Test
    void aSnapshot() {
        portal.simulator().load(Portal.people(CONTACTS));
        portal.forgetCalls();
        try (SourceRun source = new SourceRun(portal).snapshot()) {
            assertThat(source.delivered()).hasSize(CONTACTS);
            within("snapshot", 20);
        }
    }

    @Test
    void aSnapshotWithPropertiesThatFitIntoNoAddress() {
        List<String> names = new ArrayList<>(List.of("email"));
        for (int i = 0; i < 300; i++) {
            names.add("custom_property_with_a_long_name_" + i);
            portal.createProperty(Map.of("name", names.get(i + 1), "type", "string", "fieldType", "text"));
        }
        portal.simulator().load(Portal.people(CONTACTS));
        portal.forgetCalls();
        Map<String, String> settings = Map.of(HubSpotSourceConfig.PROPERTIES, String.join(",", names));
        try (SourceRun source = new SourceRun(portal, settings, null).snapshot()) {
            assertThat(source.delivered()).hasSize(CONTACTS);
            within("snapshot with 300 properties", 20);
        }
    }

    @Test
    void aPassOverChangedContacts() {
        long start = portal.now() - 4_000;
        List<String> ids = portal.simulator().load(Portal.people(CONTACTS), start - 100_000, 1);
        // Polls so seldom that the pass over the changes is the only one.
        Map<String, String> settings = Map.of(HubSpotSourceConfig.POLL_INTERVAL_MS, "3600000");
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(portal).snapshot()) {
            offset = source.offset();
        }
        for (int i = 0; i < ids.size(); i++) {
            portal.freeze(start + i);
            portal.simulator().edit(ids.get(i), Map.of("firstname", "Changed"));
        }
        portal.thaw();
        portal.forgetCalls();
        try (SourceRun source = new SourceRun(portal, settings, offset)) {
            source.until(() -> source.delivered().size() >= CONTACTS);
            assertThat(new HashSet<>(source.ids())).hasSize(CONTACTS);
            within("incremental pass over changed contacts", 15);
        }
    }

    @Test
    void aCheckForDeletedContacts() {
        List<String> ids = portal.simulator().load(Portal.people(CONTACTS), portal.now() - 86_400_000, 1);
        Map<String, String> settings = Map.of(
                HubSpotSourceConfig.POLL_INTERVAL_MS,
                "3600000",
                HubSpotSourceConfig.ARCHIVE_INTERVAL_MS,
                "3600000",
                HubSpotSourceConfig.DELETION_CHECK_INTERVAL_MS,
                "3600000");
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(portal).snapshot()) {
            offset = source.offset();
        }
        portal.purge(ids.get(CONTACTS - 1));
        Map<String, Object> due = new HashMap<>(offset);
        due.put("checked", 1L);
        try (SourceRun source = new SourceRun(portal, settings, due, ids)) {
            source.until(() -> portal.calls("/search") > 0);
            portal.forgetCalls();
            source.until(() -> !source.delivered().isEmpty());
            assertThat(source.ids()).containsExactly(ids.get(CONTACTS - 1) + "-");
            // One for the listing of the archive, and two about the contact that is gone.
            within("check for deleted contacts", 13);
        }
    }

    @Test
    void aSinkThatCreates() {
        try (SinkRun sink = new SinkRun(portal)) {
            assertThat(sink.process(sink.people(CONTACTS, "city", "Rome")).values())
                    .extracting(Outcome::kind)
                    .hasSize(CONTACTS)
                    .containsOnly(Kind.CREATED);
            within("sink, creating", 20);
        }
    }

    @Test
    void aSinkWhoseImagesEqualTheBase() {
        try (SinkRun sink = new SinkRun(portal)) {
            sink.process(sink.people(CONTACTS, "city", "Rome"));
            portal.forgetCalls();
            assertThat(sink.process(sink.people(CONTACTS, "city", "Rome")).values())
                    .extracting(Outcome::kind)
                    .hasSize(CONTACTS)
                    .containsOnly(Kind.UNCHANGED);
            within("sink, linked contacts that equal the base", 0);
        }
    }

    @Test
    void aSinkThatMustReadTheTarget() {
        try (SinkRun sink = new SinkRun(portal)) {
            Map<String, Outcome> created = sink.process(sink.people(CONTACTS, "city", "Rome"));
            portal.forgetCalls();
            assertThat(sink.process(sink.people(CONTACTS, "city", "Rome"), created.keySet())
                            .values())
                    .extracting(Outcome::kind)
                    .hasSize(CONTACTS)
                    .containsOnly(Kind.UNCHANGED);
            within("sink, linked contacts whose target must be read", 10);
        }
    }

    @Test
    void aTwoWaySinkThatUpdates() {
        Map<String, String> twoWay =
                Map.of("transforms", "merge", "transforms.merge.type", "io.github.crmsync.transforms.ConflictMerge");
        try (SinkRun sink = new SinkRun(portal, twoWay)) {
            sink.process(sink.people(CONTACTS, "city", "Rome"));
            portal.forgetCalls();
            assertThat(sink.process(sink.people(CONTACTS, "city", "Oslo")).values())
                    .extracting(Outcome::kind)
                    .hasSize(CONTACTS)
                    .containsOnly(Kind.UPDATED);
            // Read, read again under the lock, write; and the histories, fifty at a time.
            within("two-way sink, updating", 50);
        }
    }
}
