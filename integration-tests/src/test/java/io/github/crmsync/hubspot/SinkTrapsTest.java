package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.config.TransformChain;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.sink.LeftOut;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.core.sink.SyncSinkConfig;
import io.github.crmsync.core.sink.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sink against what HubSpot does to a writer. */
class SinkTrapsTest {
    private Portal portal = Portal.open();
    private SinkRun sink;

    @AfterEach
    void close() {
        if (sink != null) {
            sink.close();
        }
        portal.close();
    }

    private SinkRun sink() {
        sink = new SinkRun(portal);
        return sink;
    }

    private static Map<String, Object> person(String email, String firstName) {
        return new java.util.HashMap<>(Portal.person(email, firstName));
    }

    private static Map<String, Object> with(Map<String, Object> person, String property, Object value) {
        person.put(property, value);
        return person;
    }

    @Test
    void oneRefusedRecordOfABatchFailsAloneWithHubSpotsMessage() {
        SinkRun run = sink();
        List<Work> works = new ArrayList<>(run.people(50, "city", "Rome"));
        works.add(run.image("bad", Map.of("email", "not an address")));
        Map<String, Outcome> outcomes = run.process(works);
        assertThat(outcomes.remove("bad")).satisfies(bad -> {
            assertThat(bad.kind()).isEqualTo(Kind.FAILED);
            assertThat(bad.detail()).contains("not an address is invalid");
        });
        assertThat(outcomes.values()).extracting(Outcome::kind).hasSize(50).containsOnly(Kind.CREATED);
        assertThat(portal.size()).isEqualTo(50);
    }

    @Test
    void anInvalidOptionAndAReadOnlyPropertyHoldBackNoOtherField() {
        SinkRun run = sink();
        Map<String, Object> values = with(person("a@example.com", "Ann"), "hs_lead_status", "Nonsense");
        values.put("hs_email_optout", "true");
        Outcome outcome = run.process(run.image("d1", values));
        assertThat(outcome.kind()).isEqualTo(Kind.CREATED);
        assertThat(portal.value(outcome.targetId(), "firstname")).isEqualTo("Ann");
        assertThat(portal.value(outcome.targetId(), "hs_lead_status")).isEmpty();
        assertThat(run.refusals("d1"))
                .flatExtracting(LeftOut::fields)
                .containsExactlyInAnyOrder("hs_lead_status", "hs_email_optout");
    }

    @Test
    void aContactThatAppearsBetweenReadAndCreateIsLinkedNotDoubled() {
        for (boolean hidden : new boolean[] {false, true}) {
            close();
            portal = Portal.open(options -> options.hideConflictOwner(hidden));
            String existing = portal.create(Portal.person("a@example.com", ""));
            Outcome outcome;
            try (Relay relay = new Relay(portal)) {
                // The look for existing contacts finds nothing, as if the contact had come right after it.
                AtomicBoolean first = new AtomicBoolean(true);
                relay.change(answer -> answer.request().endsWith("/batch/read") && first.getAndSet(false)
                        ? answer.instead(200, "{\"status\":\"COMPLETE\",\"results\":[]}")
                        : answer);
                sink = new SinkRun(portal, Map.of(HubSpotConfig.URL, relay.url()));
                outcome = sink.process(sink.image("d1", person("A@Example.com", "Ann")));
            }
            assertThat(outcome.targetId()).isEqualTo(existing);
            assertThat(portal.value(existing, "firstname")).isEqualTo("Ann");
            assertThat(portal.size()).isEqualTo(1);
        }
    }

    @Test
    void aContactThatHoldsTheLinkIsFoundThoughTheConflictDoesNotNameIt() {
        try (Relay relay = new Relay(portal)) {
            relay.change(answer -> answer.instead(
                    answer.status(), answer.body().replaceAll("\\d+ already has that value", "The value is taken")));
            sink = new SinkRun(portal, Map.of(HubSpotConfig.URL, relay.url()));
            sink.target.ensureLinkProperty();
            String holder = portal.create(Map.of("email", "old@example.com", "dynamics_contact_id", "d1"));
            Outcome outcome = sink.process(sink.image("d1", person("new@example.com", "Ann")));
            assertThat(outcome.targetId()).isEqualTo(holder);
            assertThat(portal.size()).isEqualTo(1);
        }
    }

    @Test
    void aContactIsFoundByItsSecondaryAddress() {
        String one = portal.create(Portal.person("a@example.com", "Ann"));
        String survivor = portal.merge(one, portal.create(Portal.person("b@example.com", "Bea")));
        SinkRun run = sink();
        Outcome outcome = run.process(run.image("d1", Map.of("city", "Rome"), "B@example.com"));
        assertThat(outcome.targetId()).isEqualTo(survivor);
        assertThat(portal.value(survivor, "city")).isEqualTo("Rome");
        assertThat(portal.value(survivor, "email")).isEqualTo("a@example.com");
        assertThat(portal.size()).isEqualTo(1);
    }

    @Test
    void ofTwoRecordsWithOneAddressInOneBatchTheFirstIsLinkedAndTheOtherReported() {
        SinkRun run = sink();
        Map<String, Outcome> outcomes = run.process(List.of(
                run.image("d1", person("a@example.com", "Ann")), run.image("d2", person("A@EXAMPLE.com", "Anna"))));
        assertThat(outcomes.get("d1").kind()).isEqualTo(Kind.CREATED);
        assertThat(outcomes.get("d2").kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(portal.size()).isEqualTo(1);
    }

    @Test
    void aMergedAwayContactIsNotWrittenUnderItsOldId() {
        SinkRun run = sink();
        Outcome created = run.process(run.image("d1", person("a@example.com", "Ann")));
        String survivor = portal.merge(created.targetId(), portal.create(Portal.person("b@example.com", "Bea")));
        assertThat(run.process(run.image("d1", person("a@example.com", "Changed")))
                        .kind())
                .isEqualTo(Kind.TOMBSTONED);
        assertThat(portal.value(survivor, "firstname")).isEqualTo("Ann");
        assertThat(portal.size()).isEqualTo(1);
    }

    @Test
    void anArchivedOrPurgedContactIsNotCreatedAgain() {
        SinkRun run = sink();
        Outcome one = run.process(run.image("d1", person("a@example.com", "Ann")));
        Outcome two = run.process(run.image("d2", person("b@example.com", "Bea")));
        portal.archive(one.targetId());
        portal.purge(two.targetId());
        Map<String, Outcome> outcomes = run.process(List.of(
                run.image("d1", person("a@example.com", "Changed")),
                run.image("d2", person("b@example.com", "Changed"))));
        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Kind.TOMBSTONED);
        assertThat(portal.size()).isZero();
    }

    @Test
    void aBatchReadThatOneMalformedAddressSpoilsStillFindsTheOthers() {
        List<String> ids = portal.simulator().load(Portal.people(8));
        SinkRun run = sink();
        run.target.ensureLinkProperty();
        portal.fault(Map.of("match", "batch/read", "status", 400, "times", 1));
        Map<String, Outcome> outcomes = run.process(run.people(8, "city", "Rome"));
        assertThat(outcomes.values()).extracting(Outcome::targetId).containsExactlyElementsOf(ids);
        assertThat(portal.size()).isEqualTo(8);
    }

    @Test
    void aReadByTheLinkPropertyThatHubSpotRefusesIsNotTakenForAnAbsentContact() {
        SinkRun run = sink();
        run.target.ensureLinkProperty();
        portal.fault(Map.of("match", "batch/create", "kind", "reset-after"));
        assertThat(run.process(run.image("d1", person("a@example.com", "Ann"))).kind())
                .isEqualTo(Kind.PARKED);
        portal.fault(Map.of("match", "batch/read", "status", 400, "times", 2));
        assertThatThrownBy(() -> run.process(run.image("d1", person("a@example.com", "Ann"))))
                .hasMessageContaining("Reading contacts");
        portal.forgetFaults();
        run.process(run.image("d1", person("a@example.com", "Ann")));
        assertThat(portal.size()).isEqualTo(1);
    }

    @Test
    void whereTheAnswerToACreationIsLostTheContactIsFoundAgain() {
        for (String kind : List.of("reset-after", "cut")) {
            for (boolean linked : new boolean[] {true, false}) {
                close();
                portal = Portal.open();
                sink = new SinkRun(portal, linked ? Map.of() : Map.of(HubSpotConfig.LINK_PROPERTY, ""));
                sink.target.ensureLinkProperty();
                portal.fault(Map.of("match", "batch/create", "kind", kind));
                assertThat(sink.process(sink.image("d1", person("a@example.com", "Ann")))
                                .kind())
                        .isEqualTo(Kind.PARKED);
                Outcome outcome = sink.process(sink.image("d1", person("a@example.com", "Ann")));
                assertThat(outcome.kind().parked()).isFalse();
                assertThat(outcome.kind()).isNotEqualTo(Kind.FAILED);
                assertThat(portal.value(outcome.targetId(), "firstname")).isEqualTo("Ann");
                assertThat(portal.size()).isEqualTo(1);
            }
        }
    }

    @Test
    void aContactWithoutAnAddressIsCreatedOnceByItsLinkProperty() {
        sink = new SinkRun(portal, Map.of());
        sink.target.ensureLinkProperty();
        portal.fault(Map.of("match", "batch/create", "kind", "reset-after"));
        Map<String, Object> ann = Map.of("firstname", "Ann");
        assertThat(sink.process(sink.withoutEmail("d1", ann)).kind()).isEqualTo(Kind.PARKED);
        Outcome outcome = sink.process(sink.withoutEmail("d1", ann));
        assertThat(portal.value(outcome.targetId(), "firstname")).isEqualTo("Ann");
        assertThat(portal.size()).isEqualTo(1);
        sink.close();

        sink = new SinkRun(portal, Map.of(HubSpotConfig.LINK_PROPERTY, ""));
        assertThat(sink.process(sink.withoutEmail("d2", ann)).kind()).isEqualTo(Kind.EXCLUDED);
        assertThat(portal.size()).isEqualTo(1);
    }

    @Test
    void whereTheAnswerToAnUpdateIsLostALaterEditIsNotOverwritten() {
        SinkRun run = sink();
        String id = run.process(run.image("d1", person("a@example.com", "Ann"))).targetId();
        portal.fault(Map.of("match", "batch/update", "kind", "reset-after"));
        Work work = run.image("d1", person("a@example.com", "Changed"));
        assertThat(run.process(work).kind()).isEqualTo(Kind.PARKED);
        portal.simulator().edit(id, Map.of("city", "Rome"));
        run.process(List.of(work), Set.of("d1"));
        assertThat(portal.value(id, "firstname")).isEqualTo("Changed");
        assertThat(portal.value(id, "city")).isEqualTo("Rome");
    }

    @Test
    void refusalsThatPassAreWaitedForAndNothingIsWrittenTwice() {
        List<Map<String, ?>> refusals = List.of(
                Map.of("match", "batch/create", "status", 423),
                Map.of("match", "batch/create", "status", 429),
                Map.of("match", "batch/create", "status", 429, "retryAfter", 1),
                Map.of("match", "batch/create", "status", 477, "retryAfter", 1),
                Map.of("match", "batch/create", "status", 503),
                Map.of("match", "batch/read", "status", 502),
                Map.of("match", "batch/read", "kind", "cut"),
                Map.of("match", "batch/read", "kind", "reset-before"));
        SinkRun run = sink();
        run.target.ensureLinkProperty();
        for (int i = 0; i < refusals.size(); i++) {
            portal.fault(refusals.get(i));
            assertThat(run.process(run.image("d" + i, person("a" + i + "@example.com", "Ann")))
                            .kind())
                    .as("after %s", refusals.get(i))
                    .isEqualTo(Kind.CREATED);
        }
        assertThat(portal.size()).isEqualTo(refusals.size());
    }

    @Test
    void aServerErrorOnACreationDoublesNothing() {
        SinkRun run = sink();
        run.target.ensureLinkProperty();
        for (int status : new int[] {500, 502, 504}) {
            portal.fault(Map.of("match", "batch/create", "status", status));
            Work work = run.image("d" + status, person("a" + status + "@example.com", "Ann"));
            assertThat(run.process(work).kind()).isEqualTo(Kind.PARKED);
            assertThat(run.process(work).kind()).isEqualTo(Kind.CREATED);
        }
        assertThat(portal.size()).isEqualTo(3);
    }

    @Test
    void aPortalThatIsBeingMovedIsLeftAloneForAsLongAsItAsks() {
        SinkRun run = sink();
        run.target.ensureLinkProperty();
        portal.fault(Map.of("match", "batch/read", "status", 477, "retryAfter", 3600, "times", 100));
        Work work = run.image("d1", person("a@example.com", "Ann"));
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> run.process(work))
                    .isInstanceOf(org.apache.kafka.connect.errors.RetriableException.class);
        }
        assertThat(portal.answers(477)).isEqualTo(1);
    }

    @Test
    void aLeadingSemicolonReplacesInsteadOfAppending() {
        portal.createProperty(Map.of(
                "name",
                "colours",
                "type",
                "enumeration",
                "fieldType",
                "checkbox",
                "options",
                List.of(
                        Map.of("label", "Red", "value", "red", "hidden", false, "displayOrder", 0),
                        Map.of("label", "Blue", "value", "blue", "hidden", false, "displayOrder", 1))));
        SinkRun run = sink();
        String id = run.process(run.image("d1", with(person("a@example.com", "Ann"), "colours", "red")))
                .targetId();
        run.process(run.image("d1", with(person("a@example.com", "Ann"), "colours", ";blue")));
        assertThat(portal.value(id, "colours")).isEqualTo("blue");
    }

    @Test
    void aBackwardLifecycleStageIsNeverForcedWhicheverWayHubSpotRefusesIt() {
        for (boolean reject : new boolean[] {true, false}) {
            close();
            portal = Portal.open(options -> options.rejectLifecycleBackwards(reject));
            SinkRun run = sink();
            String id = run.process(run.image("d1", with(person("a@example.com", "Ann"), "lifecyclestage", "customer")))
                    .targetId();
            Map<String, Object> backward = with(person("a@example.com", "Changed"), "lifecyclestage", "lead");
            assertThat(run.process(run.image("d1", backward)).kind()).isEqualTo(Kind.UPDATED);
            assertThat(portal.value(id, "lifecyclestage")).isEqualTo("customer");
            assertThat(portal.value(id, "firstname")).isEqualTo("Changed");
        }
    }

    @Test
    void aStageThatSomebodyHasClearedMayBeAnEarlierOneAgain() {
        SinkRun run = sink();
        String id = run.process(run.image("d1", with(person("a@example.com", "Ann"), "lifecyclestage", "customer")))
                .targetId();
        portal.simulator().edit(id, Map.of("lifecyclestage", ""));
        run.process(run.image("d1", with(person("a@example.com", "Ann"), "lifecyclestage", "lead")));
        assertThat(portal.value(id, "lifecyclestage")).isEqualTo("lead");
    }

    @Test
    void aPropertyOfANewTypeIsComparedByItWithoutARestart() {
        sink = new SinkRun(portal, Map.of(HubSpotConfig.METADATA_INTERVAL_MS, "1"));
        String id =
                sink.process(sink.image("d1", person("a@example.com", "Ann"))).targetId();
        assertThat(sink.target.fingerprint("size", "1.0")).isNotEqualTo(sink.target.fingerprint("size", "1"));
        portal.createProperty(Map.of("name", "size", "type", "number", "fieldType", "number"));
        sink.target.read(List.of(id), Set.of("size"));
        assertThat(sink.target.fingerprint("size", "1.0")).isEqualTo(sink.target.fingerprint("size", "1"));
    }

    @Test
    void aClearThatIsToBeCarriedOverEmptiesTheProperty() {
        SinkRun run = sink();
        String id = run.process(run.image("d1", with(person("a@example.com", "Ann"), "city", "Rome")))
                .targetId();
        assertThat(portal.value(id, "city")).isEqualTo("Rome");
        run.policy = new MergePolicy("dynamics", true, Map.of(), Set.of("city~d_city"));
        run.process(run.image("d1", with(person("a@example.com", "Ann"), "city", null)));
        assertThat(portal.value(id, "city")).isEmpty();
        assertThat(portal.value(id, "firstname")).isEqualTo("Ann");
    }

    @Test
    void anAddressThatAnotherContactOwnsHoldsBackNoOtherFieldOfAnUpdate() {
        portal.create(Portal.person("taken@example.com", "Tess"));
        SinkRun run = sink();
        String id = run.process(run.image("d1", person("a@example.com", "Ann"))).targetId();
        Outcome outcome = run.process(run.image("d1", person("taken@example.com", "Changed")));
        assertThat(outcome.kind()).isEqualTo(Kind.UPDATED);
        assertThat(portal.value(id, "firstname")).isEqualTo("Changed");
        assertThat(portal.value(id, "email")).isEqualTo("a@example.com");
        assertThat(run.refusals("d1")).flatExtracting(LeftOut::fields).containsExactly("email");
    }

    @Test
    void withoutTheScopeForPropertiesTheSinkWorksWithoutALinkProperty() {
        close();
        portal = Portal.open(
                options -> options.scopes(Set.of("crm.objects.contacts.read", "crm.objects.contacts.write")));
        SinkRun run = sink();
        assertThat(run.process(run.image("d1", person("a@example.com", "Ann"))).kind())
                .isEqualTo(Kind.CREATED);
        assertThat(run.target.ensureLinkProperty()).isFalse();
    }

    @Test
    void aPortalThatHasAllItsUniquePropertiesWorksWithoutALinkProperty() {
        for (int i = 0; i < 10; i++) {
            portal.createProperty(
                    Map.of("name", "key" + i, "type", "string", "fieldType", "text", "hasUniqueValue", true));
        }
        SinkRun run = sink();
        assertThat(run.process(run.image("d1", person("a@example.com", "Ann"))).kind())
                .isEqualTo(Kind.CREATED);
        assertThat(run.target.ensureLinkProperty()).isFalse();
    }

    @Test
    void aLinkPropertyWithoutUniqueValuesIsFoundByValidationAndNotUsed() {
        String name = "dynamics_contact_id";
        portal.createProperty(Map.of("name", name, "type", "string", "fieldType", "text"));
        Map<String, String> props = portal.connection();
        props.put(SyncSinkConfig.LEDGER_SERVERS, "none.invalid:9092");
        props.put("transforms", "map");
        props.put("transforms.map.type", TransformChain.FIELD_MAPPING);
        assertThat(new HubSpotSinkConnector().validate(props).configValues())
                .filteredOn(value -> value.name().equals(HubSpotConfig.LINK_PROPERTY))
                .flatExtracting(ConfigValue::errorMessages)
                .singleElement()
                .asString()
                .contains(name, "unique");
        SinkRun run = sink();
        String id = run.process(run.image("d1", person("a@example.com", "Ann"))).targetId();
        assertThat(run.target.ensureLinkProperty()).isFalse();
        assertThat(portal.value(id, name)).isEmpty();
    }

    @Test
    void anAddressThatWasBlockedByAPrivacyDeletionFailsAlone() {
        portal.call(
                "POST",
                "/crm/objects/2026-03/contacts/gdpr-delete",
                Map.of("objectId", "a@example.com", "idProperty", "email"));
        SinkRun run = sink();
        Map<String, Outcome> outcomes = run.process(List.of(
                run.image("d1", person("a@example.com", "Ann")), run.image("d2", person("b@example.com", "Bea"))));
        assertThat(outcomes.get("d1").kind()).isEqualTo(Kind.FAILED);
        assertThat(outcomes.get("d2").kind()).isEqualTo(Kind.CREATED);
        assertThat(portal.size()).isEqualTo(1);
    }

    @Test
    void anAnswerThatComesTooLateDoublesNothing() {
        CountDownLatch givenUp = new CountDownLatch(1);
        try (Relay relay = new Relay(portal)) {
            relay.change(answer -> {
                if (answer.request().endsWith("/batch/create")) {
                    await(givenUp);
                }
                return answer;
            });
            sink = new SinkRun(portal, Map.of(HubSpotConfig.URL, relay.url(), HttpSettings.REQUEST_TIMEOUT_MS, "1000"));
            Work work = sink.image("d1", person("a@example.com", "Ann"));
            assertThat(sink.process(work).kind()).isEqualTo(Kind.PARKED);
            givenUp.countDown();
            Outcome outcome = sink.process(work);
            assertThat(portal.value(outcome.targetId(), "firstname")).isEqualTo("Ann");
            assertThat(portal.size()).isEqualTo(1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void withoutTheScopeForWritingTheSinkStopsAndNamesIt() {
        close();
        portal = Portal.open(options -> options.scopes(Set.of("crm.objects.contacts.read")));
        SinkRun run = sink();
        assertThatThrownBy(() -> run.process(run.image("d1", person("a@example.com", "Ann"))))
                .isInstanceOf(HubSpotErrors.Forbidden.class)
                .hasMessageContaining("crm.objects.contacts.write");
    }

    @Test
    void aRefusedTokenStopsTheSinkAndIsNotTakenForAbsentContacts() {
        portal.simulator().load(Portal.people(3));
        sink = new SinkRun(
                portal, Map.of(HubSpotConfig.ACCESS_TOKEN, "pat-na1-revoked", HttpSettings.RETRY_MAX_WAIT_MS, "0"));
        assertThatThrownBy(() -> sink.process(sink.people(3, "city", "Rome")))
                .isInstanceOf(HubSpotErrors.Unauthorized.class)
                .hasMessageContaining("hubspot.access.token");
        assertThat(portal.size()).isEqualTo(3);
    }
}
