package io.github.crmsync.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.LeftOut;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stops a sync before it does harm. */
class BrakesTest {
    private static final String ANN = "ann@example.com";

    private final World world = new World();
    private final Sync sync = world.sync("two-way-contacts");

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aCapOnCreationsStopsTheTaskBeforeABlastAndARestartForgetsNothing() {
        sync.dynamicsSink.configure("max.creates.per.day", "2");
        sync.dynamicsSink.allowedToFail();
        world.hubspot.create("email", "a@example.com");
        world.hubspot.create("email", "b@example.com");
        world.settle();
        assertThat(world.contacts.count()).isEqualTo(2);

        world.hubspot.create("email", "c@example.com");
        world.settle();
        assertThat(sync.dynamicsSink.failure())
                .contains("max.creates.per.day")
                .contains("nothing of the batch was written");

        sync.dynamicsSink.on();
        world.settle();
        assertThat(sync.dynamicsSink.failure()).contains("max.creates.per.day");
        assertThat(world.contacts.count()).isEqualTo(2);

        // Writes are counted by the hour: the last of them counts until its whole hour is a day old.
        world.pass(Duration.ofHours(25));
        sync.dynamicsSink.on();
        world.settle();
        assertThat(world.contacts.count()).isEqualTo(3);
    }

    @Test
    void aCapOnChangesStopsTheTaskAndRaisingItLetsItGoOn() {
        sync.dynamicsSink.configure("max.updates.per.day", "1");
        sync.dynamicsSink.allowedToFail();
        String h = world.hubspot.create("email", ANN, "firstname", "Ann");
        world.settle();
        String d = world.contacts.idOf(ANN);
        world.hubspot.edit(h, "firstname", "Anna");
        world.settle();
        assertThat(world.contacts.get(d, "firstname")).isEqualTo("Anna");

        world.hubspot.edit(h, "firstname", "Anne");
        world.settle();
        assertThat(sync.dynamicsSink.failure()).contains("max.updates.per.day");
        assertThat(world.contacts.get(d, "firstname")).isEqualTo("Anna");

        sync.dynamicsSink.configure("max.updates.per.day", "10");
        sync.dynamicsSink.on();
        world.settle();
        assertThat(world.contacts.get(d, "firstname")).isEqualTo("Anne");
    }

    @Test
    void aFieldThatAWorkflowInEachAppKeepsRewritingIsLeftAlone() {
        sync.withSinks("loop.limit.writes", "3", "loop.window.ms", "7200000");
        String h = world.hubspot.create("email", ANN, "jobtitle", "judge");
        world.settle();
        String d = world.contacts.idOf(ANN);

        for (int i = 0; i < 6; i++) {
            String inHubspot = world.hubspot.get(h, "jobtitle");
            if (!inHubspot.equals(inHubspot.toUpperCase(Locale.ROOT))) {
                world.hubspot.edit(h, "jobtitle", inHubspot.toUpperCase(Locale.ROOT));
            }
            world.settle();
            String inDynamics = world.contacts.get(d, "jobtitle");
            if (!inDynamics.equals(inDynamics.toLowerCase(Locale.ROOT))) {
                world.contacts.edit(d, "jobtitle", inDynamics.toLowerCase(Locale.ROOT));
            }
            world.settle();
        }
        assertThat(world.writes()).hasSizeLessThan(9);
        assertThat(sync.dynamicsSink.decisions())
                .flatExtracting(decision -> decision.outcome().leftOut())
                .extracting(LeftOut::why)
                .contains(LeftOut.Why.STOPPED);

        world.hubspot.edit(h, "city", "Oslo");
        world.settle();
        assertThat(world.contacts.get(d, "address1_city"))
                .as("other fields go on")
                .isEqualTo("Oslo");
    }

    @Test
    void optionsAreTranslatedBothWaysAndAnUnknownOneIsReportedWithTheKnownOnes() {
        world.hubspot.addOptions("contact_channel", "any", "Any", "mail", "Mail", "phone", "Phone", "fax", "Fax");
        sync.hubspotSource.configure("properties", "email,firstname,contact_channel");
        sync.withSinks(
                "transforms.map.mapping.add", "contact_channel<->preferredcontactmethodcode",
                "transforms.map.options.contact_channel", "any=1;mail=2;phone=3");
        String h = world.hubspot.create("email", ANN, "contact_channel", "mail");
        world.settle();
        String d = world.contacts.idOf(ANN);
        assertThat(world.contacts.get(d, "preferredcontactmethodcode")).isEqualTo("2");

        world.contacts.edit(d, "preferredcontactmethodcode", "3");
        world.settle();
        assertThat(world.hubspot.get(h, "contact_channel")).isEqualTo("phone");

        world.hubspot.edit(h, "contact_channel", "fax");
        world.settle();
        assertThat(sync.dynamicsSink.deadLetters())
                .singleElement()
                .asString()
                .contains("contact_channel")
                .contains("any, mail, phone")
                .doesNotContain("fax");
        assertThat(world.contacts.get(d, "preferredcontactmethodcode")).isEqualTo("3");
    }
}
