package io.github.crmsync.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.record.Meaning.Kind;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MeaningTest {
    private static final Meaning PHONE = new Meaning(Kind.PHONE, "DE");
    private static final Meaning COUNTRY = new Meaning(Kind.COUNTRY, "");
    private static final Meaning EMAIL = new Meaning(Kind.EMAIL, "");

    /** Spellings that are likely to be taken for one another, rightly or wrongly. */
    private static final List<Object> VALUES = values();

    private static List<Object> values() {
        return Stream.<Object>of(
                        "",
                        " ",
                        "\t",
                        "\u00a0",
                        "\u200b",
                        "\u3000",
                        "\ufeff",
                        "\u00ad",
                        "1E999999999",
                        new java.math.BigDecimal("1E999999999"),
                        "a@b\u00fccher.example",
                        "A@XN--BCHER-KVA.example",
                        "0",
                        0,
                        "00",
                        "-",
                        "+",
                        "false",
                        false,
                        true,
                        "1",
                        1L,
                        "+49 30 1234567",
                        "030 1234567",
                        "030/123-45 67",
                        "+49 (0)30 1234567",
                        "0049301234567",
                        "tel:+49301234567",
                        "+49 30 1234567 ext. 12",
                        "+49301234567 x12",
                        "+49301234567;ext=12",
                        "+493012345671",
                        "+1 30 1234567",
                        "030 1234567 (private)",
                        "call 030 1234567",
                        "030 1234567 / 0171 1234567",
                        "text:+49301234567",
                        "+49301234567",
                        "1-800-FLOWERS",
                        "de",
                        "DE",
                        "DEU",
                        "Germany",
                        "germany ",
                        "Deutschland",
                        "Allemagne",
                        "West Germany",
                        "text:DE",
                        "US",
                        "USA",
                        "U.S.A.",
                        "United States",
                        "UK",
                        "GB",
                        "Great Britain",
                        "Niger",
                        "Nigeria",
                        "NE",
                        "a@b.org",
                        "A@B.ORG",
                        " a@b.org ",
                        "a b",
                        "a  b",
                        "a\u00a0b",
                        "a\r\nb",
                        "A B",
                        "ab",
                        "\u00e9",
                        "e\u0301")
                .toList();
    }

    private static List<Meaning> meanings() {
        return List.of(Meaning.TEXT, PHONE, new Meaning(Kind.PHONE, ""), COUNTRY, EMAIL);
    }

    @Test
    void itIsAnEquivalenceOnEverySpellingInTheList() {
        for (Meaning meaning : meanings()) {
            for (Object a : VALUES) {
                assertThat(meaning.same(a, a)).isTrue();
                for (Object b : VALUES) {
                    assertThat(meaning.same(a, b)).isEqualTo(meaning.same(b, a));
                    for (Object c : VALUES) {
                        if (meaning.same(a, b) && meaning.same(b, c)) {
                            assertThat(meaning.same(a, c))
                                    .as("%s: %s, %s, %s", meaning, a, b, c)
                                    .isTrue();
                        }
                    }
                }
            }
        }
    }

    @Test
    void anEmptyValueMeansTheSameAsNoFilledOne() {
        for (Meaning meaning : meanings()) {
            for (Object a : VALUES) {
                for (Object b : VALUES) {
                    boolean emptyA = Fingerprints.of(a) == Fingerprints.EMPTY;
                    boolean emptyB = Fingerprints.of(b) == Fingerprints.EMPTY;
                    assertThat(meaning.same(a, b) && emptyA != emptyB)
                            .as("%s: %s, %s", meaning, a, b)
                            .isFalse();
                    assertThat(emptyA && emptyB).as("%s: %s, %s", meaning, a, b).isIn(false, meaning.same(a, b));
                }
            }
            assertThat(meaning.same(null, "")).isTrue();
            assertThat(meaning.same(null, 0)).isFalse();
            assertThat(meaning.same("", false)).isFalse();
        }
    }

    @Property
    void theLawsHoldForAnyText(@ForAll("texts") String a, @ForAll("texts") String b, @ForAll("texts") String c) {
        for (Meaning meaning : meanings()) {
            assertThat(meaning.same(a, a)).isTrue();
            assertThat(meaning.same(a, b)).isEqualTo(meaning.same(b, a));
            assertThat(meaning.same(a, b) && meaning.same(b, c) && !meaning.same(a, c))
                    .isFalse();
            assertThat(meaning.same(a, "")).isEqualTo(Fingerprints.of(a) == Fingerprints.EMPTY);
            assertThat(Fingerprints.of(a) != Fingerprints.of(b) || meaning.same(a, b))
                    .isTrue();
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings(),
                Arbitraries.strings().withChars("0123456789+-/() x.").ofMaxLength(14),
                Arbitraries.of(VALUES).map(String::valueOf));
    }

    @ParameterizedTest
    @CsvSource({
        "+49 30 1234567,      030 1234567",
        "+49 30 1234567,      (030) 123-45-67",
        "+49 (0)30 1234567,   0049 30 1234567",
        "+49 30 1234567 x12,  030/1234567 ext. 12",
        "+1 (212) 555-2368,   +12125552368",
        "tel:+12125552368,    +1.212.555.2368"
    })
    void phoneNumbersAreTheSameInEveryStyle(String one, String other) {
        assertThat(PHONE.same(one, other)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "030 1234567,         030 1234568",
        "030 1234567,         +1 30 1234567",
        "030 1234567,         030 1234567 ext. 12",
        "030 1234567,         030 1234567 (private)",
        "030 1234567,         030 1234567 / 0171 1234567",
        "0,                   +49"
    })
    void aNumberWithSomethingElseIsAnotherValue(String one, String other) {
        assertThat(PHONE.same(one, other)).isFalse();
    }

    @Test
    void whatIsNoNumberIsComparedAsText() {
        assertThat(PHONE.same("ask  Ann", " ask Ann")).isTrue();
        assertThat(PHONE.same("ask Ann", "ask Bob")).isFalse();
        assertThat(new Meaning(Kind.PHONE, "").same("030 1234567", "030  1234567"))
                .isTrue();
        assertThat(new Meaning(Kind.PHONE, "").same("030 1234567", "+49301234567"))
                .isFalse();
    }

    @Test
    void everyCountryIsTheSameByNameAndByCode() {
        for (String code : Locale.getISOCountries()) {
            Locale country = new Locale.Builder().setRegion(code).build();
            String name = country.getDisplayCountry(Locale.ENGLISH);
            assertThat(COUNTRY.same(code, country.getISO3Country())).as(code).isTrue();
            assertThat(COUNTRY.same(code, name.toUpperCase(Locale.ROOT)))
                    .as(name)
                    .isTrue();
        }
        List<String> codes = List.of(Locale.getISOCountries());
        codes.forEach(a -> codes.forEach(b -> assertThat(COUNTRY.same(a, b)).isEqualTo(a.equals(b))));
    }

    @ParameterizedTest
    @CsvSource({
        "DE, Deutschland, true",
        "ES, españa, true",
        "US, U.S.A., true",
        "UK, United Kingdom, true",
        "NL, The Netherlands, true",
        "Niger, Nigeria, false",
        "DE, West Germany, false",
        "Atlantis, atlantis, false"
    })
    void countriesGoByTheirUsualNames(String one, String other, boolean same) {
        assertThat(COUNTRY.same(one, other)).isEqualTo(same);
    }

    @Test
    void eMailAddressesHaveNoCaseButTextHas() {
        assertThat(EMAIL.same("Ann@Example.org", "ann@example.ORG")).isTrue();
        assertThat(Meaning.TEXT.same("Ann", "ann")).isFalse();
        assertThat(Meaning.TEXT.same("1 Main St\r\nApt  4", " 1 Main St Apt 4")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theDirectiveCarriesTheMeaning(Kind kind) {
        List<MappedField> fields = List.of(
                new MappedField("a", "b", new Meaning(kind, "NL")), new MappedField("c", "d"),
                new MappedField("e", "f", new Meaning(kind, "NL"), true),
                        new MappedField("g", "h", Meaning.TEXT, true));
        assertThat(MappedField.parse(MappedField.format(fields))).isEqualTo(fields);
    }

    @Test
    void aDirectiveOfAnEarlierVersionHoldsText() {
        assertThat(MappedField.parse("a>b,c>d")).containsExactly(new MappedField("a", "b"), new MappedField("c", "d"));
        assertThatThrownBy(() -> MappedField.parse("a>b:colour")).hasMessageContaining("colour");
    }
}
