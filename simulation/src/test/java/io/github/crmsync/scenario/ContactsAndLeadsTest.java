package io.github.crmsync.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.Outcome.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B8b: contacts and leads side by side, as two syncs of which the leads' yields to the contacts'. */
class ContactsAndLeadsTest {
    private static final String ANN = "ann@example.com";
    private static final String BEN = "ben@example.com";

    private final World world = new World();
    private final Sync contacts = world.sync("two-way-contacts");
    private final Sync leads = world.sync("two-way-leads", "leads-");

    @BeforeEach
    void sideBySide() {
        leads.with("link.property", "dynamics_lead_id").withSinks("yield.to.syncs", "contacts");
        leads.hubspotSource.configure("topic", "crm.hubspot.contacts.for.leads");
        leads.dynamicsSink.configure("topics", "crm.hubspot.contacts.for.leads");
        // Whom HubSpot calls a lead becomes one in Dynamics, too; all others become contacts.
        only(leads, "record.lifecyclestage == 'lead'");
        only(contacts, "record.lifecyclestage != 'lead'");
        leads.hubspotSink.configure("transforms.stage.stage.value", "lead");
        contacts.hubspotSink.configure(
                "transforms.stage.stage.value", "customer", "transforms.stage.stage.on.update", "promote");
    }

    private static void only(Sync sync, String stage) {
        sync.dynamicsSink.configure(
                "transforms", "filter,email,map,merge",
                "transforms.filter.type", "io.github.crmsync.transforms.SyncFilter",
                "transforms.filter.filter.expression", stage,
                "transforms.filter.on.leave", "sticky");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void eachHasItsOwnRecords() {
        world.leads.create("emailaddress1", ANN, "firstname", "Ann");
        world.contacts.create("emailaddress1", BEN, "firstname", "Ben");
        world.hubspot.create("email", "new.lead@example.com", "lifecyclestage", "lead");
        world.hubspot.create("email", "new.customer@example.com", "lifecyclestage", "customer");
        world.settle();

        assertThat(world.hubspot.count()).isEqualTo(4);
        assertThat(world.leads.count()).isEqualTo(2);
        assertThat(world.contacts.count()).isEqualTo(2);
        String ann = world.hubspot.idOf(ANN);
        assertThat(world.hubspot.get(ann, "lifecyclestage")).isEqualTo("lead");

        world.hubspot.edit(ann, "city", "Oslo");
        world.hubspot.edit(world.hubspot.idOf(BEN), "city", "Bergen");
        world.settle();

        assertThat(world.leads.get(world.leads.idOf(ANN), "address1_city")).isEqualTo("Oslo");
        assertThat(world.contacts.get(world.contacts.idOf(BEN), "address1_city"))
                .isEqualTo("Bergen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"contacts", "leads"})
    void whereBothHaveAnAddressTheHubSpotContactGoesWithTheDynamicsContactAndTheLeadIsExcluded(String first) {
        String h = world.hubspot.create("email", ANN, "firstname", "Ann", "lifecyclestage", "lead");
        String lead = world.leads.create("emailaddress1", ANN, "firstname", "Ann");
        Sync later = first.equals("contacts") ? leads : contacts;
        later.off();
        String contact = world.contacts.create("emailaddress1", ANN, "firstname", "Ann");
        world.settle();
        later.on();
        world.settle();

        world.contacts.edit(contact, "jobtitle", "Judge");
        world.leads.edit(lead, "jobtitle", "Impostor");
        world.hubspot.edit(h, "city", "Oslo");
        world.settle();

        assertThat(world.hubspot.get(h, "jobtitle")).isEqualTo("Judge");
        assertThat(world.contacts.get(contact, "address1_city")).isEqualTo("Oslo");
        assertThat(world.leads.get(lead, "address1_city")).isEmpty();
        assertThat(leads.hubspotSink.decision(lead).kind()).isIn(Kind.EXCLUDED, Kind.DUPLICATE);
        assertThat(leads.dynamicsSink.decision(h).detail()).isEqualTo("other-sync");
        assertThat(world.hubspot.count()).isOne();
        assertThat(world.leads.count()).isOne();
        assertThat(world.contacts.count()).isOne();
    }

    @Test
    void whenALeadIsQualifiedItsHubSpotContactGoesOnWithTheContactThatCameOfIt() {
        String lead = world.leads.create("emailaddress1", ANN, "firstname", "Ann");
        world.settle();
        String h = world.hubspot.idOf(ANN);
        world.hubspot.edit(h, "city", "Oslo");
        world.settle();

        String contact = world.leads.qualify(lead);
        world.settle();
        world.contacts.edit(contact, "jobtitle", "Judge");
        world.hubspot.edit(h, "firstname", "Anna");
        world.settle();

        assertThat(world.hubspot.get(h, "jobtitle")).isEqualTo("Judge");
        assertThat(world.hubspot.get(h, "lifecyclestage")).isEqualTo("customer");
        assertThat(world.contacts.get(contact, "firstname")).isEqualTo("Anna");
        assertThat(world.leads.get(lead, "firstname")).isEqualTo("Ann");
        assertThat(world.hubspot.count()).isOne();
        assertThat(world.contacts.count()).isOne();
    }
}
