package io.github.crmsync.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "max@b\u00fccher.example",
                "max@bu\u0308cher.example",
                "MAX@B\u00dcCHER.Example",
                "max@xn--bcher-kva.example",
                "Max@XN--BCHER-KVA.EXAMPLE",
                " max@b\u00fccher\u3002example\u200b"
            })
    void everySpellingOfADomainIsOneAddress(String spelling) {
        assertThat(Emails.canonical(spelling)).isEqualTo("max@xn--bcher-kva.example");
        assertThat(Emails.spellings(spelling)).contains("max@xn--bcher-kva.example", "max@b\u00fccher.example");
        assertThat(new Meaning(Meaning.Kind.EMAIL, "").same(spelling, "max@b\u00fccher.example"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "ann@example.org, bob@example.org",
        "max@b\u00fccher.example, max@bucher.example",
        // Two domains that may belong to two people.
        "max@stra\u00dfe.example, max@strasse.example"
    })
    void twoAddressesStayTwo(String one, String other) {
        assertThat(Emails.canonical(one)).isNotEqualTo(Emails.canonical(other));
    }

    @Test
    void anAddressInAsciiHasOneSpelling() {
        assertThat(Emails.spellings("Ann@Example.ORG ")).containsExactly("ann@example.org");
        assertThat(Emails.spellings("\u00a0")).isEmpty();
        assertThat(Emails.canonical("\u200b")).isNull();
    }

    @Property
    void theFormOfAnyTextIsItsOwnForm(@ForAll String local, @ForAll String domain) {
        String once = Emails.canonical(local + "@" + domain);
        assertThat(Emails.canonical(once)).isEqualTo(once);
        Emails.spellings(local + "@" + domain)
                .forEach(spelling -> assertThat(spelling).isNotBlank());
    }
}
