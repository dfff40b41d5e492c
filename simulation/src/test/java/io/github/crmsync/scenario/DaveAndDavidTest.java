package io.github.crmsync.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * HubSpot says Dave, Dynamics says David: the example of HubSpot's own page, with the configurations of config-examples, for both
 * default apps and whichever app is read first.
 */
class DaveAndDavidTest {
    private static final String EMAIL = "dave@example.com";

    private final World world = new World();
    private final Sync sync = world.sync("two-way-contacts");

    @AfterEach
    void close() {
        world.close();
    }

    /** Without the order of a first import, whoever is read first arrives first. */
    private void begin(String defaultApp, String firstRead) {
        sync.defaultApp(defaultApp).withSinks("wait.for.first.import", "false");
        Source second = firstRead.equals("hubspot") ? sync.dynamicsSource : sync.hubspotSource;
        second.off();
        world.step();
        world.step();
        second.on();
        world.settle();
    }

    @ParameterizedTest
    @CsvSource({"hubspot,hubspot,Dave", "hubspot,dynamics,Dave", "dynamics,hubspot,David", "dynamics,dynamics,David"})
    void theDefaultAppsFirstNameIsOnBothSides(String defaultApp, String firstRead, String expected) {
        String dave = world.hubspot.create("email", EMAIL, "firstname", "Dave");
        String david = world.contacts.create("emailaddress1", EMAIL, "firstname", "David");

        begin(defaultApp, firstRead);

        assertThat(world.hubspot.get(dave, "firstname")).isEqualTo(expected);
        assertThat(world.contacts.get(david, "firstname")).isEqualTo(expected);
        assertThat(world.hubspot.count()).isOne();
        assertThat(world.contacts.count()).isOne();
    }

    @ParameterizedTest
    @CsvSource({"hubspot,hubspot", "hubspot,dynamics", "dynamics,hubspot", "dynamics,dynamics"})
    void anEmptyFirstNameInTheDefaultAppIsFilledFromTheOtherOne(String defaultApp, String firstRead) {
        boolean hubspot = defaultApp.equals("hubspot");
        String dave = world.hubspot.create("email", EMAIL, "firstname", hubspot ? "" : "Dave");
        String david = world.contacts.create("emailaddress1", EMAIL, "firstname", hubspot ? "David" : "");

        begin(defaultApp, firstRead);

        String expected = hubspot ? "David" : "Dave";
        assertThat(world.hubspot.get(dave, "firstname")).isEqualTo(expected);
        assertThat(world.contacts.get(david, "firstname")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"hubspot,hubspot,Dave", "hubspot,dynamics,Dave", "dynamics,hubspot,David", "dynamics,dynamics,David"})
    void editsOfBothSidesGoToTheDefaultAppToo(String defaultApp, String firstEdited, String expected) {
        String dave = world.hubspot.create("email", EMAIL, "firstname", "D.");
        String david = world.contacts.create("emailaddress1", EMAIL, "firstname", "D.");
        begin(defaultApp, "hubspot");

        if (firstEdited.equals("hubspot")) {
            world.hubspot.edit(dave, "firstname", "Dave");
            world.contacts.edit(david, "firstname", "David");
        } else {
            world.contacts.edit(david, "firstname", "David");
            world.hubspot.edit(dave, "firstname", "Dave");
        }
        world.settle();

        assertThat(world.hubspot.get(dave, "firstname")).isEqualTo(expected);
        assertThat(world.contacts.get(david, "firstname")).isEqualTo(expected);
    }
}
