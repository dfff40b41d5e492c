package io.github.crmsync.sandbox.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.sandbox.run.Comparison.Direction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final List<FieldPair> FIELDS = FieldPair.of("contact");

    @Test
    void equalPairsConvergeWhateverTheCaseOfTheAddressAndTheFormOfTheText() {
        var result = compare(
                List.of(hubspot("1", "email", "ada@example.com", "lastname", "Zoe\u0308 ")),
                List.of(dynamics("a", 0, "emailaddress1", "Ada@Example.com", "lastname", "Zo\u00eb")),
                Direction.TWO_WAY);

        assertThat(result.converged()).isTrue();
        assertThat(result.linked()).isEqualTo(1);
    }

    @Test
    void aDifferentFieldIsNamedWithoutItsValue() {
        var result = compare(
                List.of(hubspot("1", "email", "ada@example.com", "city", "Paris")),
                List.of(dynamics("a", 0, "emailaddress1", "ada@example.com", "address1_city", "Lyon")),
                Direction.TWO_WAY);

        assertThat(result.converged()).isFalse();
        assertThat(result.examples())
                .singleElement()
                .asString()
                .contains("city~address1_city")
                .doesNotContain("Paris");
    }

    @Test
    void aFieldThatOnlyOneSideHasIsADifferenceInATwoWaySync() {
        var result = compare(
                List.of(hubspot("1", "email", "ada@example.com")),
                List.of(dynamics("a", 0, "emailaddress1", "ada@example.com", "jobtitle", "Buyer")),
                Direction.TWO_WAY);

        assertThat(result.different()).isEqualTo(1);
    }

    @Test
    void oneWayAsksOnlyForTheFilledValuesOfTheSource() {
        var contacts = List.of(hubspot("1", "email", "ada@example.com"));
        var rows = List.of(
                dynamics("a", 0, "emailaddress1", "ada@example.com", "jobtitle", "Buyer"),
                dynamics("b", 0, "emailaddress1", "bo@example.com"));

        assertThat(compare(contacts, rows, Direction.HUBSPOT_TO_DYNAMICS).converged())
                .isTrue();
        assertThat(compare(contacts, rows, Direction.DYNAMICS_TO_HUBSPOT).converged())
                .isFalse();
    }

    @Test
    void everyRecordWithAValidAddressNeedsACounterpart() {
        var result = compare(
                List.of(hubspot("1", "email", "ada@example.com"), hubspot("2", "lastname", "Nobody")),
                List.of(dynamics("a", 0, "emailaddress1", "not-an-address")),
                Direction.TWO_WAY);

        assertThat(result.missing()).isEqualTo(1);
        assertThat(result.noEmail()).isEqualTo(2);
    }

    @Test
    void ofSeveralRowsWithOneAddressOneMustAgreeAndTheOthersAreExcluded() {
        var result = compare(
                List.of(hubspot("1", "email", "ada@example.com", "city", "Paris")),
                List.of(
                        dynamics("b", 9, "emailaddress1", "ada@example.com", "address1_city", "Lyon"),
                        dynamics("a", 0, "emailaddress1", "ada@example.com", "address1_city", "Paris")),
                Direction.TWO_WAY);

        assertThat(result.converged()).isTrue();
        assertThat(result.duplicates()).isEqualTo(1);
    }

    @Test
    void aTextThatTheColumnCannotHoldIsADeclaredDifference() {
        var result = compare(
                List.of(hubspot("1", "email", "ada@example.com", "firstname", "x".repeat(300))),
                List.of(dynamics("a", 0, "emailaddress1", "ada@example.com")),
                Direction.TWO_WAY);

        assertThat(result.converged()).isTrue();
        assertThat(result.tooLong()).isEqualTo(1);
    }

    @Test
    void twoHubSpotContactsWithOneAddressNeverConverge() {
        var result = compare(
                List.of(hubspot("1", "email", "ada@example.com"), hubspot("2", "email", "ada@example.com")),
                List.of(dynamics("a", 0, "emailaddress1", "ada@example.com")),
                Direction.TWO_WAY);

        assertThat(result.converged()).isFalse();
    }

    private static Comparison.Result compare(List<CrmRecord> hubspot, List<CrmRecord> dynamics, Direction direction) {
        return Comparison.compare(hubspot, dynamics, FIELDS, direction);
    }

    private static CrmRecord hubspot(String id, String... fields) {
        return record(id, 0, fields);
    }

    private static CrmRecord dynamics(String id, long created, String... fields) {
        return record(id, created, fields);
    }

    private static CrmRecord record(String id, long created, String... fields) {
        Map<String, String> values = new java.util.HashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            values.put(fields[i], fields[i + 1]);
        }
        return new CrmRecord(id, Instant.ofEpochMilli(created), values);
    }
}
