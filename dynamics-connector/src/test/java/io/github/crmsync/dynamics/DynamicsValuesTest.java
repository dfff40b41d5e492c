package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class DynamicsValuesTest {
    private final ColumnTypes types = new ColumnTypes(
            Map.of(
                    "lastname", column("String"),
                    "annualincome", column("Money"),
                    "numberofchildren", column("Integer"),
                    "donotemail", column("Boolean"),
                    "birthdate", column("DateTime"),
                    "lastused", column("DateTime"),
                    "gendercode", column("Picklist"),
                    "fullname", new ColumnTypes.Attribute("String", false, false),
                    "createdby", column("Lookup"),
                    "parentcustomerid", column("Customer")),
            Set.of("birthdate"),
            new Lookups(Map::of),
            () -> Map.of("gendercode", Map.of("female", 2)));

    private static ColumnTypes.Attribute column(String type) {
        return new ColumnTypes.Attribute(type, true, true);
    }

    @Test
    void equalMeaningGivesEqualText() {
        assertThat(DynamicsValues.normalise("emailaddress1", " Ann@Example.COM "))
                .isEqualTo("ann@example.com");
        assertThat(DynamicsValues.normalise("lastname", " Ünal ")).isEqualTo("Ünal");
        assertThat(DynamicsValues.normalise("annualincome", new BigDecimal("1234.5600000000")))
                .isEqualTo("1234.56");
        assertThat(DynamicsValues.normalise("x", 100)).isEqualTo("100");
        assertThat(DynamicsValues.normalise("x", "2024-06-12T16:13:28.5+02:00")).isEqualTo("2024-06-12T14:13:28Z");
        assertThat(DynamicsValues.normalise("telephone1", "00123")).isEqualTo("00123");
        assertThat(DynamicsValues.normalise("x", "  ")).isNull();
    }

    @Test
    void valuesTakeTheTypeOfTheirColumn() {
        assertThat(types.write("numberofchildren", "3").isInt()).isTrue();
        assertThat(types.write("donotemail", "TRUE").booleanValue()).isTrue();
        assertThat(types.write("annualincome", "10.50").decimalValue()).isEqualByComparingTo("10.5");
        assertThat(types.write("lastname", "").isNull()).isTrue();
        assertThatThrownBy(() -> types.write("numberofchildren", "many"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("numberofchildren");
    }

    @Test
    void whatIsReadIsWhatIsWritten() {
        for (Map.Entry<String, Object> entry : Map.<String, Object>of(
                        "numberofchildren", "03", "donotemail", "1", "annualincome", "1.500")
                .entrySet()) {
            String column = entry.getKey();
            assertThat(types.read(column, types.write(column, entry.getValue())))
                    .isEqualTo(types.convert(column, entry.getValue()));
        }
    }

    @Test
    void datesAndTimesAndOptionsHaveSeveralForms() {
        assertThat(types.write("birthdate", "1990-02-28T00:00:00Z").textValue()).isEqualTo("1990-02-28");
        assertThat(types.write("lastused", "1990-02-28").textValue()).isEqualTo("1990-02-28T00:00:00Z");
        assertThat(types.write("birthdate", "1753-01-01").textValue()).isEqualTo("1753-01-01");
        for (String column : List.of("birthdate", "lastused")) {
            assertThatThrownBy(() -> types.write(column, "1752-12-31"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(column)
                    .hasMessageContaining("from 1753-01-01 on");
        }
        assertThat(types.write("birthdate", "1990-02-28T13:00:00Z").textValue()).isEqualTo("1990-02-28");
        assertThat(types.write("birthdate", "1990-02-28T00:00:00").textValue()).isEqualTo("1990-02-28");
        assertThat(types.write("gendercode", " Female ").intValue()).isEqualTo(2);
        assertThat(types.write("gendercode", "1").intValue()).isEqualTo(1);
        assertThatThrownBy(() -> types.write("gendercode", "unknown"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("gendercode")
                .hasMessageNotContaining("unknown");
    }

    @Test
    void onlyWhatTheTableAcceptsIsWritable() {
        assertThat(types.writable("lastname", true)).isTrue();
        assertThat(types.writable("fullname", true)).isFalse();
        assertThat(types.writable("nosuch", true)).isFalse();
        assertThat(types.writable("_createdby_value", false)).isFalse();
        assertThat(types.writable("_parentcustomerid_value", false)).isTrue();
        assertThat(types.property("_parentcustomerid_value")).isEqualTo("parentcustomerid_account@odata.bind");
    }

    @Test
    void theNameOfALookupComesWithTheLookup() {
        assertThat(types.unknown(java.util.List.of("parentcustomeridname"))).isEmpty();
        assertThat(types.selected(java.util.List.of("lastname", "parentcustomeridname", "_parentcustomerid_value")))
                .containsExactly("lastname", "_parentcustomerid_value");
    }

    @Test
    void lookupsAreKnownByTheirReadName() {
        assertThat(types.unknown(java.util.List.of("_parentcustomerid_value", "nosuch")))
                .containsExactly("nosuch");
    }
}
