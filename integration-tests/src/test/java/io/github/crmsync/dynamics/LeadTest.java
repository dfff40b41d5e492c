package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Leads: qualification, disqualification and what the table asks of a writer. */
class LeadTest {
    private static final Map<String, String> LEADS = Map.of(DynamicsConfig.TABLE, "lead");
    private static final Map<String, String> FOLLOW =
            Map.of(DynamicsConfig.TABLE, "lead", DynamicsSourceConfig.FOLLOW_QUALIFIED, "true");
    private final Environment environment = Environment.open();

    @AfterEach
    void close() {
        environment.close();
    }

    private String lead(String email) {
        return environment.create("lead", Environment.person(email, "Ann"));
    }

    @Test
    void aQualifiedLeadPassesItsLinkOnToTheContact() {
        String lead = lead("a@example.com");
        String other = lead("b@example.com");
        try (SourceRun source = new SourceRun(environment, FOLLOW, null).snapshot()) {
            assertThat(source.ids()).containsExactlyInAnyOrder(lead, other);
            source.forget();
            String contact = environment.qualify(lead, true).get(0);
            source.until(() -> !source.delivered().isEmpty()).rounds(2);
            assertThat(source.ids()).containsExactly(lead + "-");
            assertThat(SourceRun.header(source.delivered().get(0), SyncHeaders.MOVED_TO))
                    .contains(contact);
        }
    }

    @Test
    void aQualificationDuringAGapIsFoundByTheNewReading() {
        String lead = lead("a@example.com");
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(environment, FOLLOW, null).snapshot()) {
            offset = source.offset();
        }
        String contact = environment.qualify(lead, true).get(0);
        environment.simulator().expireDeltaLinks();
        try (SourceRun source = new SourceRun(environment, FOLLOW, offset)) {
            source.until(() -> !source.delivered().isEmpty());
            assertThat(SourceRun.header(source.last().get(lead), SyncHeaders.MOVED_TO))
                    .contains(contact);
        }
    }

    @Test
    void aLeadThatIsQualifiedWithoutAContactStops() {
        String lead = lead("a@example.com");
        try (SourceRun source = new SourceRun(environment, FOLLOW, null).snapshot()) {
            source.forget();
            environment.qualify(lead, false);
            source.until(() -> !source.delivered().isEmpty());
            SourceRecord record = source.last().get(lead);
            assertThat(record.value()).isNotNull();
            assertThat(SourceRun.header(record, SyncHeaders.EXCLUDED)).contains("qualified");
        }
    }

    @Test
    void whereContactsAreNotSyncedAQualifiedLeadStops() {
        String lead = lead("a@example.com");
        try (SourceRun source = new SourceRun(environment, LEADS, null).snapshot()) {
            source.forget();
            environment.qualify(lead, true);
            source.until(() -> !source.delivered().isEmpty());
            SourceRecord record = source.last().get(lead);
            assertThat(record.value()).isNotNull();
            assertThat(SourceRun.header(record, SyncHeaders.EXCLUDED)).contains("qualified");
            assertThat(SourceRun.header(record, SyncHeaders.MOVED_TO)).isEmpty();
        }
    }

    @Test
    void aDisqualifiedLeadIsSeenAndSyncsOn() {
        String lead = lead("a@example.com");
        try (SourceRun source = new SourceRun(environment, FOLLOW, null).snapshot()) {
            source.forget();
            environment.update("lead", lead, Map.of("statecode", 2, "statuscode", 4));
            source.until(() -> !source.delivered().isEmpty());
            SourceRecord record = source.last().get(lead);
            assertThat(SourceRun.value(record, "statecode")).isEqualTo(2);
            assertThat(SourceRun.header(record, SyncHeaders.EXCLUDED)).isEmpty();
        }
    }

    @Test
    void aLeadThatIsOpenedAgainFlowsAgain() {
        String lead = lead("a@example.com");
        environment.qualify(lead, true);
        try (SourceRun source = new SourceRun(environment, FOLLOW, null).snapshot()) {
            assertThat(source.ids()).containsExactly(lead + "-");
            source.forget();
            environment.update("lead", lead, Map.of("statecode", 0, "statuscode", 1));
            source.until(() -> !source.delivered().isEmpty());
            assertThat(source.ids()).containsExactly(lead);
            assertThat(SourceRun.header(source.delivered().get(0), SyncHeaders.EXCLUDED))
                    .isEmpty();
        }
    }

    @Test
    void theTopicThatTheFormRequiresIsFilled() {
        try (SinkRun sink = new SinkRun(environment, LEADS)) {
            Map<String, String> ann = Map.of("emailaddress1", "a@example.com", "firstname", "Ann", "lastname", "Ng");
            String named = sink.process(sink.image("h1", ann)).targetId();
            String unnamed = sink.process(sink.image("h2", Map.of("emailaddress1", "b@example.com")))
                    .targetId();
            assertThat(environment.value("lead", named, "subject")).isEqualTo("Ann Ng");
            assertThat(environment.value("lead", unnamed, "subject")).isEqualTo("b@example.com");
        }
    }

    @Test
    void aMobileNumberThatOnlyAContactCouldHoldHoldsBackNoOtherField() {
        try (SinkRun sink = new SinkRun(environment, LEADS)) {
            Outcome outcome = sink.process(sink.image(
                    "h1",
                    Map.of(
                            "emailaddress1", "a@example.com",
                            "firstname", "Ann",
                            "mobilephone", "+49 171 1234567 (private)")));
            assertThat(outcome.kind()).isEqualTo(Kind.CREATED);
            assertThat(environment.value("lead", outcome.targetId(), "firstname"))
                    .isEqualTo("Ann");
            assertThat(sink.refusals("h1").get(0).fields()).containsExactly("mobilephone");
        }
    }

    @Test
    void aClosedLeadRefusesAWriteWithDataversesMessage() {
        try (SinkRun sink = new SinkRun(environment, LEADS)) {
            Outcome created = sink.process(sink.image("h1", Environment.person("a@example.com", "Ann")));
            environment.qualify(created.targetId(), true);
            Outcome outcome = sink.process(sink.image("h1", Environment.person("a@example.com", "Bea")));
            assertThat(outcome.kind()).isEqualTo(Kind.FAILED);
            assertThat(outcome.detail()).contains("read-only");
            assertThat(environment.value("lead", created.targetId(), "firstname"))
                    .isEqualTo("Ann");
        }
    }
}
