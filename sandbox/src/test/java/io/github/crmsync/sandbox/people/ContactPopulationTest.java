package io.github.crmsync.sandbox.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ContactPopulationTest {
    private static final ContactPopulation POPULATION = ContactPopulation.of(2000, 7);

    @Test
    void bothSidesHaveTheAskedNumberAndHalfAreShared() {
        assertThat(POPULATION.hubspotProperties()).hasSize(2000);
        assertThat(POPULATION.dynamicsColumns()).hasSize(2000);
        assertThat(POPULATION.sharedEmails()).hasSize(1000);
    }

    @Test
    void theSameSeedGivesTheSameFill() {
        ContactPopulation again = ContactPopulation.of(2000, 7);
        assertThat(again.hubspotProperties()).isEqualTo(POPULATION.hubspotProperties());
        assertThat(again.dynamicsColumns()).isEqualTo(POPULATION.dynamicsColumns());
    }

    @Test
    void hubspotAddressesAreUnique() {
        List<String> emails = POPULATION.hubspotProperties().stream()
                .filter(row -> row.containsKey("email"))
                .map(row -> row.get("email"))
                .toList();
        assertThat(new HashSet<>(emails)).hasSameSizeAs(emails);
        assertThat(emails).allMatch(email -> email.matches("[a-z0-9.]+@[a-z.]+\\.[a-z]{3}"));
    }

    @Test
    void dynamicsNamesFitTheirColumns() {
        assertThat(POPULATION.dynamicsColumns())
                .allMatch(row -> row.get("firstname").toString().length() <= 50
                        && row.get("lastname").toString().length() <= 50);
    }

    @Test
    void someDynamicsRowsShareAnAddress() {
        List<String> emails = POPULATION.dynamicsColumns().stream()
                .map(row -> String.valueOf(row.get("emailaddress1")))
                .filter(email -> email.contains("example"))
                .toList();
        Set<String> distinct = new HashSet<>(emails);
        assertThat(distinct).hasSizeLessThan(emails.size());
    }

    @Test
    void someSharedPeopleDiffer() {
        Map<String, String> phones = POPULATION.hubspotProperties().stream()
                .filter(row -> row.containsKey("email") && row.containsKey("phone"))
                .collect(Collectors.toMap(row -> row.get("email"), row -> row.get("phone")));
        long differing = POPULATION.dynamicsColumns().stream()
                .filter(row -> POPULATION.sharedEmails().contains(String.valueOf(row.get("emailaddress1"))))
                .filter(row -> row.containsKey("telephone1"))
                .filter(row -> !row.get("telephone1").equals(phones.get(row.get("emailaddress1"))))
                .count();
        assertThat(differing).isBetween(20L, 300L);
    }
}
