package io.github.crmsync.scenario;

import static io.github.crmsync.core.sink.Outcome.Kind.CREATED;
import static io.github.crmsync.core.sink.Outcome.Kind.DUPLICATE;
import static io.github.crmsync.core.sink.Outcome.Kind.EXCLUDED;
import static io.github.crmsync.core.sink.Outcome.Kind.HELD;
import static io.github.crmsync.core.sink.Outcome.Kind.TOMBSTONED;
import static io.github.crmsync.core.sink.Outcome.Kind.UNCHANGED;
import static io.github.crmsync.core.sink.Outcome.Kind.UPDATED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What HubSpot's own Dynamics 365 sync promises, sentence by sentence, with the configurations of config-examples and the tasks
 * that they name. The numbers are those of the table in docs/sync-semantics.md. {@link DaveAndDavidTest} is B27 and B28.
 */
class PromisesTest {
    private static final String ANN = "ann@example.com";
    private static final String BEN = "ben@example.com";
    private static final String EVE = "eve@example.com";

    private World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    /** A contact that both sides have, linked and at rest. */
    private record Pair(String h, String d) {}

    private Pair linked(String email, String firstName) {
        String h = world.hubspot.create("email", email, "firstname", firstName);
        world.settle();
        return new Pair(h, world.contacts.idOf(email));
    }

    private Sync twoWay() {
        return world.sync("two-way-contacts");
    }

    // --- setting it up

    @Test
    void b01NothingNeedsAPaidTier() {
        world.close();
        world = World.withFreePortal();
        twoWay();
        world.hubspot.create("email", ANN, "firstname", "Ann");
        world.contacts.create("emailaddress1", BEN, "firstname", "Ben");

        world.settle();

        assertThat(world.contacts.idsWith(ANN)).hasSize(1);
        assertThat(world.hubspot.idsWith(BEN)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"two-way-contacts,contacts", "two-way-leads,leads"})
    void b02ContactsOrLeadsAndNothingElseIsTouched(String example, String table) {
        world.sync(example);
        Records rows = table.equals("leads") ? world.leads : world.contacts;
        Records others = table.equals("leads") ? world.contacts : world.leads;
        rows.create("emailaddress1", ANN, "firstname", "Ann");
        others.create("emailaddress1", EVE, "firstname", "Eve");
        world.hubspot.create("email", BEN, "firstname", "Ben");

        world.settle();

        assertThat(world.hubspot.idsWith(ANN)).hasSize(1);
        assertThat(world.hubspot.idsWith(EVE)).isEmpty();
        assertThat(rows.idsWith(BEN)).hasSize(1);
        assertThat(others.idsWith(BEN)).isEmpty();
        assertThat(world.writes())
                .allMatch(
                        write -> write.app().equals("dynamics") || write.path().contains("contacts"));
    }

    @Test
    void b05WhatIsConnectedButNotTurnedOnWritesNothing() {
        Sync sync = twoWay();
        sync.hubspotSink.off();
        sync.dynamicsSink.off();
        world.hubspot.create("email", ANN, "firstname", "Ann");
        world.contacts.create("emailaddress1", BEN, "firstname", "Ben");

        world.settle();

        assertThat(world.allWrites()).isEmpty();
    }

    @Test
    void b07AndB36SeveralSyncsOfWhichEachIsTurnedOffByItself() {
        Sync contacts = twoWay();
        world.sync("two-way-leads", "leads-")
                .with("link.property", "dynamics_lead_id")
                .hubspotSource
                .configure("topic", "crm.hubspot.for.leads");
        world.settle();

        contacts.off();
        world.contacts.create("emailaddress1", ANN, "firstname", "Ann");
        world.leads.create("emailaddress1", BEN, "firstname", "Ben");
        world.settle();

        assertThat(world.hubspot.idsWith(ANN)).isEmpty();
        assertThat(world.hubspot.idsWith(BEN)).hasSize(1);
    }

    @Test
    void b12TwoWayIsTheDefault() {
        Sync sync = twoWay();
        sync.hubspotSink.forget("transforms.merge.direction");
        sync.dynamicsSink.forget("transforms.merge.direction");
        Pair ann = linked(ANN, "Ann");

        world.hubspot.edit(ann.h, "city", "Oslo");
        world.contacts.edit(ann.d, "jobtitle", "Judge");
        world.settle();

        assertThat(world.contacts.get(ann.d, "address1_city")).isEqualTo("Oslo");
        assertThat(world.hubspot.get(ann.h, "jobtitle")).isEqualTo("Judge");
    }

    // --- directions

    @Test
    void b14HubSpotToDynamicsAllNewAndUpdatedInformationAndNoWriteToHubSpot() {
        world.sync("hubspot-to-dynamics");
        String h = world.hubspot.create("email", ANN, "firstname", "Ann", "city", "Oslo");
        world.contacts.create("emailaddress1", BEN, "firstname", "Ben");
        world.settle();
        String d = world.contacts.idOf(ANN);
        assertThat(world.contacts.get(d, "firstname")).isEqualTo("Ann");

        world.hubspot.edit(h, "firstname", "Anna");
        world.settle();
        assertThat(world.contacts.get(d, "firstname")).isEqualTo("Anna");

        world.contacts.edit(d, "firstname", "Annie");
        world.hubspot.edit(h, "city", "Bergen");
        world.settle();
        assertThat(world.contacts.get(d, "firstname"))
                .as("an edit in the target stays until the field changes in the source")
                .isEqualTo("Annie");
        assertThat(world.contacts.get(d, "address1_city")).isEqualTo("Bergen");

        world.hubspot.edit(h, "firstname", "Anne");
        world.settle();
        assertThat(world.contacts.get(d, "firstname")).isEqualTo("Anne");
        assertThat(world.writesTo("hubspot")).isZero();
        assertThat(world.hubspot.count()).isOne();
    }

    @Test
    void b15DynamicsToHubSpotAllNewAndUpdatedInformationAndNoWriteToDynamics() {
        world.sync("dynamics-to-hubspot");
        String d = world.contacts.create("emailaddress1", ANN, "firstname", "Ann", "address1_city", "Oslo");
        world.hubspot.create("email", BEN, "firstname", "Ben");
        world.settle();
        String h = world.hubspot.idOf(ANN);
        assertThat(world.hubspot.get(h, "firstname")).isEqualTo("Ann");

        world.contacts.edit(d, "firstname", "Anna");
        world.settle();
        assertThat(world.hubspot.get(h, "firstname")).isEqualTo("Anna");

        world.hubspot.edit(h, "firstname", "Annie");
        world.contacts.edit(d, "address1_city", "Bergen");
        world.settle();
        assertThat(world.hubspot.get(h, "firstname"))
                .as("an edit in the target stays until the field changes in the source")
                .isEqualTo("Annie");
        assertThat(world.hubspot.get(h, "city")).isEqualTo("Bergen");

        world.contacts.edit(d, "firstname", "Anne");
        world.settle();
        assertThat(world.hubspot.get(h, "firstname")).isEqualTo("Anne");
        assertThat(world.writesTo("dynamics")).isZero();
        assertThat(world.contacts.count()).isOne();
    }

    @Test
    void b16NewAndUpdatedInformationGoesBothWays() {
        twoWay();
        world.settle();
        String h = world.hubspot.create("email", ANN, "firstname", "Ann");
        String d = world.contacts.create("emailaddress1", BEN, "firstname", "Ben");
        world.settle();
        String annInDynamics = world.contacts.idOf(ANN);
        String benInHubspot = world.hubspot.idOf(BEN);

        world.hubspot.edit(benInHubspot, "firstname", "Benno");
        world.contacts.edit(annInDynamics, "firstname", "Anna");
        world.settle();

        assertThat(world.contacts.get(d, "firstname")).isEqualTo("Benno");
        assertThat(world.hubspot.get(h, "firstname")).isEqualTo("Anna");
        assertThat(world.hubspot.count()).isEqualTo(2);
        assertThat(world.contacts.count()).isEqualTo(2);
    }

    @Test
    void b16EditsOfDifferentFieldsOfOneRecordBothSurvive() {
        twoWay();
        Pair ann = linked(ANN, "Ann");

        world.hubspot.edit(ann.h, "city", "Oslo");
        world.contacts.edit(ann.d, "jobtitle", "Judge");
        world.settle();

        assertThat(world.hubspot.get(ann.h, "city")).isEqualTo("Oslo");
        assertThat(world.hubspot.get(ann.h, "jobtitle")).isEqualTo("Judge");
        assertThat(world.contacts.get(ann.d, "address1_city")).isEqualTo("Oslo");
        assertThat(world.contacts.get(ann.d, "jobtitle")).isEqualTo("Judge");
    }

    @Test
    void awayFromConflictsTheNewerEditFlowsWhicheverAppItWasMadeIn() {
        twoWay().defaultApp("hubspot");
        Pair ann = linked(ANN, "Ann");

        world.contacts.edit(ann.d, "firstname", "Anna");
        world.settle();

        assertThat(world.hubspot.get(ann.h, "firstname")).isEqualTo("Anna");
    }

    @Test
    void b17ContactsThatExistOnBothSidesAreMergedFieldByField() {
        twoWay().defaultApp("dynamics");
        String h = world.hubspot.create("email", ANN, "firstname", "Ann", "city", "Oslo", "jobtitle", "Judge");
        String d = world.contacts.create(
                "emailaddress1", ANN, "firstname", "Ann", "lastname", "Berg", "jobtitle", "Senior judge");
        String same = world.hubspot.create("email", BEN, "firstname", "Ben");
        world.contacts.create("emailaddress1", BEN, "firstname", "Ben");

        world.settle();

        assertThat(world.hubspot.count()).isEqualTo(2);
        assertThat(world.contacts.count()).isEqualTo(2);
        assertThat(world.hubspot.get(h, "lastname")).as("one side empty").isEqualTo("Berg");
        assertThat(world.contacts.get(d, "address1_city")).as("one side empty").isEqualTo("Oslo");
        assertThat(world.hubspot.get(h, "jobtitle")).as("both filled").isEqualTo("Senior judge");
        assertThat(world.contacts.get(d, "jobtitle")).isEqualTo("Senior judge");
        assertThat(world.hubspot.get(same, "lastmodifieddate"))
                .as("both equal: not written")
                .isEqualTo(world.hubspot.get(same, "createdate"));
    }

    // --- scope

    private Sync filtered(String onHubspot, String onDynamics, String onLeave) {
        Sync sync = twoWay();
        sync.hubspotSink.configure("transforms", "filter,email,stage,map,merge");
        sync.dynamicsSink.configure("transforms", "filter,email,map,merge");
        sync.withSinks(
                "transforms.filter.type",
                "io.github.crmsync.transforms.SyncFilter",
                "transforms.filter.on.leave",
                onLeave);
        sync.hubspotSink.configure("transforms.filter.filter.expression", onDynamics);
        sync.dynamicsSink.configure("transforms.filter.filter.expression", onHubspot);
        return sync;
    }

    @Test
    void b18FiltersLimitTheScopeInEachDirection() {
        Sync sync = filtered("record.country == 'NL'", "record.address1_country == 'NL'", "excluded");
        String h = world.hubspot.create("email", ANN, "country", "NO");
        String d = world.contacts.create("emailaddress1", BEN, "address1_country", "NO");
        world.hubspot.create("email", EVE, "country", "NL");
        world.contacts.create("emailaddress1", "zoe@example.com", "address1_country", "NL");

        world.settle();

        assertThat(world.contacts.idsWith(ANN)).isEmpty();
        assertThat(world.hubspot.idsWith(BEN)).isEmpty();
        assertThat(sync.dynamicsSink.decision(h)).matches(is(EXCLUDED)).matches(o -> "filter".equals(o.detail()));
        assertThat(sync.hubspotSink.decision(d)).matches(is(EXCLUDED)).matches(o -> "filter".equals(o.detail()));
        assertThat(world.contacts.idsWith(EVE)).hasSize(1);
        assertThat(world.hubspot.idsWith("zoe@example.com")).hasSize(1);
    }

    private static Predicate<Outcome> is(Outcome.Kind kind) {
        return outcome -> outcome.kind() == kind;
    }

    @Test
    void b18AFilterThatIsWidenedPicksUpTheRestWithoutDuplicates() {
        Sync sync = filtered("record.country == 'NL'", "record.address1_country == 'NL'", "excluded");
        world.hubspot.create("email", ANN, "firstname", "Ann", "country", "NO");
        world.contacts.create("emailaddress1", ANN, "lastname", "Berg", "address1_country", "NO");
        world.hubspot.create("email", BEN, "country", "NO");
        world.contacts.create("emailaddress1", EVE, "address1_country", "NO");
        String zoe = world.hubspot.create("email", "zoe@example.com", "country", "NL");
        world.settle();
        assertThat(world.contacts.count()).isEqualTo(3);

        sync.dynamicsSink.configure("transforms.filter.filter.expression", "record.country in ['NL', 'NO']");
        sync.hubspotSink.configure("transforms.filter.filter.expression", "record.address1_country in ['NL', 'NO']");
        world.hubspot.edit(zoe, "firstname", "Zoe");
        world.settle();

        for (String email : List.of(ANN, BEN, EVE, "zoe@example.com")) {
            assertThat(world.hubspot.idsWith(email)).as(email).hasSize(1);
            assertThat(world.contacts.idsWith(email)).as(email).hasSize(1);
        }
        assertThat(world.hubspot.get(world.hubspot.idOf(ANN), "lastname")).isEqualTo("Berg");
        assertThat(world.contacts.get(world.contacts.idOf("zoe@example.com"), "firstname"))
                .isEqualTo("Zoe");
    }

    @Test
    void b19AndB31ThePlanTellsHowManyRecordsWouldBeTouched() {
        Sync sync = twoWay().withSinks("sync.mode", "preview");
        world.hubspot.create("email", ANN, "firstname", "Dave");
        world.contacts.create("emailaddress1", ANN, "firstname", "David");
        world.hubspot.create("email", BEN, "firstname", "Ben");
        world.contacts.create("emailaddress1", EVE, "firstname", "Eve");
        world.contacts.create("firstname", "Nobody");
        world.settle();

        assertThat(world.allWrites()).isEmpty();
        assertThat(sync.dynamicsSink.plan()).isEqualTo(Map.of(UPDATED, 1L, CREATED, 1L));
        assertThat(sync.hubspotSink.plan()).containsEntry(CREATED, 1L).containsEntry(EXCLUDED, 1L);
        assertThat(world.hubspot.count()).isEqualTo(2);
        assertThat(world.contacts.count()).isEqualTo(3);

        sync.withSinks("sync.mode", "live");
        world.settle();

        assertThat(world.hubspot.count())
                .as("going live starts from the beginning")
                .isEqualTo(3);
        assertThat(world.contacts.count()).isEqualTo(4);
        assertThat(world.contacts.get(world.contacts.idOf(ANN), "firstname")).isEqualTo("Dave");
    }

    @Test
    void b20AFewContactsOfAStaticListFirstAndTheRestLaterWithoutDuplicates() {
        Sync sync = twoWay();
        String list = world.hubspot.list();
        sync.hubspotSource.configure("list.ids", list);
        sync.hubspotSink.off();
        String ann = world.hubspot.create("email", ANN, "firstname", "Ann");
        world.hubspot.create("email", BEN, "firstname", "Ben");
        world.contacts.create("emailaddress1", BEN, "lastname", "Berg");
        world.hubspot.addToList(list, ann);
        sync.dynamicsSink.configure("wait.for.first.import", "false");
        world.settle();
        assertThat(world.contacts.idsWith(ANN)).hasSize(1);
        assertThat(world.contacts.get(world.contacts.idOf(BEN), "firstname")).isEmpty();
        assertThat(world.contacts.count()).isEqualTo(2);

        sync.hubspotSource.forget("list.ids");
        sync.hubspotSink.on();
        world.aDayPasses();

        assertThat(world.contacts.get(world.contacts.idOf(BEN), "firstname")).isEqualTo("Ben");
        assertThat(world.hubspot.get(world.hubspot.idOf(BEN), "lastname")).isEqualTo("Berg");
        assertThat(world.contacts.count()).isEqualTo(2);
        assertThat(world.hubspot.count()).isEqualTo(2);
    }

    // --- lifecycle stages

    @Test
    void b09AndB21AContactThatTheSyncCreatesGetsAStage() {
        twoWay().hubspotSink.configure("transforms.stage.stage.value", "customer");
        world.contacts.create("emailaddress1", ANN);

        world.settle();

        assertThat(world.hubspot.get(world.hubspot.idOf(ANN), "lifecyclestage")).isEqualTo("customer");
    }

    @Test
    void b10AndB21ALeadGetsTheStageOfItsStateAndAQualifiedOneLeavesTheLeads() {
        Sync sync = world.sync("two-way-leads");
        sync.hubspotSink.configure(
                "transforms.stage.stage.value", "lead",
                "transforms.stage.stage.rules", "statuscode=2:marketingqualifiedlead");
        String cold = world.leads.create("emailaddress1", ANN);
        world.leads.create("emailaddress1", BEN, "statuscode", "2");
        world.settle();
        assertThat(world.hubspot.get(world.hubspot.idOf(ANN), "lifecyclestage")).isEqualTo("lead");
        assertThat(world.hubspot.get(world.hubspot.idOf(BEN), "lifecyclestage")).isEqualTo("marketingqualifiedlead");

        world.leads.qualify(cold);
        world.settle();

        assertThat(sync.hubspotSink.decision(cold)).matches(is(EXCLUDED)).matches(o -> "qualified".equals(o.detail()));
        world.hubspot.edit(world.hubspot.idOf(ANN), "firstname", "Anna");
        world.settle();
        assertThat(world.leads.get(cold, "firstname")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-,salesqualifiedlead", "lead,salesqualifiedlead", "customer,customer"})
    void b21AnUpdateSetsABlankStageOrPromotesItAndNeverMovesItBackwards(String before, String after) {
        twoWay().hubspotSink
                .configure(
                        "transforms.stage.stage.value", "salesqualifiedlead",
                        "transforms.stage.stage.on.update", "promote");
        String h = world.hubspot.create("email", ANN);
        if (before != null) {
            world.hubspot.edit(h, "lifecyclestage", before);
        }
        String d = world.contacts.create("emailaddress1", ANN);
        world.settle();
        world.contacts.edit(d, "jobtitle", "Judge");
        world.settle();

        assertThat(world.hubspot.get(h, "lifecyclestage")).isEqualTo(after);
        assertThat(world.hubspot.get(h, "jobtitle")).isEqualTo("Judge");
    }

    // --- e-mail addresses

    @ParameterizedTest
    @ValueSource(strings = {"", "no address", "ann@"})
    void b22ByDefaultOnlyContactsWithAValidAddressSync(String invalid) {
        Sync sync = twoWay();
        String d = world.contacts.create("firstname", "Ann", "emailaddress1", invalid);
        world.settle();
        assertThat(world.hubspot.count()).isZero();
        assertThat(sync.hubspotSink.decision(d)).matches(is(EXCLUDED)).matches(o -> "no-email".equals(o.detail()));

        world.contacts.edit(d, "emailaddress1", ANN);
        world.settle();

        assertThat(world.hubspot.get(world.hubspot.idOf(ANN), "firstname")).isEqualTo("Ann");
    }

    @Test
    void b23WhereThatIsTurnedOffRecordsWithoutAnAddressSyncAndAreCreatedOnce() {
        Sync sync = twoWay().withSinks("transforms.email.on.invalid", "pass");
        world.contacts.create("firstname", "Ann");
        world.hubspot.create("firstname", "Ben");
        world.settle();
        assertThat(world.hubspot.count()).isEqualTo(2);
        assertThat(world.contacts.count()).isEqualTo(2);

        sync.hubspotSink.again();
        sync.dynamicsSink.again();
        world.aDayPasses();

        assertThat(world.hubspot.count()).isEqualTo(2);
        assertThat(world.contacts.count()).isEqualTo(2);
    }

    // --- deletions

    @ParameterizedTest
    @ValueSource(strings = {"hubspot", "dynamics"})
    void b24AndB25WhatIsDeletedInOneAppStaysInTheOtherAndIsNotReplaced(String where) {
        Sync sync = twoWay();
        Pair ann = linked(ANN, "Ann");

        if (where.equals("hubspot")) {
            world.hubspot.delete(ann.h);
        } else {
            world.contacts.delete(ann.d);
        }
        world.settle();
        assertThat(world.hubspot.has(ann.h)).isEqualTo(where.equals("dynamics"));
        assertThat(world.contacts.has(ann.d)).isEqualTo(where.equals("hubspot"));

        if (where.equals("hubspot")) {
            world.contacts.edit(ann.d, "firstname", "Anna");
        } else {
            world.hubspot.edit(ann.h, "firstname", "Anna");
        }
        world.aDayPasses();

        assertThat(world.hubspot.count() + world.contacts.count()).isOne();
        assertThat(where.equals("hubspot") ? sync.hubspotSink.decision(ann.d) : sync.dynamicsSink.decision(ann.h))
                .matches(is(TOMBSTONED));
    }

    // --- conflicts

    @Test
    void b26AConflictIsOnRecordWithItsWinner() {
        Sync sync = twoWay().defaultApp("hubspot");
        Pair ann = linked(ANN, "Ann");

        world.hubspot.edit(ann.h, "firstname", "Anna");
        world.contacts.edit(ann.d, "firstname", "Annie");
        world.settle();

        assertThat(sync.dynamicsSink.decisions())
                .filteredOn(decision -> !decision.outcome().conflicts().isEmpty())
                .singleElement()
                .satisfies(decision -> {
                    assertThat(decision.sourceId()).isEqualTo(ann.h);
                    assertThat(decision.outcome().conflicts()).containsEntry("firstname~firstname", "hubspot");
                });
    }

    @ParameterizedTest
    @CsvSource({"hubspot,hubspot", "hubspot,dynamics", "dynamics,hubspot", "dynamics,dynamics"})
    void b29WhereTheDefaultAppsFieldHasNoValueNothingIsDeletedFromTheOtherApp(String defaultApp, String cleared) {
        Sync sync = twoWay().defaultApp(defaultApp);
        Pair ann = linked(ANN, "Ann");

        if (cleared.equals("hubspot")) {
            world.hubspot.edit(ann.h, "firstname", "");
        } else {
            world.contacts.edit(ann.d, "firstname", "");
        }
        world.aDayPasses();

        assertThat(
                        cleared.equals("hubspot")
                                ? world.contacts.get(ann.d, "firstname")
                                : world.hubspot.get(ann.h, "firstname"))
                .isEqualTo("Ann");
        assertThat(
                        cleared.equals("hubspot")
                                ? world.hubspot.get(ann.h, "firstname")
                                : world.contacts.get(ann.d, "firstname"))
                .as("nor is the clear undone")
                .isEmpty();
        assertThat(cleared.equals("hubspot") ? sync.dynamicsSink.decisions(ann.h) : sync.hubspotSink.decisions(ann.d))
                .contains(HELD);
    }

    @Test
    void b29BlanksAreNoValueEither() {
        twoWay().defaultApp("hubspot");
        String h = world.hubspot.create("email", ANN, "firstname", "   ");
        String d = world.contacts.create("emailaddress1", ANN, "firstname", "Ann");

        world.settle();

        assertThat(world.contacts.get(d, "firstname")).isEqualTo("Ann");
        assertThat(world.hubspot.get(h, "firstname")).isEqualTo("Ann");
    }

    @Test
    void b29AConflictWithAnEmptyDefaultAppGoesToTheOtherSide() {
        twoWay().defaultApp("hubspot");
        Pair ann = linked(ANN, "Ann");

        world.hubspot.edit(ann.h, "firstname", "");
        world.contacts.edit(ann.d, "firstname", "Anna");
        world.settle();

        assertThat(world.contacts.get(ann.d, "firstname")).isEqualTo("Anna");
        assertThat(world.hubspot.get(ann.h, "firstname")).isEqualTo("Anna");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hubspot", "dynamics"})
    void b30TheDefaultAppDoesNotChangeTheDirection(String defaultApp) {
        world.sync("hubspot-to-dynamics").defaultApp(defaultApp);
        String h = world.hubspot.create("email", ANN, "firstname", "Dave");
        String d = world.contacts.create("emailaddress1", ANN, "firstname", "David");

        world.settle();

        assertThat(world.hubspot.get(h, "firstname")).isEqualTo("Dave");
        assertThat(world.contacts.get(d, "firstname")).isEqualTo("Dave");
        assertThat(world.writesTo("hubspot")).isZero();
    }

    // --- running it

    @Test
    void b32AChangedMappingReevaluatesAllRecordsWithoutOverwritingNewerEdits() {
        Sync sync = twoWay().withSinks("transforms.map.mapping.remove", "jobtitle,city");
        Pair ann = linked(ANN, "Ann");
        world.hubspot.edit(ann.h, "jobtitle", "Judge");
        world.contacts.edit(ann.d, "address1_city", "Oslo");
        world.settle();
        assertThat(world.contacts.get(ann.d, "jobtitle")).isEmpty();

        sync.off();
        world.contacts.edit(ann.d, "firstname", "Anna");
        sync.on();
        sync.withSinks("transforms.map.mapping.remove", "city");
        world.settle();
        assertThat(world.contacts.get(ann.d, "jobtitle"))
                .as("no sweep is needed")
                .isEqualTo("Judge");
        assertThat(world.hubspot.get(ann.h, "city")).isEmpty();
        assertThat(world.hubspot.get(ann.h, "firstname")).isEqualTo("Anna");

        sync.withSinks("transforms.map.mapping.remove", "");
        world.settle();
        assertThat(world.hubspot.get(ann.h, "city")).isEqualTo("Oslo");
        assertThat(world.hubspot.get(ann.h, "firstname")).isEqualTo("Anna");
        assertThat(world.contacts.get(ann.d, "firstname")).isEqualTo("Anna");
    }

    @Test
    void b33TheFirstImportGoesFromDynamicsIntoHubSpotFirst() {
        twoWay();
        for (int i = 0; i < 5; i++) {
            world.hubspot.create("email", "h" + i + "@example.com");
            world.contacts.create("emailaddress1", "d" + i + "@example.com");
        }
        world.hubspot.create("email", ANN, "firstname", "Ann");
        world.contacts.create("emailaddress1", ANN, "lastname", "Berg");

        world.settle();

        List<String> apps = world.writes().stream().map(World.Write::app).toList();
        assertThat(apps.indexOf("dynamics")).isGreaterThan(apps.indexOf("hubspot"));
        assertThat(apps.subList(0, apps.indexOf("dynamics"))).containsOnly("hubspot");
        assertThat(world.contacts.idsWith(ANN)).hasSize(1);
        assertThat(world.hubspot.count()).isEqualTo(11);
        assertThat(world.contacts.count()).isEqualTo(11);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void b34TheFirstImportGoesOnAfterACrashWithoutDuplicates(int write) {
        Sync sync = twoWay().withSinks("transforms.email.on.invalid", "pass");
        for (int i = 0; i < 5; i++) {
            world.hubspot.create("email", "h" + i + "@example.com");
            world.contacts.create("emailaddress1", "d" + i + "@example.com");
        }
        world.hubspot.create("email", ANN, "firstname", "Ann");
        world.contacts.create("emailaddress1", ANN, "lastname", "Berg");
        world.contacts.create("firstname", "Nobody");
        world.crashAfterWrites(write);

        world.settle();

        assertThat(world.hubspot.count()).isEqualTo(12);
        assertThat(world.contacts.count()).isEqualTo(12);
        assertThat(world.hubspot.get(world.hubspot.idOf(ANN), "lastname")).isEqualTo("Berg");
        assertThat(sync.hubspotSink.failure()).isNull();
        assertThat(sync.dynamicsSink.failure()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hubspot", "dynamics"})
    void b35AfterThatAChangeIsOnTheOtherSideWithinTenMinutes(String edited) {
        world.close();
        world = World.withSearchLag(Duration.ofSeconds(30));
        twoWay();
        Pair ann = linked(ANN, "Ann");

        long start = world.now();
        if (edited.equals("hubspot")) {
            world.hubspot.edit(ann.h, "firstname", "Anna");
        } else {
            world.contacts.edit(ann.d, "firstname", "Anna");
        }
        while (!(world.hubspot.get(ann.h, "firstname").equals("Anna")
                && world.contacts.get(ann.d, "firstname").equals("Anna"))) {
            world.step();
            assertThat(world.now() - start).isLessThan(Duration.ofMinutes(2).toMillis());
        }
    }

    @Test
    void b36AndB37TurnedOffNothingIsWrittenAndTurnedOnAgainItResumes() {
        Sync sync = twoWay();
        Pair ann = linked(ANN, "Ann");
        Pair ben = linked(BEN, "Ben");
        Pair eve = linked(EVE, "Eve");
        world.contacts.delete(eve.d);
        world.settle();

        sync.off();
        int before = world.writes().size();
        world.hubspot.edit(ann.h, "firstname", "Anna");
        world.contacts.edit(ann.d, "jobtitle", "Judge");
        world.contacts.edit(ben.d, "firstname", "Benno");
        world.hubspot.create("email", "zoe@example.com");
        world.settle();
        assertThat(world.writes()).hasSize(before);
        assertThat(world.contacts.get(ann.d, "firstname")).isEqualTo("Ann");

        sync.on();
        world.settle();
        assertThat(world.contacts.get(ann.d, "firstname")).isEqualTo("Anna");
        assertThat(world.hubspot.get(ann.h, "jobtitle")).isEqualTo("Judge");
        assertThat(world.hubspot.get(ben.h, "firstname")).isEqualTo("Benno");
        assertThat(world.contacts.idsWith("zoe@example.com")).hasSize(1);
        assertThat(world.contacts.idsWith(EVE)).as("what was deleted stays so").isEmpty();
        assertThat(world.hubspot.count()).isEqualTo(4);
    }

    // --- other promises

    @Test
    void ofSeveralDynamicsRowsWithOneAddressOnlyTheFirstLinkedOneSyncs() {
        Sync sync = twoWay();
        String first = world.contacts.create("emailaddress1", ANN, "firstname", "Ann");
        world.settle();
        String second = world.contacts.create("emailaddress1", ANN, "firstname", "Annabel");
        world.settle();

        world.hubspot.edit(world.hubspot.idOf(ANN), "city", "Oslo");
        world.contacts.edit(second, "jobtitle", "Impostor");
        world.settle();

        assertThat(world.contacts.get(first, "address1_city")).isEqualTo("Oslo");
        assertThat(world.contacts.get(second, "address1_city")).isEmpty();
        assertThat(world.hubspot.get(world.hubspot.idOf(ANN), "jobtitle")).isEmpty();
        assertThat(world.hubspot.get(world.hubspot.idOf(ANN), "firstname")).isEqualTo("Ann");
        assertThat(sync.hubspotSink.decision(second)).matches(is(DUPLICATE));
    }

    @Test
    void whatIsAtRestStaysAtRest() {
        Sync sync = twoWay();
        linked(ANN, "Ann");
        linked(BEN, "Ben");
        int before = world.writes().size();

        sync.hubspotSink.again();
        sync.dynamicsSink.again();
        world.aDayPasses();

        assertThat(world.writes()).hasSize(before);
        assertThat(sync.hubspotSink.decisions()).last().matches(d -> d.outcome().kind() == UNCHANGED);
    }
}
