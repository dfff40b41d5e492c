package io.github.crmsync.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The races and crashes for which each rule of the sync protocol is there, as fixed schedules of both sinks' real tasks. Random
 * histories come across some of them once in ten thousand runs.
 */
class ProtocolHistoriesTest {
    private static final String NAME = "name";
    private static final Scenario WITHOUT_LINK_PROPERTY =
            new Scenario("without link property", true, true, false, false, true, false, false, 1, 0, Set.of());

    private TwoSinks sinks = new TwoSinks("hubspot", Scenario.TINY);
    private Crm.Row contact;
    private Crm.Row row;

    private static Map<String, String> person(String name, String phone, String email) {
        Map<String, String> person = new LinkedHashMap<>();
        person.put(NAME, name);
        person.put("phone", phone);
        person.put(Crm.EMAIL, email);
        return person;
    }

    /** A linked contact and row of this name, both at rest. */
    private void pair(String name) {
        contact = sinks.hubspot.create(null, person(name, "1", "ann@x"), null);
        row = sinks.dynamics.create(null, person(name, "1", "ann@x"), null);
        sinks.settle();
    }

    /** Somebody types into a field of the contact. */
    private void inHubspot(String field, String value) {
        sinks.hubspot.update(contact, Map.of(field, value), null);
    }

    /** Somebody types into a field of the row. */
    private void inDynamics(String field, String value) {
        sinks.dynamics.update(row, Map.of(field, value), null);
    }

    private void assertBoth(String name) {
        assertThat(contact.value(NAME)).as("in HubSpot").isEqualTo(name);
        assertThat(row.value(NAME)).as("in Dynamics").isEqualTo(name);
    }

    @Test
    void r1AnEditDuringTheOtherSinksWriteWaitsUntilThatWriteIsAgreed() {
        pair("b");
        inDynamics(NAME, "x");
        sinks.poll(sinks.dynamics);
        sinks.toHubspot.at("was updated", () -> {
            inHubspot(NAME, "b");
            sinks.poll(sinks.hubspot);
            sinks.toDynamics.run();
            assertThat(sinks.toDynamics.lastDecision()).isEqualTo(Kind.PARKED);
        });
        sinks.toHubspot.run();

        sinks.settle();

        assertBoth("b");
    }

    @Test
    void r2OfTwoSinksThatWantOneContactTheFirstInTheLedgerGetsIt() {
        contact = sinks.hubspot.create(null, person("a", "1", "ann@x"), null);
        sinks.poll(sinks.hubspot);
        sinks.toDynamics.at(
                "was found",
                () -> sinks.toDynamics.at("ledger append", () -> {
                    row = sinks.dynamics.create(null, person("a", "2", "ann@x"), null);
                    sinks.poll(sinks.dynamics);
                    sinks.toHubspot.run();
                }));
        sinks.toDynamics.run();

        sinks.settle();

        assertThat(sinks.dynamics.rows).containsOnlyKeys(row.id);
        assertThat(sinks.hubspot.rows).containsOnlyKeys(contact.id);
        assertThat(row.value("phone")).isEqualTo(contact.value("phone"));
    }

    @Test
    void r3AMatchThatIsNotALinkYetIsFoundByTheContactThatItIsAbout() {
        contact = sinks.hubspot.create(null, person("a", "", "ann@x"), null);
        row = sinks.dynamics.create(null, person("a", "2", "ann@x"), null);
        sinks.poll(sinks.hubspot);
        sinks.poll(sinks.dynamics);
        sinks.toHubspot.at("update", () -> {
            // By its address nobody finds the row any more.
            inDynamics(Crm.EMAIL, "anna@x");
            sinks.toDynamics.run();
            assertThat(sinks.toDynamics.lastDecision()).isEqualTo(Kind.PARKED);
        });
        sinks.toHubspot.run();

        sinks.settle();

        assertThat(sinks.dynamics.rows).containsOnlyKeys(row.id);
        assertThat(contact.value(Crm.EMAIL)).isEqualTo("anna@x");
    }

    @Test
    void r4AnAgreementWithoutAWriteIsALockAsWell() {
        pair("b");
        inHubspot(NAME, "");
        inDynamics(NAME, "");
        sinks.poll(sinks.dynamics);
        // Read twice, and about to be recorded.
        sinks.toHubspot.at(
                "was read",
                () -> sinks.toHubspot.at("was read", () -> {
                    inHubspot(NAME, "b");
                    sinks.poll(sinks.hubspot);
                    sinks.toDynamics.run();
                }));
        sinks.toHubspot.run();

        sinks.settle();
        inDynamics(NAME, "c");
        sinks.settle();

        assertBoth("c");
    }

    @Test
    void r4WhatIsAgreedIsReadOnceMoreUnderTheLock() {
        pair("b");
        inHubspot(NAME, "");
        inDynamics(NAME, "");
        sinks.poll(sinks.dynamics);
        sinks.toHubspot.at("was read", () -> {
            inHubspot(NAME, "b");
            sinks.poll(sinks.hubspot);
            sinks.toDynamics.run();
        });
        sinks.toHubspot.run();

        sinks.settle();
        inDynamics(NAME, "c");
        sinks.settle();

        assertBoth("c");
    }

    @Test
    void r5TheLoserOfAConflictWaitsBecauseTheWinnerMayBeTakenBack() {
        pair("b");
        inHubspot(NAME, "a");
        inDynamics(NAME, "x");
        sinks.poll(sinks.dynamics);
        sinks.toHubspot.run();
        assertThat(sinks.toHubspot.lastDecision()).isEqualTo(Kind.PARKED_CONFLICT);
        inHubspot(NAME, "b");

        sinks.settle();

        assertBoth("x");
    }

    @Test
    void r6AnIntentOfACrashedTaskIsClosedAlthoughItsImageNeverComesAgain() {
        pair("b");
        inHubspot(NAME, "x");
        sinks.poll(sinks.hubspot);
        sinks.toDynamics.crashAt("was updated");
        sinks.toDynamics.run();
        inDynamics(NAME, "y");
        sinks.poll(sinks.dynamics);
        sinks.toHubspot.run();
        assertThat(sinks.toHubspot.lastDecision()).isEqualTo(Kind.PARKED);

        sinks.toDynamics.startAtTheEnd();
        sinks.settle();

        assertThat(sinks.ledger.index().open()).isEmpty();
        assertBoth("y");
    }

    @Test
    void r7ARecoveredWriteIsAgreedAtTheVersionJustRead() {
        pair("b");
        sinks.dynamics.touch(row);
        sinks.poll(sinks.dynamics);
        inHubspot(NAME, "x");
        sinks.poll(sinks.hubspot);
        sinks.toDynamics.crashAt("was updated");
        sinks.toDynamics.run();
        sinks.toDynamics.restart();
        sinks.toDynamics.run();
        sinks.toDynamics.run();

        // The image from before the write.
        sinks.toHubspot.run();
        assertThat(contact.value(NAME)).isEqualTo("x");
        sinks.settle();

        assertBoth("x");
    }

    @Test
    void r8AnImageThatLeftADifferenceIsOldWhenItComesAgain() {
        pair("b");
        inHubspot(NAME, "");
        sinks.poll(sinks.hubspot);
        sinks.toDynamics.run();
        assertThat(sinks.toDynamics.lastDecision()).isEqualTo(Kind.HELD);
        inHubspot(NAME, "b");
        sinks.settle();
        inDynamics(NAME, "");
        sinks.settle();
        int writes = sinks.syncWrites();

        sinks.replayOneByOne();

        assertThat(sinks.syncWrites()).isEqualTo(writes);
        assertThat(row.value(NAME)).isEmpty();
    }

    @Test
    void r9ADuplicateThatIsGoneIsNotCreatedWhenItsImageComesAgain() {
        pair("b");
        Crm.Row twin = sinks.dynamics.create(null, person("twin", "2", "ann@x"), null);
        sinks.settle();
        assertThat(sinks.toHubspot.lastDecision()).isEqualTo(Kind.DUPLICATE);
        sinks.dynamics.delete(twin);
        sinks.dynamics.changed.clear();
        inHubspot(Crm.EMAIL, "anna@x");
        sinks.settle();

        sinks.replayOneByOne();

        assertThat(sinks.hubspot.rows).containsOnlyKeys(contact.id);
    }

    @Test
    void r10ARecordThatWasLinkedMeanwhileIsNoDuplicateOfItsPartner() {
        contact = sinks.hubspot.create(null, person("a", "1", "ann@x"), null);
        row = sinks.dynamics.create(null, person("a", "", "ann@x"), null);
        sinks.poll(sinks.hubspot);
        sinks.poll(sinks.dynamics);
        sinks.toDynamics.at("was found", sinks.toHubspot::run);
        sinks.toDynamics.run();
        assertThat(sinks.toDynamics.decisions).doesNotContain(Kind.DUPLICATE);

        sinks.settle();

        assertThat(row.value("phone")).isEqualTo("1");
    }

    @Test
    void r11AContactOfAnUnknownCreationIsNotCreatedBack() {
        sinks = new TwoSinks("hubspot", WITHOUT_LINK_PROPERTY);
        row = sinks.dynamics.create(null, person("a", "1", "ann@x"), null);
        sinks.poll(sinks.dynamics);
        sinks.toHubspot.at("was created", () -> {
            inDynamics(Crm.EMAIL, "anna@x");
            sinks.poll(sinks.hubspot);
            sinks.toDynamics.run();
            assertThat(sinks.toDynamics.lastDecision()).isEqualTo(Kind.PARKED);
        });
        sinks.toHubspot.run();

        sinks.settle();

        assertThat(sinks.dynamics.rows).containsOnlyKeys(row.id);
        assertThat(sinks.hubspot.rows).hasSize(1);
    }

    @Test
    void r12ASweepTakesUpAnAddressThatWasRefused() {
        pair("b");
        Crm.Row other = sinks.hubspot.create(null, person("c", "3", "cy@x"), null);
        sinks.settle();
        inDynamics(Crm.EMAIL, "cy@x");
        sinks.settle();
        assertThat(contact.value(Crm.EMAIL)).isEqualTo("ann@x");
        sinks.hubspot.update(other, Map.of(Crm.EMAIL, "cyril@x"), null);
        sinks.settle();

        sinks.sweep(sinks.dynamics);
        sinks.settle();

        assertThat(contact.value(Crm.EMAIL)).isEqualTo("cy@x");
    }

    @Test
    void r13AgreementsOfBothSinksAreCountedTogether() {
        sinks = new TwoSinks("dynamics", Scenario.TINY);
        pair("b");
        for (String name : new String[] {"c", "d", "e"}) {
            inHubspot(NAME, name);
            sinks.settle();
        }
        inDynamics(NAME, "y");
        sinks.poll(sinks.dynamics);
        sinks.toHubspot.run();
        // Before anybody reads the echo of y.
        inHubspot(NAME, "z");

        sinks.settle();

        assertBoth("z");
    }

    @Test
    void aWriteThatIsTakenForLandedIsPutRightByTheNextSweep() {
        pair("b");
        inDynamics(NAME, "");
        sinks.poll(sinks.dynamics);
        sinks.toHubspot.run();
        inHubspot(NAME, "x");
        sinks.poll(sinks.hubspot);
        // Read, and the intent is about to be recorded: the old value comes back, and is handled.
        sinks.toDynamics.at("was read", () -> {
            inDynamics(NAME, "b");
            sinks.poll(sinks.dynamics);
            sinks.toHubspot.run();
        });
        sinks.toDynamics.crashAt("update");
        sinks.toDynamics.run();
        sinks.toDynamics.restart();
        sinks.settle();
        assertThat(row.value(NAME)).as("window W2").isNotEqualTo(contact.value(NAME));

        sinks.sweep(sinks.dynamics);
        sinks.settle();

        assertThat(row.value(NAME)).isEqualTo(contact.value(NAME));
        int writes = sinks.syncWrites();
        sinks.replayOneByOne();
        assertThat(sinks.syncWrites()).isEqualTo(writes);
    }

    /** Window W1, and a crash in it. */
    @Test
    void whatSomebodyTypedJustBeforeAWriteIsGivenBackAlsoByTheTaskThatFindsTheWriteAfterACrash() {
        pair("b");
        inDynamics(NAME, "x");
        sinks.poll(sinks.dynamics);
        sinks.toHubspot.at("update", () -> inHubspot(NAME, "u"));
        sinks.toHubspot.crashAt("was updated");
        sinks.toHubspot.run();
        assertThat(contact.value(NAME)).isEqualTo("x");

        sinks.toHubspot.restart();
        sinks.settle();

        assertBoth("u");
    }
}
