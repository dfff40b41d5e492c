package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.LeftOut;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.core.sink.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an organization's own logic and column security do to a sink: one row or one column is refused, the others go on. */
class PlugInsTest {
    private final Environment environment = Environment.open();
    private final SinkRun sink = new SinkRun(environment);

    @AfterEach
    void close() {
        sink.close();
        environment.close();
    }

    private static Map<String, Object> person(String id, String firstName) {
        return new HashMap<>(Environment.person(id + "@example.com", firstName));
    }

    private List<Work> people(String firstName) {
        List<Work> works = new ArrayList<>();
        for (String id : List.of("h1", "poison", "h3")) {
            works.add(sink.image(id, person(id, firstName)));
        }
        return works;
    }

    private void refuse(int status, String code) {
        environment.fault(Map.of(
                "refusal",
                Map.of(
                        "table", "contact",
                        "column", "emailaddress1",
                        "value", "poison@example.com",
                        "status", status,
                        "code", code,
                        "message", "Not this one.")));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 408, 409, 410, 411, 412, 413, 424, 429, 500, 501, 502, 503, 504})
    void aPlugInThatRefusesOneRowHoldsBackNoOther(int status) {
        String known = environment.create(person("poison", "Old"));
        refuse(status, status % 2 == 0 ? "0x80040265" : "0x80040224");

        Map<String, Outcome> outcomes = sink.process(people("Ann"));

        boolean mayPass = status == 429 || status >= 500;
        assertThat(outcomes.remove("poison")).satisfies(poison -> {
            assertThat(poison.kind()).matches(kind -> mayPass ? kind.parked() : kind == Kind.FAILED);
            assertThat(poison.detail()).contains("Not this one.");
        });
        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Kind.CREATED);
        assertThat(environment.value(known, "firstname")).isEqualTo("Old");
        assertThat(environment.operations("PATCH /api/data/v9.2/contacts({id})"))
                .as("it does not turn in circles")
                .isEqualTo(3);
        assertThat(sink.process(sink.image("h4", person("h4", "Bea"))).kind())
                .as("nor does it silence the others")
                .isEqualTo(Kind.CREATED);
    }

    @Test
    void aPlugInThatRefusesACreationHoldsBackNoOther() {
        refuse(403, "0x80040265");
        Map<String, Outcome> outcomes = sink.process(people("Ann"));
        assertThat(outcomes.remove("poison").kind()).isEqualTo(Kind.FAILED);
        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Kind.CREATED);
        assertThat(environment.size()).isEqualTo(2);
    }

    @Test
    void aSecuredColumnIsLeftOutAndTheRestIsWritten() {
        environment.fault(Map.of("secure", Map.of("table", "contact", "column", "governmentid", "read", true)));
        Map<String, Object> values = person("h1", "Ann");
        values.put("governmentid", "123");
        values.put("jobtitle", "Pilot");
        Map<String, Outcome> created = sink.process(List.of(
                sink.image("h0", person("h0", "Zoe")),
                sink.image("h1", values),
                sink.image("h2", person("h2", "Ben"))));
        assertThat(created.values()).extracting(Outcome::kind).containsOnly(Kind.CREATED);
        String id = created.get("h1").targetId();
        assertThat(environment.value(id, "jobtitle")).isEqualTo("Pilot");

        values.put("firstname", "Bea");
        values.put("governmentid", "456");
        assertThat(sink.process(sink.image("h1", values)).kind()).isEqualTo(Kind.UPDATED);
        assertThat(environment.value(id, "firstname")).isEqualTo("Bea");
        assertThat(sink.refusals("h1"))
                .isNotEmpty()
                .allSatisfy(report -> assertThat(report.detail()).contains("secured field"))
                .flatExtracting(LeftOut::fields)
                .containsOnly("governmentid");
    }

    @Test
    void ofTwoSecuredColumnsOnlyTheOneThatMayNotBeSetIsLeftOut() {
        environment.fault(Map.of("secure", Map.of("table", "contact", "column", "governmentid", "read", true)));
        environment.fault(Map.of(
                "secure",
                Map.of("table", "contact", "column", "employeeid", "read", true, "create", true, "update", true)));
        Map<String, Object> values = person("h1", "Ann");
        values.put("governmentid", "123");
        values.put("employeeid", "7");
        String id = sink.process(sink.image("h1", values)).targetId();
        assertThat(environment.value(id, "employeeid")).isEqualTo("7");
        assertThat(environment.value(id, "governmentid")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prvAppendContact", "prvAppendToAccount"})
    void aMissingPrivilegeToSetALookupHoldsBackThatLookupOnly(String privilege) {
        String account = environment.create("account", Map.of("name", "Contoso"));
        environment.fault(Map.of("missingPrivilege", privilege));
        Map<String, Object> values = person("h1", "Ann");
        values.put("_parentcustomerid_value", account);
        Map<String, Outcome> outcomes =
                sink.process(List.of(sink.image("h0", person("h0", "Zoe")), sink.image("h1", values)));
        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Kind.CREATED);
        assertThat(environment.value(outcomes.get("h1").targetId(), "firstname"))
                .isEqualTo("Ann");
        assertThat(sink.refusals("h1"))
                .isNotEmpty()
                .allSatisfy(report -> assertThat(report.detail()).contains(privilege))
                .flatExtracting(LeftOut::fields)
                .containsOnly("_parentcustomerid_value");
    }

    @Test
    void whatWasWrittenBesideARefusalIsRecorded() {
        environment.create(person("poison", "Old"));
        environment.fault(Map.of(
                "refusal",
                Map.of(
                        "table", "contact",
                        "column", "emailaddress1",
                        "value", "poison@example.com",
                        "status", 403,
                        "code", "0x80040220",
                        "message", "Principal user (Id=1, type=8) is missing prvWriteContact privilege")));
        Map<String, Outcome> outcomes = sink.process(people("Ann"));
        assertThat(outcomes.get("h1").kind()).isEqualTo(Kind.CREATED);
        assertThat(outcomes.get("h3").kind()).isEqualTo(Kind.CREATED);
        assertThat(sink.process(List.of(sink.image("h1", person("h1", "Ann"))), Set.of())
                        .get("h1")
                        .kind())
                .as("its link and what was agreed are in the ledger")
                .isEqualTo(Kind.UNCHANGED);
    }
}
