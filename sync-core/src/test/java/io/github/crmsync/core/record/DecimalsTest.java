package io.github.crmsync.core.record;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"1E999999999", "-1e+2147483647", "1E-999999999", "0E999999999", "1E401", "x", "", "1E99999999999"
            })
    void aNumberThatIsTooLongToWriteOutIsNone(String text) {
        assertThatThrownBy(() -> Decimals.parse(text)).isInstanceOf(NumberFormatException.class);
    }

    @Test
    void aTextOfAMillionDigitsIsNotEvenRead() {
        String digits = "9".repeat(1_000_000);
        assertTimeoutPreemptively(
                ofSeconds(1),
                () -> assertThatThrownBy(() -> Decimals.parse(digits)).isInstanceOf(NumberFormatException.class));
    }

    @Test
    void whatAnAppStoresIsRead() {
        assertThat(Decimals.plain(Decimals.parse("1E3"))).isEqualTo("1000");
        assertThat(Decimals.canonical(Decimals.parse("-0.10"))).isEqualTo("-0.1");
        assertThat(Decimals.canonical(Decimals.parse("0.000"))).isEqualTo("0");
        assertThat(Decimals.parse(Double.toString(Double.MAX_VALUE))).isPositive();
        assertThat(Decimals.parse(Double.toString(Double.MIN_VALUE))).isPositive();
        assertThat(Decimals.canonical(Decimals.parse("1000"))).isEqualTo(Decimals.canonical(Decimals.parse("1E3")));
    }

    @Test
    void aNumberOfAnyOtherOriginIsNeverWrittenOutEither() {
        BigDecimal huge = new BigDecimal("1E999999999");
        assertTimeoutPreemptively(ofSeconds(1), () -> {
            assertThat(Decimals.plain(huge)).hasSizeLessThan(20);
            assertThat(Meaning.TEXT.same(huge, huge)).isTrue();
        });
    }
}
