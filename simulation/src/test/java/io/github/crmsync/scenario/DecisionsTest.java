package io.github.crmsync.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was decided where the documents of HubSpot's own sync are silent or disagree, see docs/sync-semantics.md. */
class DecisionsTest {
    private static final String ANN = "ann@example.com";
    private static final String BEN = "ben@example.com";

    private final World world = new World();
    private final Sync sync = world.sync("two-way-contacts");

    @AfterEach
    void close() {
        world.close();
    }

    private String inHubSpot(String email, String... more) {
        List<String> fields = new ArrayList<>(List.of("email", email));
        fields.addAll(List.of(more));
        return world.hubspot.create(fields.toArray(String[]::new));
    }

    private static void assertDecision(Outcome outcome, Kind kind, String detail) {
        assertThat(outcome.kind()).isEqualTo(kind);
        assertThat(outcome.detail()).isEqualTo(detail);
    }

    @Test
    void aFieldClearedOnOneSideIsHeldAndNextToItAFieldThatMayBeClearedIsEmptied() {
        sync.withSinks("transforms.merge.propagate.clears", "jobtitle~jobtitle");
        String h = inHubSpot(ANN, "city", "Oslo", "jobtitle", "Judge");
        world.settle();
        String d = world.contacts.idOf(ANN);

        world.hubspot.edit(h, "city", "", "jobtitle", "");
        world.aDayPasses();

        assertThat(world.contacts.get(d, "address1_city"))
                .as("not carried over")
                .isEqualTo("Oslo");
        assertThat(world.hubspot.get(h, "city")).as("nor undone").isEmpty();
        assertThat(world.contacts.get(d, "jobtitle")).isEmpty();
    }

    @Test
    void turningOnAgainResumesFromTheLedgerAndOverwritesNobodysValues() {
        String h = inHubSpot(ANN, "city", "Oslo");
        world.settle();
        String d = world.contacts.idOf(ANN);
        sync.off();
        world.contacts.edit(d, "address1_city", "Bergen");

        sync.hubspotSource.forgetOffset();
        sync.dynamicsSource.forgetOffset();
        sync.on();
        world.settle();

        assertThat(world.contacts.get(d, "address1_city")).isEqualTo("Bergen");
        assertThat(world.hubspot.get(h, "city")).as("not a conflict").isEqualTo("Bergen");
    }

    private void filter(String onLeave) {
        sync.dynamicsSink.configure(
                "transforms", "filter,email,map,merge",
                "transforms.filter.type", "io.github.crmsync.transforms.SyncFilter",
                "transforms.filter.filter.expression", "record.country == 'NL'",
                "transforms.filter.on.leave", onLeave);
    }

    @Test
    void aRecordThatLeavesTheFilterIsExcludedInBothDirectionsUntilItComesBack() {
        filter("excluded");
        String h = inHubSpot(ANN, "country", "NL");
        world.settle();
        String d = world.contacts.idOf(ANN);

        world.hubspot.edit(h, "country", "NO", "city", "Oslo");
        world.settle();
        assertThat(world.contacts.get(d, "address1_city")).isEmpty();
        assertDecision(sync.dynamicsSink.decision(h), Kind.EXCLUDED, "filter");
        world.contacts.edit(d, "jobtitle", "Judge");
        world.settle();
        assertThat(world.hubspot.get(h, "jobtitle")).isEmpty();

        world.hubspot.edit(h, "country", "NL");
        world.aDayPasses();
        assertThat(world.contacts.get(d, "address1_city")).isEqualTo("Oslo");
        assertThat(world.hubspot.get(h, "jobtitle")).isEqualTo("Judge");
        assertThat(world.contacts.count()).isOne();
    }

    @Test
    void withAStickyFilterALinkedRecordGoesOnAndAnUnlinkedOneStaysOut() {
        filter("sticky");
        String h = inHubSpot(ANN, "country", "NL");
        inHubSpot(BEN, "country", "NO");
        world.settle();
        String d = world.contacts.idOf(ANN);
        assertThat(world.contacts.idsWith(BEN)).isEmpty();

        world.hubspot.edit(h, "country", "NO", "city", "Oslo");
        world.settle();

        assertThat(world.contacts.get(d, "address1_city")).isEqualTo("Oslo");
    }

    @Test
    void anAddressThatIsChangedOrEmptiedLeavesTheLinkAsItIs() {
        String h = inHubSpot(ANN);
        world.settle();
        String d = world.contacts.idOf(ANN);

        world.hubspot.edit(h, "email", BEN);
        world.settle();
        assertThat(world.contacts.get(d, "emailaddress1")).isEqualTo(BEN);

        world.contacts.edit(d, "emailaddress1", "");
        world.hubspot.edit(h, "city", "Oslo");
        world.settle();
        assertThat(world.contacts.get(d, "address1_city")).isEqualTo("Oslo");
        world.contacts.edit(d, "jobtitle", "Judge");
        world.settle();
        assertThat(world.hubspot.get(h, "jobtitle")).isEqualTo("Judge");
        assertThat(world.hubspot.count()).isOne();
        assertThat(world.contacts.count()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hubspot", "dynamics"})
    void twoContactsThatSwapTheirAddressesKeepTheirLinks(String where) {
        String ann = inHubSpot(ANN, "firstname", "Ann");
        String ben = inHubSpot(BEN, "firstname", "Ben");
        world.settle();
        String annInDynamics = world.contacts.idOf(ANN);
        String benInDynamics = world.contacts.idOf(BEN);

        if (where.equals("hubspot")) {
            world.hubspot.edit(ann, "email", "else@example.com");
            world.hubspot.edit(ben, "email", ANN);
            world.hubspot.edit(ann, "email", BEN);
        } else {
            world.contacts.edit(annInDynamics, "emailaddress1", BEN);
            world.contacts.edit(benInDynamics, "emailaddress1", ANN);
        }
        world.aDayPasses();
        world.hubspot.edit(ann, "city", "Oslo");
        world.settle();

        assertThat(world.contacts.get(annInDynamics, "firstname")).isEqualTo("Ann");
        assertThat(world.contacts.get(annInDynamics, "address1_city")).isEqualTo("Oslo");
        assertThat(world.contacts.get(benInDynamics, "firstname")).isEqualTo("Ben");
        assertThat(world.hubspot.count()).isEqualTo(2);
        assertThat(world.contacts.count()).isEqualTo(2);
        if (where.equals("hubspot")) {
            assertThat(world.contacts.get(annInDynamics, "emailaddress1")).isEqualTo(BEN);
            assertThat(world.contacts.get(benInDynamics, "emailaddress1")).isEqualTo(ANN);
        } else {
            // HubSpot takes no address that another contact has: it is reported, and nothing else is held back.
            assertThat(sync.hubspotSink.deadLetters()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoDynamicsRowsWithOneAddressTheFirstLinkedWinsAndTheOtherIsExcluded(boolean inOneBatch) {
        String first = world.contacts.create("emailaddress1", ANN, "firstname", "Ann");
        if (!inOneBatch) {
            world.settle();
        } else {
            world.pass(Duration.ofSeconds(2));
        }
        String second = world.contacts.create("emailaddress1", ANN, "firstname", "Annabel");

        world.aDayPasses();

        assertThat(world.hubspot.count()).isOne();
        List<Kind> kinds = List.of(
                sync.hubspotSink.decision(first).kind(),
                sync.hubspotSink.decision(second).kind());
        assertThat(kinds).containsOnlyOnce(Kind.DUPLICATE);
        String duplicate = kinds.get(0) == Kind.DUPLICATE ? first : second;
        String linked = duplicate.equals(first) ? second : first;
        world.hubspot.edit(world.hubspot.idOf(ANN), "city", "Oslo");
        world.settle();
        assertThat(world.contacts.get(linked, "address1_city")).isEqualTo("Oslo");
        assertThat(world.contacts.get(duplicate, "address1_city")).isEmpty();
    }

    @Test
    void whenTwoHubSpotContactsAreMergedTheLosersLinkGoesToTheWinner() {
        String loser = inHubSpot(ANN, "firstname", "Ann");
        world.settle();
        String d = world.contacts.idOf(ANN);
        sync.dynamicsSink.off();
        String winner = inHubSpot(BEN, "city", "Oslo");
        String survivor = world.hubspot.merge(winner, loser);
        sync.dynamicsSink.on();
        world.settle();

        world.hubspot.edit(survivor, "jobtitle", "Judge");
        world.settle();

        assertThat(world.contacts.count()).isOne();
        assertThat(world.contacts.get(d, "jobtitle")).isEqualTo("Judge");
    }

    @Test
    void whenTheWinnerOfAMergeHasALinkTheLosersLinkEnds() {
        String loser = inHubSpot(ANN, "firstname", "Ann");
        String winner = inHubSpot(BEN, "firstname", "Ben");
        world.settle();
        String losersRow = world.contacts.idOf(ANN);
        String winnersRow = world.contacts.idOf(BEN);

        String survivor = world.hubspot.merge(winner, loser);
        world.settle();
        world.hubspot.edit(survivor, "jobtitle", "Judge");
        world.contacts.edit(losersRow, "jobtitle", "Retired");
        world.aDayPasses();

        assertThat(world.contacts.count()).isEqualTo(2);
        assertThat(world.contacts.get(losersRow, "jobtitle")).isEqualTo("Retired");
        List<String> judges = List.of(losersRow, winnersRow).stream()
                .filter(id -> world.contacts.get(id, "jobtitle").equals("Judge"))
                .toList();
        assertThat(judges).containsExactly(winnersRow);
        assertThat(world.hubspot.count()).isOne();
    }

    @Test
    void whenADeletedContactIsRestoredItsLinkOpensAgain() {
        String h = inHubSpot(ANN, "firstname", "Ann");
        world.settle();
        String d = world.contacts.idOf(ANN);
        world.hubspot.delete(h);
        world.settle();
        world.contacts.edit(d, "jobtitle", "Judge");
        world.settle();

        world.hubspot.restore(h);
        world.hubspot.edit(h, "city", "Oslo");
        world.aDayPasses();

        assertThat(world.contacts.get(d, "address1_city")).isEqualTo("Oslo");
        assertThat(world.hubspot.get(h, "jobtitle")).isEqualTo("Judge");
        assertThat(world.contacts.count()).isOne();
        assertThat(world.hubspot.count()).isOne();
    }
}
