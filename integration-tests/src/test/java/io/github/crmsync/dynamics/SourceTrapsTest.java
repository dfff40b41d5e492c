package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.record.SyncHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The source against what Dataverse's paging and change tracking do to a reader. */
class SourceTrapsTest {
    private static final Map<String, String> SMALL_PAGES = Map.of(DynamicsSourceConfig.PAGE_SIZE, "100");
    private final Environment environment = Environment.open();

    @AfterEach
    void close() {
        environment.close();
    }

    private SourceRun smallPages(Map<String, ?> offset) {
        return new SourceRun(environment, SMALL_PAGES, offset);
    }

    @Test
    void aSnapshotOfSeveralPagesDeliversEveryRowOnce() {
        List<String> ids = environment.fill(450);
        try (SourceRun source = smallPages(null).snapshot().rounds(2)) {
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void anyTableWithChangeTrackingCanBeRead() {
        String kept = environment.create("account", Map.of("name", "Contoso"));
        String deleted = environment.create("account", Map.of("name", "Fabrikam"));
        Map<String, String> accounts = Map.of(DynamicsConfig.TABLE, "account", DynamicsSourceConfig.COLUMNS, "name");
        try (SourceRun source = new SourceRun(environment, accounts, null).snapshot()) {
            assertThat(source.ids()).contains(kept, deleted);
            source.forget();
            environment.update("account", kept, Map.of("name", "Contoso Ltd"));
            environment.call("DELETE", "accounts(" + deleted + ")", null);
            source.until(() -> source.ids().size() == 2);
            assertThat(source.ids()).containsExactlyInAnyOrder(kept, deleted + "-");
            assertThat(SourceRun.value(source.last().get(kept), "name")).isEqualTo("Contoso Ltd");
        }
    }

    @Test
    void aRestartInTheMiddleOfTheSnapshotGoesOnAndMissesNothing() {
        List<String> ids = environment.fill(450);
        List<String> seen;
        Map<String, ?> offset;
        try (SourceRun source = smallPages(null).until(() -> environment.operations("/contacts") >= 2)) {
            source.until(() -> source.delivered().size() >= 200);
            seen = new ArrayList<>(source.ids());
            offset = source.offset();
        }
        try (SourceRun source = smallPages(offset).snapshot().rounds(2)) {
            assertThat(source.ids()).hasSize(250);
            seen.addAll(source.ids());
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void aWorkerThatDiesInTheMiddleOfAPageReadsThatPageAgain() {
        List<String> ids = environment.fill(250);
        Map<String, ?> offset;
        try (SourceRun source = smallPages(null).until(() -> environment.operations("/contacts") >= 2)) {
            source.until(() -> source.delivered().size() >= 200);
            offset = source.delivered().get(150).sourceOffset();
        }
        try (SourceRun source = smallPages(offset).snapshot()) {
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids.subList(100, 250));
        }
    }

    @Test
    void whatChangesDuringTheSnapshotIsNeitherMissedNorLeftStale() {
        List<String> ids = environment.fill(450);
        try (SourceRun source = smallPages(null)) {
            source.until(() -> source.delivered().size() >= 200);
            environment.update(ids.get(0), Map.of("firstname", "Behind"));
            environment.update(ids.get(440), Map.of("firstname", "Ahead"));
            environment.delete(ids.get(1));
            environment.delete(ids.get(441));
            String created = environment.create(Environment.person("new@example.com", "New"));
            source.snapshot()
                    .until(() -> source.ids().contains(ids.get(1) + "-"))
                    .rounds(2);
            Map<Object, SourceRecord> last = source.last();
            assertThat(SourceRun.value(last.get(ids.get(0)), "firstname")).isEqualTo("Behind");
            assertThat(SourceRun.value(last.get(ids.get(440)), "firstname")).isEqualTo("Ahead");
            assertThat(last.get(ids.get(1)).value()).isNull();
            assertThat(last.get(ids.get(441)).value()).isNull();
            assertThat(last).containsKeys(created).containsKeys(ids.toArray());
        }
    }

    @Test
    void theAccessTokenExpiresInTheMiddleOfTheSnapshot() {
        List<String> ids = environment.fill(450);
        try (SourceRun source = smallPages(null)) {
            source.until(() -> source.delivered().size() >= 200);
            environment.simulator().revokeTokens();
            source.snapshot();
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(environment.answers(401)).isEqualTo(1);
        }
    }

    @Test
    void changesAndDeletionsOfSeveralPagesAreAllDeliveredOnce() {
        List<String> ids = environment.fill(450);
        try (SourceRun source = smallPages(null).snapshot()) {
            source.forget();
            environment.updateAll(ids.subList(0, 250), "firstname", "Changed");
            ids.subList(250, 400).forEach(environment::delete);
            source.until(() -> source.delivered().size() >= 400).rounds(2);
            List<String> expected = new ArrayList<>(ids.subList(0, 250));
            ids.subList(250, 400).forEach(id -> expected.add(id + "-"));
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(source.delivered())
                    .allSatisfy(record -> assertThat(SourceRun.origin(record)).isEqualTo("live"));
        }
    }

    @Test
    void aRowThatComesAndGoesBetweenTwoPollsIsADeletionOnly() {
        try (SourceRun source = new SourceRun(environment).snapshot()) {
            source.forget();
            String id = environment.create(Environment.person("a@example.com", "Ann"));
            environment.delete(id);
            source.until(() -> !source.delivered().isEmpty()).rounds(2);
            assertThat(source.ids()).last().isEqualTo(id + "-");
        }
    }

    @Test
    void anExpiredDeltaTokenReadsTheWholeTableAgain() {
        List<String> ids = environment.fill(250);
        try (SourceRun source = smallPages(null).snapshot()) {
            source.forget();
            environment.update(ids.get(7), Map.of("firstname", "Late"));
            environment.simulator().expireDeltaLinks();
            source.until(() -> source.delivered().size() >= 250).rounds(2);
            assertThat(source.last().keySet()).containsExactlyInAnyOrderElementsOf(new ArrayList<Object>(ids));
            assertThat(SourceRun.value(source.last().get(ids.get(7)), "firstname"))
                    .isEqualTo("Late");
            source.forget();
            environment.update(ids.get(8), Map.of("firstname", "Live"));
            source.until(() -> !source.delivered().isEmpty());
            assertThat(source.ids()).containsExactly(ids.get(8));
            assertThat(SourceRun.origin(source.delivered().get(0))).isEqualTo("live");
        }
    }

    @Test
    void aTokenThatExpiresInTheMiddleOfTheSnapshotStartsItAgain() {
        List<String> ids = environment.fill(250);
        Map<String, ?> offset;
        try (SourceRun source = smallPages(null)) {
            source.until(() -> source.delivered().size() >= 100);
            offset = broken(source.offset());
        }
        try (SourceRun source = smallPages(offset).snapshot()) {
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void aDeltaTokenThatIsRefusedForAnotherReasonReadsTheWholeTableAgain() {
        List<String> ids = environment.fill(20);
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(environment).snapshot()) {
            offset = broken(source.offset());
        }
        try (SourceRun source = new SourceRun(environment, Map.of(), offset)) {
            source.until(() -> source.delivered().size() >= ids.size());
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(source.delivered()).extracting(SourceRun::origin).containsOnly("sweep");
        }
    }

    @Test
    void eachSweepEndsWithAMarkForSinksThatStartLate() {
        List<String> ids = environment.fill(250);
        Map<String, String> settings = new HashMap<>(SMALL_PAGES);
        settings.put(DynamicsSourceConfig.SWEEP_INTERVAL_MS, "1");
        try (SourceRun source = new SourceRun(environment, settings, null).snapshot()) {
            source.forget();
            source.snapshot();
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(source.delivered()).extracting(SourceRun::origin).containsOnly("sweep");
        }
    }

    /** The offset with a token that the service cannot read. */
    private static Map<String, ?> broken(Map<String, ?> offset) {
        Map<String, Object> changed = new HashMap<>(offset);
        changed.compute("link", (key, link) -> link.toString().replaceAll("token=.*", "token=nonsense"));
        return changed;
    }

    @Test
    void withoutChangeTrackingTheTaskStopsWithASentence() {
        environment.fill(3);
        environment.simulator().setChangeTracking("contact", false);
        try (SourceRun source = new SourceRun(environment)) {
            assertThatThrownBy(source::snapshot).hasStackTraceContaining("change tracking is switched off");
        }
    }

    @Test
    void aLinkToAnotherOriginIsNotFollowed() {
        environment.fill(3);
        Map<String, Object> offset;
        try (SourceRun source = new SourceRun(environment).snapshot();
                Environment foreign = Environment.open()) {
            offset = new HashMap<>(source.offset());
            offset.compute("link", (key, link) -> link.toString().replace(environment.url(), foreign.url()));
            try (SourceRun restarted = new SourceRun(environment, Map.of(), offset)) {
                // The same organization at another address: the table is read again from where it is now.
                restarted.until(() -> restarted.delivered().size() == 3);
            }
            assertThat(foreign.rowCalls()).isZero();
        }
    }

    @Test
    void anOffsetOfAReplacedEnvironmentIsRefusedWithTheWayOut() {
        environment.fill(3);
        Map<String, Object> offset;
        try (SourceRun source = new SourceRun(environment).snapshot()) {
            offset = new HashMap<>(source.offset());
        }
        offset.put("organization", Environment.id(1));
        try (SourceRun restarted = new SourceRun(environment, Map.of(), offset)) {
            assertThatThrownBy(restarted::poll)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("the environment was replaced")
                    .hasMessageContaining("DELETE /connectors/{name}/offsets");
        }
    }

    @Test
    void anAnswerWithoutChangesNeedNotHaveADeltaLink() {
        environment.simulator().setSwitch("quietDeltaLink", false);
        String id = environment.create(Environment.person("a@example.com", "Ann"));
        try (SourceRun source = new SourceRun(environment).snapshot().rounds(3)) {
            source.forget();
            environment.update(id, Map.of("firstname", "Bea"));
            source.until(() -> !source.delivered().isEmpty());
            assertThat(source.ids()).containsExactly(id);
        }
    }

    @Test
    void emptyColumnsAreNullAndEveryTypeKeepsItsForm() {
        String account = environment.create("account", Map.of("name", "Contoso"));
        String id = environment.create(Map.of(
                "lastname",
                "Ng",
                "birthdate",
                "1990-02-28",
                "annualincome",
                1234.5,
                "numberofchildren",
                2,
                "gendercode",
                2,
                "donotemail",
                true,
                "parentcustomerid_account@odata.bind",
                "/accounts(" + account + ")"));
        String columns = "lastname,firstname,birthdate,annualincome,numberofchildren,gendercode,donotemail,createdon,"
                + "_parentcustomerid_value,parentcustomeridname";
        try (SourceRun source =
                new SourceRun(environment, Map.of(DynamicsSourceConfig.COLUMNS, columns), null).snapshot()) {
            SourceRecord record = source.last().get(id);
            assertThat(SourceRun.value(record, "lastname")).isEqualTo("Ng");
            assertThat(SourceRun.value(record, "firstname")).isNull();
            assertThat(SourceRun.value(record, "birthdate")).isEqualTo("1990-02-28");
            assertThat(SourceRun.value(record, "annualincome")).isEqualTo("1234.5");
            assertThat(SourceRun.value(record, "numberofchildren")).isEqualTo(2);
            assertThat(SourceRun.value(record, "gendercode")).isEqualTo(2);
            assertThat(SourceRun.value(record, "donotemail")).isEqualTo(true);
            assertThat(SourceRun.value(record, "createdon").toString())
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
            assertThat(SourceRun.value(record, "_parentcustomerid_value")).isEqualTo(account);
            assertThat(SourceRun.value(record, "parentcustomeridname")).isEqualTo("Contoso");
            assertThat(SourceRun.header(record, SyncHeaders.VERSION)).contains(environment.value(id, "versionnumber"));
        }
    }

    private static Optional<String> excluded(SourceRun source, String id) {
        return SourceRun.header(source.last().get(id), SyncHeaders.EXCLUDED);
    }

    @Test
    void anInactiveRowStandsBackBehindAnActiveOneWithItsAddress() {
        Map<String, Object> closed = Map.of("statecode", 1, "statuscode", 2);
        String twin = environment.create(Environment.person("a@example.com", "Ann"));
        environment.update(twin, closed);
        String active = environment.create(Environment.person("A@example.com", "Ann"));
        String alone = environment.create(Environment.person("b@example.com", "Ben"));
        environment.update(alone, closed);
        try (SourceRun source = new SourceRun(environment).snapshot()) {
            assertThat(excluded(source, twin)).contains(SyncHeaders.STANDS_BACK);
            assertThat(excluded(source, active)).isEmpty();
            assertThat(excluded(source, alone)).as("there is no other").isEmpty();
            source.forget();
            environment.delete(active);
            environment.update(twin, Map.of("firstname", "Anna"));
            source.until(() -> source.last().containsKey(twin));
            assertThat(excluded(source, twin))
                    .as("nobody else has the address now")
                    .isEmpty();
        }
    }

    @Test
    void aDisqualifiedLeadStandsBackBehindAnOpenOne() {
        String lost = environment.create("lead", Environment.person("a@example.com", "Ann"));
        environment.update("lead", lost, Map.of("statecode", 2, "statuscode", 4));
        String open = environment.create("lead", Environment.person("a@example.com", "Ann"));
        try (SourceRun source = new SourceRun(environment, Map.of(DynamicsConfig.TABLE, "lead"), null).snapshot()) {
            assertThat(excluded(source, lost)).contains(SyncHeaders.STANDS_BACK);
            assertThat(excluded(source, open)).isEmpty();
        }
    }

    @Test
    void optionsAppearAsTheirLabelsWhereThatIsAskedFor() {
        String id = environment.create(Map.of("lastname", "Ng", "gendercode", 2));
        Map<String, String> numbers = Map.of(DynamicsSourceConfig.COLUMNS, "lastname,gendercode");
        Map<String, String> labels = new HashMap<>(numbers);
        labels.put(DynamicsSourceConfig.OPTION_VALUES, "label");
        try (SourceRun named = new SourceRun(environment, labels, null).snapshot();
                SourceRun numbered = new SourceRun(environment, numbers, null).snapshot()) {
            assertThat(SourceRun.value(named.last().get(id), "gendercode")).isEqualTo("Female");
            assertThat(SourceRun.value(named.last().get(id), "statecode")).isEqualTo("Active");
            assertThat(SourceRun.header(named.last().get(id), SyncHeaders.FINGERPRINTS))
                    .as("both say the same to a sink")
                    .isEqualTo(SourceRun.header(numbered.last().get(id), SyncHeaders.FINGERPRINTS));
            named.forget();
            environment.update(id, Map.of("gendercode", 1));
            named.until(() -> !named.delivered().isEmpty());
            assertThat(SourceRun.value(named.last().get(id), "gendercode")).isEqualTo("Male");
        }
    }

    @Test
    void otherColumnsReadTheWholeTableAgain() {
        List<String> ids = environment.fill(5);
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(environment).snapshot()) {
            offset = source.offset();
        }
        Map<String, String> more = Map.of(DynamicsSourceConfig.COLUMNS, "emailaddress1,firstname,lastname");
        try (SourceRun source = new SourceRun(environment, more, offset)) {
            source.until(() -> source.delivered().size() >= ids.size());
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void aColumnThatDoesNotExistStopsTheTaskAndIsNamed() {
        Map<String, String> wrong = Map.of(DynamicsSourceConfig.COLUMNS, "firstname,nosuchcolumn");
        try (SourceRun source = new SourceRun(environment, wrong, null)) {
            assertThatThrownBy(source::poll)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("nosuchcolumn")
                    .hasMessageContaining(DynamicsSourceConfig.COLUMNS);
        }
    }
}
