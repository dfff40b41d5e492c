package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HubSpotValuesTest {
    private final HubSpotValues values = new HubSpotValues(Stream.of(
                    new PropertyInfo("size", "number", "number", "", 0, false),
                    new PropertyInfo("vip", "bool", "booleancheckbox", "", 0, false),
                    new PropertyInfo("seen", "datetime", "date", "", 0, false),
                    new PropertyInfo("birthday", "date", "date", "", 0, false),
                    new PropertyInfo("topics", "enumeration", "checkbox", "", 0, false))
            .collect(Collectors.toMap(PropertyInfo::name, Function.identity())));

    private void same(String field, Object one, Object other) {
        assertThat(values.fingerprint(field, one)).isEqualTo(values.fingerprint(field, other));
    }

    @Test
    void equalMeaningGivesEqualFingerprints() {
        same("email", "Ann@Example.com", "ann@example.com");
        same("size", "17", "17.0");
        same("size", 1700, "1.7E3");
        same("size", "0", "0.00");
        same("vip", true, "True");
        same("seen", "2026-11-24T10:00:00Z", "2026-11-24T10:00:00.000Z");
        same("seen", "2026-11-24T10:00:00Z", "1795514400000");
        same("birthday", "2000-01-31", "949276800000");
        same("topics", "b;a", "a;b");
        same("topics", "b; a;", "a;b");
        same("email", "max@b\u00fccher.example", "max@xn--bcher-kva.example");
        same("hs_additional_emails", "a@b.org;max@b\u00fccher.example", "A@b.org; max@xn--bcher-kva.example");
        same("firstname", "\u200b", null);
        same("firstname", null, "");
    }

    @Test
    void differentMeaningGivesDifferentFingerprints() {
        assertThat(values.normalise("phone", "00123")).isEqualTo("00123");
        assertThat(values.fingerprint("phone", "00123")).isNotEqualTo(values.fingerprint("phone", "123"));
        assertThat(values.fingerprint("firstname", "ann")).isNotEqualTo(values.fingerprint("firstname", "Ann"));
    }

    @Test
    void whatIsNotOfItsTypeStaysText() {
        assertThat(values.normalise("size", "many")).isEqualTo("many");
        assertThat(values.normalise("birthday", "yesterday")).isEqualTo("yesterday");
    }

    @Test
    void writesClearWithTheEmptyTextAndNeverAppend() {
        assertThat(values.write("firstname", null)).isEmpty();
        assertThat(values.write("topics", ";a;b")).isEqualTo("a;b");
        assertThat(values.write("vip", "TRUE")).isEqualTo("true");
        assertThat(values.write("birthday", "2000-01-31T00:00:00Z")).isEqualTo("2000-01-31");
    }

    @Test
    void aTimeHasItsDayInTheZoneThatIsSet() {
        HubSpotValues west = new HubSpotValues(
                Map.of("birthday", new PropertyInfo("birthday", "date", "date", "", 0, false)),
                java.time.ZoneId.of("America/Los_Angeles"));
        assertThat(west.write("birthday", "2023-04-01T01:09:44Z")).isEqualTo("2023-03-31");
        assertThat(west.normalise("birthday", "1680307200000")).isEqualTo("2023-04-01");
        assertThat(values.write("birthday", "2023-04-01T01:09:44Z")).isEqualTo("2023-04-01");
    }

    @Test
    void aTimeBeyondAllCalendarsAndANumberBeyondAllMemoryStayText() {
        assertThat(values.normalise("seen", "+999999999-01-01T00:00:00Z")).isEqualTo("+999999999-01-01T00:00:00Z");
        assertThat(values.normalise("size", "1E999999999")).isEqualTo("1E999999999");
        assertThat(HubSpotValues.millis("+999999999-01-01T00:00:00Z")).isZero();
    }

    @Test
    void readsTimesWithAndWithoutFraction() {
        assertThat(HubSpotValues.millis("1970-01-01T00:00:01Z")).isEqualTo(1_000);
        assertThat(HubSpotValues.millis("1970-01-01T00:00:01.007Z")).isEqualTo(1_007);
        assertThat(HubSpotValues.millis("1007")).isEqualTo(1_007);
        assertThat(HubSpotValues.millis(null)).isZero();
    }

    @Test
    void everyAddressOfAContactCounts() {
        Contact contact = new Contact(
                "1", 0, 0, false, 0, Map.of("email", "A@x.com", "hs_additional_emails", "b@x.com;C@x.com"), null);
        assertThat(contact.emails()).containsExactly("a@x.com", "b@x.com", "c@x.com");
    }
}
