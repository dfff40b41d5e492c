package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class DynamicsValuesTest {
    private final ColumnTypes types = new ColumnTypes(Map.of(
            "lastname", "String",
            "annualincome", "Money",
            "numberofchildren", "Integer",
            "donotemail", "Boolean",
            "parentcustomerid", "Customer"));

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
    void lookupsAreKnownByTheirReadName() {
        assertThat(types.unknown(java.util.List.of("_parentcustomerid_value", "nosuch")))
                .containsExactly("nosuch");
    }
}
