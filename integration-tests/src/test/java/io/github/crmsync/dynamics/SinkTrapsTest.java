package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.sink.LeftOut;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.core.sink.TargetClient.RecordChange;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.Work;
import io.github.crmsync.core.sink.WriteOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sink against what Dataverse does to a writer. */
class SinkTrapsTest {
    private Environment environment = Environment.open();
    private SinkRun sink;

    @AfterEach
    void close() {
        if (sink != null) {
            sink.close();
        }
        environment.close();
    }

    private SinkRun sink() {
        sink = new SinkRun(environment);
        return sink;
    }

    private static Map<String, Object> person(String email, String firstName) {
        return new HashMap<>(Environment.person(email, firstName));
    }

    private static Map<String, Object> with(Map<String, Object> person, String column, Object value) {
        person.put(column, value);
        return person;
    }

    @Test
    void oneRefusedPartOfABatchFailsAloneWithDataversesMessage() {
        SinkRun run = sink();
        List<Work> works = new ArrayList<>(run.people(499, "address1_city", "Rome"));
        String tooLong = "x".repeat(100) + "@example.com";
        works.add(250, run.image("bad", person(tooLong, "Bad")));
        Map<String, Outcome> outcomes = run.process(works);
        assertThat(outcomes.remove("bad")).satisfies(bad -> {
            assertThat(bad.kind()).isEqualTo(Kind.FAILED);
            assertThat(bad.detail()).contains("'emailaddress1'", "exceeded the maximum allowed length of '100'");
        });
        assertThat(outcomes.values()).extracting(Outcome::kind).hasSize(499).containsOnly(Kind.CREATED);
        assertThat(environment.size()).isEqualTo(499);
    }

    @Test
    void aTextThatIsTooLongAndAnUnknownOptionHoldBackNoOtherColumn() {
        SinkRun run = sink();
        Map<String, Object> values = with(person("a@example.com", "Ann"), "gendercode", 5);
        values.put("lastname", "x".repeat(51));
        Outcome outcome = run.process(run.image("h1", values));
        assertThat(outcome.kind()).isEqualTo(Kind.CREATED);
        assertThat(environment.value(outcome.targetId(), "firstname")).isEqualTo("Ann");
        assertThat(environment.value(outcome.targetId(), "lastname")).isEmpty();
        assertThat(run.refusals("h1"))
                .flatExtracting(LeftOut::fields)
                .containsExactlyInAnyOrder("gendercode", "lastname");
    }

    @Test
    void readOnlyColumnsAreNeverSentAndHoldBackNoOther() {
        for (boolean rejected : new boolean[] {true, false}) {
            close();
            environment = Environment.open();
            environment.simulator().setRejectReadOnly(rejected);
            SinkRun run = sink();
            Map<String, Object> values = with(person("a@example.com", "Ann"), "fullname", "Somebody Else");
            Outcome created = run.process(run.image("h1", values));
            assertThat(created.kind()).isEqualTo(Kind.CREATED);
            values.put("firstname", "Bea");
            values.put("createdon", "2001-01-01T00:00:00Z");
            assertThat(run.process(run.image("h1", values)).kind()).isEqualTo(Kind.UPDATED);
            assertThat(environment.value(created.targetId(), "fullname")).isEqualTo("Bea");
            assertThat(run.refusals("h1"))
                    .isNotEmpty()
                    .allSatisfy(report -> assertThat(report.detail()).contains("cannot be written"))
                    .flatExtracting(LeftOut::fields)
                    .containsOnly("fullname", "createdon");
        }
    }

    @Test
    void aColumnThatTheTableDoesNotHaveStopsTheSinkAndIsNamed() {
        SinkRun run = sink();
        Work work = run.image("h1", with(person("a@example.com", "Ann"), "nosuchcolumn", "x"));
        assertThatThrownBy(() -> run.process(work))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'nosuchcolumn'");
        assertThat(environment.size()).isZero();
    }

    @Test
    void anEditBetweenReadingAndWritingIsNotOverwritten() {
        SinkRun run = sink();
        String id = run.process(run.image("h1", person("a@example.com", "Ann"))).targetId();
        run.justBeforeTheNextWrite(() -> environment.update(id, Map.of("address1_city", "Rome")));
        Outcome outcome = run.process(run.image("h1", person("a@example.com", "Bea")));
        assertThat(outcome.kind()).isEqualTo(Kind.UPDATED);
        assertThat(environment.value(id, "firstname")).isEqualTo("Bea");
        assertThat(environment.value(id, "address1_city")).isEqualTo("Rome");
        assertThat(environment.operations("PATCH /api/data/v9.2/contacts({id})"))
                .as("create, the editor's, refused, repeated")
                .isEqualTo(4);
    }

    @Test
    void aConcurrentEditorAndTheSinkLoseNothingOfEachOther() {
        SinkRun run = sink();
        String id = run.process(run.image("h1", person("a@example.com", "Ann"))).targetId();
        for (int i = 0; i < 20; i++) {
            String city = "City " + i;
            run.justBeforeTheNextWrite(() -> environment.update(id, Map.of("address1_city", city)));
            String name = "Name " + i;
            assertThat(run.process(run.image("h1", person("a@example.com", name)))
                            .kind())
                    .isEqualTo(Kind.UPDATED);
            assertThat(environment.value(id, "firstname")).isEqualTo(name);
            assertThat(environment.value(id, "address1_city")).isEqualTo(city);
        }
    }

    @Test
    void aRowThatIsDeletedBetweenReadingAndWritingIsNotCreatedAgain() {
        SinkRun run = sink();
        String id = run.process(run.image("h1", person("a@example.com", "Ann"))).targetId();
        run.justBeforeTheNextWrite(() -> environment.delete(id));
        assertThat(run.process(run.image("h1", person("a@example.com", "Bea"))).kind())
                .isEqualTo(Kind.TOMBSTONED);
        assertThat(environment.size()).isZero();
    }

    @Test
    void anUpdateWithoutAVersionCreatesNothingEither() {
        SinkRun run = sink();
        assertThat(run.target.update(List.of(new RecordChange(Environment.id(1), null, Map.of("firstname", "Ghost")))))
                .singleElement()
                .isInstanceOf(WriteOutcome.Missing.class);
        assertThat(environment.size()).isZero();
    }

    @Test
    void aDeletedRowIsNotCreatedAgain() {
        SinkRun run = sink();
        environment.delete(
                run.process(run.image("h1", person("a@example.com", "Ann"))).targetId());
        assertThat(run.process(run.image("h1", person("a@example.com", "Bea"))).kind())
                .isEqualTo(Kind.TOMBSTONED);
        assertThat(environment.size()).isZero();
    }

    @Test
    void whereTheAnswerToACreationIsLostTheRowIsFoundAgain() {
        for (String kind : List.of("reset-after", "cut")) {
            close();
            environment = Environment.open();
            SinkRun run = sink();
            run.target.findByEmail(List.of("nobody@example.com"), Set.of("firstname"));
            environment.fault(Map.of("match", "batch$", "kind", kind));
            assertThat(run.process(run.image("h1", person("a@example.com", "Ann")))
                            .kind())
                    .isEqualTo(Kind.PARKED);
            Outcome outcome = run.process(run.image("h1", person("a@example.com", "Ann")));
            assertThat(outcome.kind()).isEqualTo(Kind.UNCHANGED);
            assertThat(environment.value(outcome.targetId(), "firstname")).isEqualTo("Ann");
            assertThat(environment.size()).isEqualTo(1);
        }
    }

    @Test
    void aRowWithoutAnAddressIsCreatedOnceByItsKey() {
        SinkRun run = sink();
        run.target.findByEmail(List.of("nobody@example.com"), Set.of("firstname"));
        environment.fault(Map.of("match", "batch$", "kind", "reset-after"));
        assertThat(run.process(run.withoutEmail("h1", Map.of("lastname", "Ann")))
                        .kind())
                .isEqualTo(Kind.PARKED);
        Outcome outcome = run.process(run.withoutEmail("h1", Map.of("lastname", "Ann")));
        assertThat(environment.value(outcome.targetId(), "lastname")).isEqualTo("Ann");
        assertThat(environment.size()).isEqualTo(1);
    }

    @Test
    void aCreationThatIsRepeatedFindsTheRowUnderItsKey() {
        String id =
                sink().process(sink.image("h1", person("a@example.com", "Ann"))).targetId();
        sink.close();
        // A ledger that knows nothing, and an address that finds nothing: only the key tells.
        environment.update(id, Map.of("emailaddress1", "moved@example.com"));
        Outcome outcome = sink().process(sink.image("h1", person("a@example.com", "Ann")));
        assertThat(outcome.kind()).as("decided field by field, not replaced").isEqualTo(Kind.UPDATED);
        assertThat(outcome.targetId()).isEqualTo(id);
        assertThat(environment.size()).isEqualTo(1);
    }

    @Test
    void whereTheAnswerToAnUpdateIsLostALaterEditIsNotOverwritten() {
        SinkRun run = sink();
        String id = run.process(run.image("h1", person("a@example.com", "Ann"))).targetId();
        environment.fault(Map.of("match", "batch$", "kind", "reset-after"));
        Work work = run.image("h1", person("a@example.com", "Bea"));
        assertThat(run.process(work).kind()).isEqualTo(Kind.PARKED);
        environment.update(id, Map.of("firstname", "Later"));
        run.process(List.of(work), Set.of("h1"));
        assertThat(environment.value(id, "firstname")).isEqualTo("Later");
    }

    @Test
    void refusalsThatPassAreWaitedForAndNothingIsWrittenTwice() {
        List<Map<String, ?>> refusals = List.of(
                Map.of("match", "batch$", "status", 429),
                Map.of("match", "batch$", "status", 429, "retryAfter", 1),
                Map.of("match", "batch$", "status", 503, "retryAfter", 1),
                Map.of("match", "batch$", "kind", "reset-before"),
                Map.of("match", "batch$", "status", 500),
                Map.of("match", "batch$", "status", 502),
                Map.of("match", "batch$", "status", 504));
        SinkRun run = sink();
        int created = 0;
        for (Map<String, ?> refusal : refusals) {
            run.target.findByEmail(List.of("nobody@example.com"), Set.of("firstname"));
            environment.fault(refusal);
            String id = "h" + created++;
            Work work = run.image(id, person(id + "@example.com", "Ann"));
            Outcome outcome = run.process(work);
            if (outcome.kind().parked()) {
                outcome = run.process(List.of(work), Set.of(id)).get(id);
            }
            assertThat(outcome.kind()).as(refusal.toString()).isIn(Kind.CREATED, Kind.UNCHANGED);
            assertThat(environment.size()).isEqualTo(created);
        }
    }

    @Test
    void aPartThatIsThrottledIsTriedLaterAndTheOthersAreDone() {
        SinkRun run = sink();
        environment.fault(Map.of("match", "PART PATCH", "status", 429, "retryAfter", 1));
        List<Work> works = run.people(10, "address1_city", "Rome");
        Map<String, Outcome> outcomes = run.process(works);
        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Kind.CREATED, Kind.PARKED);
        assertThat(environment.size()).isEqualTo(9);
        List<Work> parked = works.stream()
                .filter(work -> outcomes.get(work.image().id()).kind() == Kind.PARKED)
                .toList();
        assertThat(parked).hasSize(1);
        // The service asked for a second: until then no request goes out.
        long calls = environment.rowCalls();
        assertThatThrownBy(() -> run.process(parked, Set.of()))
                .isInstanceOfSatisfying(
                        RetryLaterException.class,
                        later -> assertThat(later.waitMs()).isBetween(1L, 1_000L));
        assertThat(environment.rowCalls()).isEqualTo(calls);
        org.awaitility.Awaitility.await()
                .pollInSameThread()
                .ignoreExceptionsMatching(RetryLaterException.class::isInstance)
                .until(() -> run.process(parked, Set.of()).values().stream()
                        .allMatch(outcome -> outcome.kind() == Kind.CREATED));
        assertThat(environment.size()).isEqualTo(10);
    }

    @Test
    void aQueryThatIsThrottledWithinABatchIsNotTakenForAbsentRows() {
        List<String> ids = environment.fill(400);
        SinkRun run = sink();
        environment.fault(Map.of("match", "PART GET", "status", 429, "retryAfter", 7));
        assertThatThrownBy(() -> run.process(run.people(400, "address1_city", "Rome")))
                .isInstanceOfSatisfying(
                        RetryLaterException.class,
                        later -> assertThat(later.waitMs()).isEqualTo(7_000));
        assertThat(environment.size()).isEqualTo(ids.size());
    }

    @Test
    void withTheServiceProtectionLimitsOnTheSinkIsNeverThrottled() {
        close();
        environment = Environment.open(options -> options.quota(true));
        sink = new SinkRun(
                environment, Map.of(DynamicsConfig.RATE_LIMIT, "5400", DynamicsSinkConfig.PARALLEL_REQUESTS, "50"));
        for (String city : List.of("Rome", "Oslo", "Bern")) {
            assertThat(sink.process(sink.people(2_000, "address1_city", city)).values())
                    .extracting(Outcome::kind)
                    .containsOnly(city.equals("Rome") ? Kind.CREATED : Kind.UPDATED);
        }
        assertThat(environment.answers(429)).isZero();
    }

    @Test
    void theAccessTokenExpiresBetweenReadingAndWriting() {
        SinkRun run = sink();
        run.justBeforeTheNextWrite(() -> environment.simulator().revokeTokens());
        assertThat(run.process(run.image("h1", person("a@example.com", "Ann"))).kind())
                .isEqualTo(Kind.CREATED);
        assertThat(environment.size()).isEqualTo(1);
    }

    @Test
    void aRowIsFoundByItsAddressWhateverItsCase() {
        String id = environment.create(Environment.person("Ann@Example.com", "Ann"));
        Outcome outcome = sink().process(sink.image("h1", with(person("aNN@example.COM", "Ann"), "jobtitle", "Pilot")));
        assertThat(outcome.targetId()).isEqualTo(id);
        assertThat(environment.value(id, "jobtitle")).isEqualTo("Pilot");
        assertThat(environment.size()).isEqualTo(1);
    }

    @Test
    void ofSeveralRowsWithOneAddressTheOldestIsLinked() {
        String oldest = Environment.id(7);
        environment
                .simulator()
                .fill(
                        "contact",
                        List.of(
                                Map.of(
                                        "contactid", Environment.id(1),
                                        "emailaddress1", "a@example.com",
                                        "createdon", "2024-01-01T00:00:00Z"),
                                Map.of(
                                        "contactid", oldest,
                                        "emailaddress1", "a@example.com",
                                        "createdon", "2020-01-01T00:00:00Z")));
        assertThat(sink().process(sink.image("h1", person("a@example.com", "Ann")))
                        .targetId())
                .isEqualTo(oldest);
    }

    @Test
    void aClearedValueClearsTheColumnWhereThatIsAllowed() {
        SinkRun run = sink();
        String id = run.process(run.image("h1", with(person("a@example.com", "Ann"), "jobtitle", "Pilot")))
                .targetId();
        Map<String, Object> cleared = with(person("a@example.com", "Ann"), "jobtitle", "");
        assertThat(run.process(run.image("h1", cleared)).kind()).isEqualTo(Kind.HELD);
        assertThat(environment.value(id, "jobtitle")).isEqualTo("Pilot");
        assertThat(run.process(run.image("h1", cleared, "a@example.com", Set.of("jobtitle")))
                        .kind())
                .isEqualTo(Kind.UPDATED);
        assertThat(environment.value(id, "jobtitle")).isEmpty();
    }

    @Test
    void everyTypeIsWrittenInItsOwnForm() {
        SinkRun run = sink();
        Map<String, Object> values = person("a@example.com", "Ann");
        values.put("birthdate", "1990-02-28");
        values.put("annualincome", "1234.50");
        values.put("numberofchildren", "2");
        values.put("gendercode", "2");
        values.put("donotemail", "true");
        Outcome outcome = run.process(run.image("h1", values));
        assertThat(outcome.kind()).isEqualTo(Kind.CREATED);
        assertThat(environment.value(outcome.targetId(), "birthdate")).isEqualTo("1990-02-28");
        assertThat(environment.value(outcome.targetId(), "annualincome")).startsWith("1234.5");
        assertThat(environment.value(outcome.targetId(), "donotemail")).isEqualTo("true");
        assertThat(run.process(List.of(run.image("h1", values)), Set.of("h1"))
                        .get("h1")
                        .kind())
                .isEqualTo(Kind.UNCHANGED);
    }

    @Test
    void aValueThatNoTypeFitsHoldsBackNoOtherColumn() {
        SinkRun run = sink();
        Map<String, Object> values = with(person("a@example.com", "Ann"), "numberofchildren", "many");
        Outcome outcome = run.process(run.image("h1", values));
        assertThat(outcome.kind()).isEqualTo(Kind.CREATED);
        assertThat(run.refusals("h1").get(0).fields()).containsExactly("numberofchildren");
        assertThat(run.refusals("h1").get(0).detail()).contains("numberofchildren", "Integer");
    }

    @Test
    void anOptionIsTakenByItsLabelToo() {
        SinkRun run = sink();
        Map<String, Object> values = with(person("a@example.com", "Ann"), "gendercode", "female");
        values.put("preferredcontactmethodcode", "Carrier pigeon");
        Outcome outcome = run.process(run.image("h1", values));
        assertThat(environment.value(outcome.targetId(), "gendercode")).isEqualTo("2");
        assertThat(run.refusals("h1").get(0).fields()).containsExactly("preferredcontactmethodcode");
        assertThat(run.process(run.image("h1", with(values, "gendercode", 2))).kind())
                .as("the same option by its number")
                .isEqualTo(Kind.UNCHANGED);
    }

    @Test
    void aDateAndATimeEachTakeTheOthersForm() {
        SinkRun run = sink();
        Outcome outcome =
                run.process(run.image("h1", with(person("a@example.com", "Ann"), "birthdate", "1990-02-28T00:00:00Z")));
        assertThat(environment.value(outcome.targetId(), "birthdate")).isEqualTo("1990-02-28");
    }

    @Test
    void aLookupOfARowThatDoesNotExistHoldsBackNoOtherColumn() {
        SinkRun run = sink();
        Map<String, Object> values =
                with(person("a@example.com", "Ann"), "_parentcustomerid_value", Environment.id(99));
        String id = run.process(run.image("h1", values)).targetId();
        assertThat(environment.value(id, "firstname")).isEqualTo("Ann");
        assertThat(run.process(run.image("h1", with(values, "firstname", "Bea")))
                        .kind())
                .isEqualTo(Kind.UPDATED);
        assertThat(environment.value(id, "firstname")).isEqualTo("Bea");
        assertThat(run.refusals("h1"))
                .isNotEmpty()
                .flatExtracting(LeftOut::fields)
                .containsOnly("_parentcustomerid_value");
    }

    @Test
    void theCompanyIsWrittenByItsId() {
        SinkRun run = sink();
        String account = environment.create("account", Map.of("name", "Contoso"));
        Map<String, Object> values = with(person("a@example.com", "Ann"), "_parentcustomerid_value", account);
        Outcome outcome = run.process(run.image("h1", values));
        assertThat(environment.value(outcome.targetId(), "_parentcustomerid_value"))
                .isEqualTo(account);
        assertThat(run.process(List.of(run.image("h1", values)), Set.of("h1"))
                        .get("h1")
                        .kind())
                .isEqualTo(Kind.UNCHANGED);
        run.process(run.image(
                "h1",
                with(values, "_parentcustomerid_value", null),
                "a@example.com",
                Set.of("_parentcustomerid_value")));
        assertThat(environment.value(outcome.targetId(), "_parentcustomerid_value"))
                .isEmpty();
    }

    @Test
    void anyLookupOfOneTableIsWrittenByItsId() {
        SinkRun run = sink();
        String user = environment.call("GET", "WhoAmI", null).path("UserId").asText();
        Map<String, Object> values = with(person("a@example.com", "Ann"), "_preferredsystemuserid_value", user);
        String id = run.process(run.image("h1", values)).targetId();
        assertThat(environment.value(id, "_preferredsystemuserid_value")).isEqualTo(user);
        assertThat(run.process(List.of(run.image("h1", values)), Set.of("h1"))
                        .get("h1")
                        .kind())
                .isEqualTo(Kind.UNCHANGED);
    }

    @Test
    void aLookupOfSeveralTablesIsReportedAndHoldsBackNoOtherColumn() {
        SinkRun run = sink();
        Map<String, Object> values = with(person("a@example.com", "Ann"), "_ownerid_value", Environment.id(1));
        String id = run.process(run.image("h1", values)).targetId();
        assertThat(environment.value(id, "firstname")).isEqualTo("Ann");
        assertThat(run.refusals("h1").get(0).fields()).containsExactly("_ownerid_value");
    }

    @Test
    void theCompanyIsMatchedByTheNameOfAnAccount() {
        SinkRun run = sink();
        String contoso = environment.create("account", Map.of("name", "Contoso [North]"));
        String fabrikam = environment.create("account", Map.of("name", "Fabrikam's"));
        Map<String, Object> ann = with(person("a@example.com", "Ann"), "parentcustomeridname", "contoso [north] ");
        Map<String, Object> ben = with(person("b@example.com", "Ben"), "parentcustomeridname", "Fabrikam's");
        environment.forgetCalls();
        Map<String, Outcome> outcomes = run.process(List.of(run.image("h1", ann), run.image("h2", ben)));
        assertThat(environment.operations("accounts")).isEqualTo(1);
        String annRow = outcomes.get("h1").targetId();
        assertThat(environment.value(annRow, "_parentcustomerid_value")).isEqualTo(contoso);
        assertThat(environment.value(outcomes.get("h2").targetId(), "_parentcustomerid_value"))
                .isEqualTo(fabrikam);

        assertThat(run.process(List.of(run.image("h2", ben)), Set.of("h2"))
                        .get("h2")
                        .kind())
                .isEqualTo(Kind.UNCHANGED);
        run.process(run.image("h1", with(ann, "parentcustomeridname", "Fabrikam's")));
        assertThat(environment.value(annRow, "_parentcustomerid_value")).isEqualTo(fabrikam);
        run.process(run.image(
                "h1", with(ann, "parentcustomeridname", null), "a@example.com", Set.of("parentcustomeridname")));
        assertThat(environment.value(annRow, "_parentcustomerid_value")).isEmpty();
    }

    @Test
    void aCompanyNameThatLeadsToNoSingleAccountHoldsBackNoOtherColumn() {
        SinkRun run = sink();
        String closed = environment.create("account", Map.of("name", "Closed"));
        environment.update("account", closed, Map.of("statecode", 1, "statuscode", 2));
        environment.create("account", Map.of("name", "Twice"));
        environment.create("account", Map.of("name", "TWICE"));
        Map<String, String> names = Map.of("h1", "Nobody", "h2", "Closed", "h3", "Twice");
        names.forEach((id, name) -> {
            Map<String, Object> values = with(person(id + "@example.com", "Ann"), "parentcustomeridname", name);
            String row = run.process(run.image(id, values)).targetId();
            assertThat(environment.value(row, "firstname")).isEqualTo("Ann");
            assertThat(environment.value(row, "_parentcustomerid_value")).isEmpty();
            assertThat(run.refusals(id)).singleElement().satisfies(outcome -> {
                assertThat(outcome.fields()).containsExactly("parentcustomeridname");
                assertThat(outcome.detail()).contains(name.equals("Twice") ? "2 active accounts" : "no active account");
            });
        });
    }

    private long failures(SinkRun run, String id) {
        return run.refusals(id).stream().filter(LeftOut::newRefusal).count();
    }

    @Test
    void aMissingAccountIsReportedOnceUntilTheValueOrTheAccountsChange() {
        SinkRun run = sink();
        Map<String, Object> ann = with(person("a@example.com", "Ann"), "parentcustomeridname", "Contoso");
        String row = run.process(run.image("h1", ann)).targetId();
        run.process(run.image("h1", ann));
        run.process(run.image("h1", with(ann, "firstname", "Bea")));
        assertThat(failures(run, "h1")).isEqualTo(1);
        assertThat(environment.value(row, "firstname")).isEqualTo("Bea");
        run.process(run.image("h1", with(ann, "parentcustomeridname", "Fabrikam")));
        assertThat(failures(run, "h1")).as("another value").isEqualTo(2);
        String account = environment.create("account", Map.of("name", "Fabrikam"));
        run.process(run.image("h1", with(ann, "parentcustomeridname", "Fabrikam")));
        assertThat(environment.value(row, "_parentcustomerid_value")).isEqualTo(account);
        run.process(run.image("h1", with(ann, "parentcustomeridname", "Contoso")));
        assertThat(failures(run, "h1")).as("the first value again").isEqualTo(3);
    }

    @Test
    void aParentContactIsNeverReplacedByAnAccount() {
        SinkRun run = sink();
        String account = environment.create("account", Map.of("name", "Contoso"));
        String parent = environment.create(person("parent@example.com", "Zoe"));
        String byName = environment.create(person("a@example.com", "Ann"));
        String byId = environment.create(person("b@example.com", "Ben"));
        for (String row : List.of(byName, byId)) {
            environment.update(row, Map.of("parentcustomerid_contact@odata.bind", "/contacts(" + parent + ")"));
        }
        Map<String, Object> ann = with(person("a@example.com", "Bea"), "parentcustomeridname", "Contoso");
        Map<String, Object> ben = with(person("b@example.com", "Bob"), "_parentcustomerid_value", account);
        for (int image = 0; image < 3; image++) {
            run.process(List.of(run.image("h1", ann), run.image("h2", ben)));
        }
        assertThat(environment.value(byName, "_parentcustomerid_value")).isEqualTo(parent);
        assertThat(environment.value(byId, "_parentcustomerid_value")).isEqualTo(parent);
        assertThat(environment.value(byName, "firstname")).isEqualTo("Bea");
        assertThat(environment.value(byId, "firstname")).isEqualTo("Bob");
        assertThat(failures(run, "h1")).isEqualTo(1);
        assertThat(failures(run, "h2")).isEqualTo(1);
    }

    @Test
    void duplicateDetectionRefusesOnRequestOnly() {
        String rule = environment
                .call(
                        "POST",
                        "duplicaterules",
                        Map.of(
                                "name", "Mobile phones",
                                "baseentityname", "contact",
                                "matchingentityname", "contact",
                                "DuplicateRule_DuplicateRuleConditions",
                                        List.of(Map.of(
                                                "baseattributename", "mobilephone",
                                                "matchingattributename", "mobilephone",
                                                "operatorcode", 0))))
                .path("duplicateruleid")
                .asText();
        environment.call("POST", "duplicaterules(" + rule + ")/Microsoft.Dynamics.CRM.PublishDuplicateRule", Map.of());
        environment.create(Map.of("mobilephone", "+1 555 1234"));
        Map<String, Object> ann = with(person("a@example.com", "Ann"), "mobilephone", "+1 555 1234");

        Outcome refused;
        try (SinkRun asking = new SinkRun(environment, Map.of(DynamicsSinkConfig.DUPLICATE_DETECTION, "true"))) {
            refused = asking.process(asking.image("h1", ann));
        }
        assertThat(refused.kind()).isEqualTo(Kind.FAILED);
        assertThat(refused.detail()).containsIgnoringCase("duplicate");
        assertThat(environment.size()).isEqualTo(1);

        SinkRun silent = sink();
        assertThat(silent.process(silent.image("h1", ann)).kind()).isEqualTo(Kind.CREATED);
    }

    @Test
    void plugInsArePassedByOnRequestOnly() {
        environment.fault(
                Map.of("plugin", Map.of("table", "contact", "column", "jobtitle", "value", "Set by a plug-in")));
        SinkRun plain = sink();
        Map<String, Object> ann = with(person("a@example.com", "Ann"), "jobtitle", "Pilot");
        assertThat(environment.value(plain.process(plain.image("h1", ann)).targetId(), "jobtitle"))
                .isEqualTo("Set by a plug-in");
        try (SinkRun bypassing = new SinkRun(environment, Map.of(DynamicsSinkConfig.BYPASS_LOGIC, "CustomSync"))) {
            Map<String, Object> ben = with(person("b@example.com", "Ben"), "jobtitle", "Pilot");
            assertThat(environment.value(
                            bypassing.process(bypassing.image("h2", ben)).targetId(), "jobtitle"))
                    .isEqualTo("Pilot");
        }
    }

    @Test
    void aRowThatViolatesAnAlternateKeyFailsWithDataversesMessage() {
        environment.call(
                "POST",
                "EntityDefinitions(LogicalName='contact')/Keys",
                Map.of("SchemaName", "new_Employee", "KeyAttributes", List.of("employeeid")));
        String other = environment.create(Map.of("employeeid", "7", "emailaddress1", "other@example.com"));
        SinkRun run = sink();
        Outcome refused = run.process(run.image("h1", with(person("a@example.com", "Ann"), "employeeid", "7")));
        assertThat(refused.kind()).isEqualTo(Kind.FAILED);
        assertThat(refused.detail()).contains("Entity Key");
        assertThat(environment.operations("PATCH /api/data/v9.2/contacts({id})"))
                .isLessThanOrEqualTo(2);

        Map<String, Object> ben = person("b@example.com", "Ben");
        String id = run.process(run.image("h2", ben)).targetId();
        Outcome kept = run.process(run.image("h2", with(ben, "employeeid", "7")));
        assertThat(kept.kind()).isEqualTo(Kind.FAILED);
        assertThat(environment.value(id, "employeeid")).isEmpty();
        assertThat(environment.value(other, "employeeid")).isEqualTo("7");
    }

    @Test
    void aRowThatHasGotTheAddressUnderAnAlternateKeyIsLinked() {
        environment.call(
                "POST",
                "EntityDefinitions(LogicalName='contact')/Keys",
                Map.of("SchemaName", "new_Email", "KeyAttributes", List.of("emailaddress1")));
        SinkRun run = sink();
        String[] raced = new String[1];
        run.justBeforeTheNextWrite(() -> raced[0] = environment.create(person("a@example.com", "Somebody")));
        Outcome outcome = run.process(run.image("h1", person("a@example.com", "Ann")));
        assertThat(outcome.targetId()).isEqualTo(raced[0]);
        assertThat(environment.size()).isEqualTo(1);
    }

    @Test
    void theBaseIsWhatTheServerStored() {
        SinkRun run = sink();
        String id = run.process(run.image("h1", with(person("a@example.com", "Ann"), "annualincome", "1234.5")))
                .targetId();
        TargetRecord stored = run.target
                .read(List.of(id), Set.of("annualincome", "firstname"))
                .get(id);
        assertThat(stored.etag()).isEqualTo("W/\"" + stored.version() + "\"");
        environment.forgetCalls();
        assertThat(run.process(run.image("h1", with(person("a@example.com", "Ann"), "annualincome", "1234.50")))
                        .kind())
                .isEqualTo(Kind.UNCHANGED);
    }

    @Test
    void aMissingPrivilegeStopsTheSinkWithASentence() {
        SinkRun run = sink();
        environment.fault(Map.of("missingPrivilege", "prvCreateContact"));
        assertThat(run.process(run.image("h1", person("a@example.com", "Ann"))).kind())
                .as("what else was written with it is recorded first")
                .isEqualTo(Kind.PARKED);
        assertThatThrownBy(() -> run.process(run.image("h1", person("a@example.com", "Ann"))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("application user")
                .hasMessageContaining("prvCreateContact");
    }
}
