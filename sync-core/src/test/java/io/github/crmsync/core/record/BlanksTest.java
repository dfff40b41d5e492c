package io.github.crmsync.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlanksTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\t\r\n",
                "\u0085",
                "\u00a0",
                "\u00ad",
                "\u1680",
                "\u2003",
                "\u200b",
                "\u200d",
                "\u200e",
                "\u2028",
                "\u2060",
                "\u3000",
                "\u3164",
                "\ufe0f",
                "\ufeff",
                "\ufeff \u200b\u3000",
                "\udb40\udc20"
            })
    void whatLeavesNoMarkOnPaperIsNoValue(String blank) {
        assertThat(Blanks.isBlank(blank)).isTrue();
        assertThat(Fingerprints.of(blank)).isEqualTo(Fingerprints.EMPTY);
        assertThat(Blanks.strip(blank + "a b" + blank)).startsWith("a b");
        for (Meaning.Kind kind : Meaning.Kind.values()) {
            assertThat(new Meaning(kind, "DE").same(blank, null)).isTrue();
            assertThat(new Meaning(kind, "DE").same(blank, "0")).isFalse();
        }
        assertThat(new StageDirective("stage", "lead", java.util.List.of("lead")).promotes(blank))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-", ".", "\u0000", "\u2800", "\u0301", "\u00b7"})
    void whatIsSeenIsAValue(String text) {
        assertThat(Blanks.isBlank(text)).isFalse();
        assertThat(Fingerprints.of(text)).isNotEqualTo(Fingerprints.EMPTY);
    }

    @Test
    void numbersAndTruthValuesAreValues() {
        assertThat(Blanks.isBlank(null)).isTrue();
        assertThat(Blanks.isBlank(0)).isFalse();
        assertThat(Blanks.isBlank(false)).isFalse();
    }

    @Test
    void flagsThatDifferInTheirTagsOnlyStayApart() {
        String england = "\ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc65\udb40\udc6e\udb40\udc67\udb40\udc7f";
        assertThat(Blanks.strip(" " + england + " ")).isEqualTo(england);
        assertThat(Fingerprints.of(england)).isNotEqualTo(Fingerprints.of("\ud83c\udff4"));
    }

    @Property
    void strippingLeavesOneFormForAnyText(@ForAll String text) {
        String stripped = Blanks.strip(text);
        assertThat(Blanks.strip(stripped)).isEqualTo(stripped);
        assertThat(Blanks.strip(" \u200b" + text + "\u3000 ")).isEqualTo(stripped);
        assertThat(Blanks.isBlank(text)).isEqualTo(stripped.isEmpty());
    }
}
