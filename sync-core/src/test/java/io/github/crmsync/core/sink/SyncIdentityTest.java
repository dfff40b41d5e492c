package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.identity.Account;
import io.github.crmsync.core.identity.Groups;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.Note;
import io.github.crmsync.core.record.Fingerprints;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.junit.jupiter.api.Test;

/** Who takes part in a sync, and on which terms: what a platform team sees when somebody gets it wrong. */
class SyncIdentityTest {
    private static final String ORGANIZATION = "0f0d2c7e-0000-4000-8000-000000000001";
    private static final long MINUTE = 60_000;

    private final MemoryLedger ledger = new MemoryLedger();
    /** Number of tasks by connector: what the group's coordinator knows. */
    private final Map<String, Integer> members = new HashMap<>();

    private final List<String> reported = new ArrayList<>();
    private long now = 1_000_000;
    private boolean brokersAway;

    /** A sink connector with its app. */
    private final class Sink {
        final String name;
        final FakeApp app;
        final String source;
        Account account;
        final Map<String, String> settings = new HashMap<>();
        SyncSinkTask task;
        long offset;

        Sink(String name, String app, Account account) {
            this.name = name;
            this.app = new FakeApp(app);
            this.source = app.equals("hubspot") ? "dynamics" : "hubspot";
            this.account = account;
            settings.put("transforms", "map,merge,email");
            settings.put("transforms.map.type", "io.github.crmsync.transforms.FieldMapping");
            settings.put("transforms.merge.type", "io.github.crmsync.transforms.ConflictMerge");
            settings.put("transforms.merge.default.app", "hubspot");
            settings.put("transforms.email.type", "io.github.crmsync.transforms.EmailDedup");
        }

        Sink with(String setting, String value) {
            settings.put(setting, value);
            return this;
        }

        Sink start() {
            Map<String, String> props = new HashMap<>(Map.of(
                    "name", name, "ledger.bootstrap.servers", "none", "linger.ms", "0", "retry.backoff.ms", "10"));
            props.putAll(settings);
            task = new Task(this);
            task.initialize(new Context());
            task.start(props);
            task.open(List.of(new TopicPartition("images", 0)));
            members.put("connect-" + name, 1);
            poll();
            return this;
        }

        void stop() {
            members.remove("connect-" + name);
            task.stop();
        }

        void poll() {
            now += 3_000;
            task.put(List.of());
        }

        void gets(String id) {
            gets(id, null);
        }

        void gets(String id, String account) {
            now += 3_000;
            task.put(List.of(image(source, id, account, offset++)));
        }
    }

    private final class Task extends SyncSinkTask {
        private final Sink sink;

        Task(Sink sink) {
            this.sink = sink;
        }

        @Override
        protected Background background() {
            return Background.atOnce();
        }

        @Override
        protected TargetClient openTarget(Map<String, String> props) {
            sink.app.account = sink.account;
            return sink.app;
        }

        @Override
        protected Ledger openLedger(SyncSinkConfig settings, String writer, String task) {
            if (brokersAway) {
                throw new RetriableException("the brokers none do not answer");
            }
            return ledger;
        }

        @Override
        protected Groups groups() {
            return group -> members.getOrDefault(group, 0);
        }

        @Override
        protected Reevaluation.Images openImages() {
            return partition -> new long[0];
        }

        @Override
        protected Map<TopicPartition, Long> committed() {
            return Map.of();
        }

        @Override
        protected long committedBefore(Map<String, String> props) {
            return 0;
        }

        @Override
        protected long now() {
            return now;
        }

        @Override
        protected long elapsed() {
            return now;
        }

        @Override
        protected Report openReport(SyncSinkConfig settings) {
            return new Report() {
                @Override
                public void record(String targetApp, Work work, Outcome outcome, long now) {
                    reported.add(outcome.kind().toString());
                }

                @Override
                public void plan(String targetApp, Map<Outcome.Kind, Long> counts, long now) {
                    // Nobody looks.
                }

                @Override
                public void held(String targetApp, String why, long now) {
                    reported.add(targetApp + ": " + why);
                }

                @Override
                public void flush() {
                    // Kept already.
                }

                @Override
                public void close() {
                    // Nothing is open.
                }
            };
        }
    }

    private static SinkRecord image(String app, String id, String account, long offset) {
        Map<String, Object> value = Map.of("email", id + "@example.org", "name", id);
        ConnectHeaders headers = new ConnectHeaders();
        SyncHeaders.set(headers, SyncHeaders.APP, app);
        SyncHeaders.set(headers, SyncHeaders.OBJECT, app.equals("hubspot") ? "contacts" : "contact");
        SyncHeaders.set(headers, SyncHeaders.ACCOUNT, account);
        SyncHeaders.set(headers, SyncHeaders.ID, id);
        SyncHeaders.set(headers, SyncHeaders.VERSION, "1");
        SyncHeaders.set(headers, SyncHeaders.MODIFIED, "1");
        SyncHeaders.set(headers, SyncHeaders.ORIGIN, Origin.LIVE.text());
        Map<String, Long> fingerprints = new HashMap<>();
        value.forEach((field, content) -> fingerprints.put(field, Fingerprints.of(content)));
        SyncHeaders.set(headers, SyncHeaders.FINGERPRINTS, Fingerprints.pack(fingerprints));
        SyncHeaders.set(headers, SyncHeaders.EMAIL, id + "@example.org");
        SyncHeaders.set(
                headers,
                SyncHeaders.MAPPING,
                MappedField.format(List.of(new MappedField("email", "email"), new MappedField("name", "name"))));
        return new SinkRecord("images", 0, null, id, null, value, offset, 0L, TimestampType.CREATE_TIME, headers);
    }

    private static Account portal(String id) {
        return new Account("hubspot", id, "contacts");
    }

    private static Account organization(String id, String table) {
        return new Account("dynamics", id, table);
    }

    private Sink dynamicsSink(String name) {
        return new Sink(name, "dynamics", organization(ORGANIZATION, "contact"));
    }

    private Sink hubspotSink(String name) {
        return new Sink(name, "hubspot", portal("111"));
    }

    // --- accounts

    @Test
    void refusesAnotherPortalBeforeItWritesAnything() {
        Sink staging = hubspotSink("hubspot-sink").start();
        staging.gets("d-1");
        staging.stop();
        Sink production = new Sink("hubspot-sink", "hubspot", portal("222")).start();

        assertThatThrownBy(() -> production.gets("d-2"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("portal 111")
                .hasMessageContaining("portal 222")
                .hasMessageContaining("sync.name");
        assertThat(production.app.ids()).isEmpty();
    }

    @Test
    void refusesAnotherTableOfTheSameOrganization() {
        Sink contacts = dynamicsSink("dynamics-sink").start();
        contacts.gets("h-1");
        contacts.stop();
        Sink leads = new Sink("dynamics-sink", "dynamics", organization(ORGANIZATION, "lead")).start();

        assertThatThrownBy(() -> leads.gets("h-2"))
                .hasMessageContaining("table contact")
                .hasMessageContaining("table lead");
        assertThat(leads.app.ids()).isEmpty();
    }

    @Test
    void refusesImagesOfAnotherPortalThanTheOtherSinkWritesTo() {
        hubspotSink("hubspot-sink").start().gets("d-1");
        Sink into = dynamicsSink("dynamics-sink").start();
        into.gets("h-1", "111");

        assertThatThrownBy(() -> into.gets("h-2", "222"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("portal 111")
                .hasMessageContaining("portal 222");
        assertThat(into.app.ids()).hasSize(1);
    }

    @Test
    void refusesASinkWhosePortalIsNotTheOneThatTheOtherSideReads() {
        dynamicsSink("dynamics-sink").start().gets("h-1", "111");
        Sink other = new Sink("hubspot-sink", "hubspot", portal("222")).start();

        assertThatThrownBy(() -> other.gets("d-1")).hasMessageContaining("111").hasMessageContaining("222");
        assertThat(other.app.ids()).isEmpty();
    }

    @Test
    void refusesTheTopicOfItsOwnApp() {
        Sink sink = hubspotSink("hubspot-sink").start();

        assertThatThrownBy(() -> sink.task.put(List.of(image("hubspot", "h-1", "111", 0))))
                .hasMessageContaining("topics");
        assertThat(sink.app.ids()).isEmpty();
    }

    @Test
    void aPersonCanReadWhoTakesPart() {
        hubspotSink("hubspot-sink").start().gets("d-1", ORGANIZATION);

        assertThat(ledger.notes().stream().map(stored -> stored.note().sourceId()))
                .containsExactly(
                        "sync/connector/hubspot-sink",
                        "sync/settings",
                        "sync/evaluated/images/0",
                        "sync/account/dynamics/" + ORGANIZATION + "/contact",
                        "sync/account/hubspot/111/contacts");
        Note settings = ledger.notes().stream()
                .map(Ledger.StoredNote::note)
                .filter(note -> note.sourceId().equals("sync/settings"))
                .findFirst()
                .orElseThrow();
        assertThat(settings.note())
                .containsEntry("default.app", "hubspot")
                .containsEntry("direction", "two-way")
                .containsEntry("mapping of firstname~firstname", "<->")
                .containsEntry("on.invalid", "exclude")
                .containsEntry("connector", "hubspot-sink");
    }

    // --- connectors

    @Test
    void refusesASecondSinkAndNamesTheFirst() {
        dynamicsSink("first").start();
        Sink second = dynamicsSink("second");

        assertThatThrownBy(second::start)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("connector first")
                .hasMessageContaining("sync.name");
    }

    @Test
    void aSinkThatWasDeletedAndMadeAgainUnderAnotherNameTakesItsPlace() {
        Sink former = dynamicsSink("former").start();
        former.gets("h-1");
        former.stop();
        Sink successor = dynamicsSink("successor").start();

        successor.gets("h-2");
        assertThat(successor.app.ids()).as("the former may only be restarting").isEmpty();
        assertThat(reported).anyMatch(text -> text.contains("connector former"));
        now += 2 * MINUTE;
        successor.poll();
        successor.poll();

        assertThat(successor.app.ids()).hasSize(1);
        Sink back = dynamicsSink("former");
        assertThatThrownBy(back::start).hasMessageContaining("connector successor");
    }

    @Test
    void ofTwoThatStartTogetherTheLedgersOrderDecides() {
        Sink first = dynamicsSink("first");
        Sink second = dynamicsSink("second");
        ledger.beforeNote = () -> {
            ledger.beforeNote = () -> {};
            first.start();
        };
        assertThatThrownBy(second::start).hasMessageContaining("connector first");

        first.gets("h-1");
        assertThat(first.app.ids()).hasSize(1);
        assertThat(ledger.notes().stream().map(stored -> stored.note().sourceId()))
                .doesNotContain("sync/connector/second");
    }

    @Test
    void tasksOfOneConnectorAgree() {
        dynamicsSink("sink").start().gets("h-1");
        Sink other = dynamicsSink("sink").start();

        other.gets("h-2");

        assertThat(other.app.ids()).hasSize(1);
    }

    // --- settings

    @Test
    void nothingIsWrittenWhileTheDefaultAppDiffersAndBothValuesAreSaid() {
        Sink hubspot = hubspotSink("hubspot-sink").start();
        Sink dynamics = dynamicsSink("dynamics-sink")
                .with("transforms.merge.default.app", "dynamics")
                .start();

        dynamics.gets("h-1");
        hubspot.gets("d-1");

        assertThat(dynamics.app.ids()).isEmpty();
        assertThat(hubspot.app.ids()).isEmpty();
        String text = "default.app is 'dynamics' in dynamics-sink and 'hubspot' in hubspot-sink";
        assertThat(reported).anyMatch(said -> said.startsWith("dynamics: ") && said.contains(text));
        assertThat(reported)
                .anyMatch(said -> said.startsWith("hubspot: ")
                        && said.contains("default.app is 'hubspot' in hubspot-sink and 'dynamics' in dynamics-sink"));
    }

    @Test
    void changingBothOneAfterTheOtherWorksByItself() {
        Sink hubspot = hubspotSink("hubspot-sink").start();
        Sink dynamics = dynamicsSink("dynamics-sink").start();
        dynamics.stop();
        dynamics.with("transforms.merge.default.app", "dynamics").start();
        dynamics.gets("h-1");
        hubspot.gets("d-1");
        assertThat(dynamics.app.ids()).isEmpty();
        assertThat(hubspot.app.ids()).as("it runs, and notices").isEmpty();

        hubspot.stop();
        hubspot.with("transforms.merge.default.app", "dynamics").start();
        hubspot.gets("d-1");
        dynamics.poll();

        assertThat(dynamics.app.ids()).hasSize(1);
        assertThat(hubspot.app.ids()).hasSize(1);
        assertThat(reported).contains("dynamics: null");
    }

    @Test
    void aSinkGoesOnAloneOnceTheOtherIsStoppedForGood() {
        Sink hubspot = hubspotSink("hubspot-sink").start();
        Sink dynamics = dynamicsSink("dynamics-sink")
                .with("transforms.merge.direction", "one-way")
                .start();
        dynamics.gets("h-1");
        hubspot.stop();
        dynamics.poll();
        assertThat(dynamics.app.ids()).isEmpty();

        now += 2 * MINUTE;
        dynamics.poll();
        dynamics.poll();
        assertThat(dynamics.app.ids()).hasSize(1);

        hubspot.start();
        hubspot.gets("d-1");
        dynamics.gets("h-2");
        assertThat(hubspot.app.ids()).as("it is back, and differs").isEmpty();
        assertThat(dynamics.app.ids()).hasSize(1);
    }

    @Test
    void aPreviewNeitherWaitsNorMakesAnybodyWait() {
        Sink hubspot = hubspotSink("hubspot-sink").start();
        Sink preview = dynamicsSink("dynamics-sink")
                .with("transforms.merge.default.app", "dynamics")
                .with("sync.mode", "preview")
                .start();
        preview.gets("h-1");
        hubspot.gets("d-1");

        assertThat(reported).contains("CREATED");
        assertThat(hubspot.app.ids()).hasSize(1);
    }

    @Test
    void theSameSettingsInOtherWordsDoNotDiffer() {
        Sink hubspot = hubspotSink("hubspot-sink")
                .with("transforms.map.mapping", "default-contact")
                .with("transforms.map.mapping.remove", "mobilephone, jobtitle")
                .with("transforms.map.unknown.option", "omit")
                .with("transforms.email.email.field", "emailaddress1")
                .start();
        dynamicsSink("dynamics-sink")
                .with("transforms.map.mapping.remove", "jobtitle,mobilephone<->mobilephone")
                .with("transforms.email.on.invalid", "exclude")
                .start();

        hubspot.gets("d-1");

        assertThat(hubspot.app.ids()).hasSize(1);
    }

    // --- brokers

    @Test
    void waitsForTheLedgersBrokersAndGoesOn() {
        brokersAway = true;
        Sink sink = dynamicsSink("dynamics-sink").start();
        sink.gets("h-1");
        assertThat(sink.task.preCommit(Map.of())).isEmpty();
        assertThat(sink.app.ids()).isEmpty();

        brokersAway = false;
        now += MINUTE;
        sink.poll();

        assertThat(sink.app.ids()).hasSize(1);
    }

    private static final class Context implements SinkTaskContext {
        @Override
        public Map<String, String> configs() {
            return Map.of();
        }

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void offset(TopicPartition partition, long offset) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void timeout(long timeoutMs) {
            // The test polls.
        }

        @Override
        public Set<TopicPartition> assignment() {
            return new HashSet<>(Set.of(new TopicPartition("images", 0)));
        }

        @Override
        public void pause(TopicPartition... partitions) {
            // Nothing is delivered but by the test.
        }

        @Override
        public void resume(TopicPartition... partitions) {
            // As above.
        }

        @Override
        public void requestCommit() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ErrantRecordReporter errantRecordReporter() {
            return null;
        }
    }
}
