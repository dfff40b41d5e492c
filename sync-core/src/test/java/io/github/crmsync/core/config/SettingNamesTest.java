package io.github.crmsync.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingNamesTest {
    private static final Set<String> OWN = Set.of(
            "max.creates.per.day",
            "max.updates.per.day",
            "link.property",
            "hubspot.access.token",
            "ledger.topic",
            "report.topic",
            "sync.name");

    private static Map<String, List<String>> found(Map<String, String> connector) {
        Findings findings = new Findings(new Config(List.of()));
        new SettingNames(OWN, true).check(connector, findings);
        return findings.config().configValues().stream()
                .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
    }

    @ParameterizedTest
    @CsvSource({
        "max.create.per.day, max.creates.per.day",
        "max_creates_per_day, max.creates.per.day",
        "Max.Creates.Per.Day, max.creates.per.day",
        "max.creates.per.dya, max.creates.per.day",
        "max.creates, max.creates.per.day",
        "hubspot.token, hubspot.access.token",
        "topic.report, report.topic",
        "report.topic.name, report.topic",
        "error.tolerance, errors.tolerance",
        "topic, topics",
        "ledger.client.security.protokol, ledger.client.security.protocol",
        "ledger.sasl.mechanism, ledger.client.sasl.mechanism"
    })
    void namesTheSettingThatWasMeant(String wrong, String meant) {
        // A name without a dot may be any word of the message, so the message begins with it.
        String named = wrong.contains(".") ? "" : wrong + ": ";
        assertThat(found(Map.of(wrong, "secret")))
                .containsExactly(Map.entry(
                        wrong, List.of(named + "There is no setting " + wrong + ". Did you mean " + meant + "?")));
    }

    @ParameterizedTest
    @CsvSource({
        "max.creates.per.day",
        "name",
        "tasks.max",
        "topics.regex",
        "errors.deadletterqueue.topic.name",
        "value.converter.schemas.enable",
        "value.converter.schema.registry.url",
        "transforms.other.anything",
        "predicates.mine.pattern",
        "consumer.override.max.poll.records",
        "topic.creation.default.partitions",
        "config.providers.env.class",
        "ledger.client.ssl.truststore.location",
        "ledger.client.interceptor.of.ours",
        "owner.team",
        "description"
    })
    void leavesOthersSettingsAlone(String name) {
        assertThat(found(Map.of(name, "value"))).isEmpty();
    }

    @Test
    void aTransformHasItsOwnSettingsOnly() {
        Map<String, String> connector = Map.of(
                "transforms", "map",
                "transforms.map.type", TransformChain.FIELD_MAPPING,
                "transforms.map.maping", "default-lead",
                "transforms.map.options.rating", "a=1",
                "transforms.map.predicate", "p");
        assertThat(found(connector))
                .containsOnlyKeys("transforms.map.maping")
                .extractingByKey("transforms.map.maping")
                .asString()
                .contains("Did you mean transforms.map.mapping?");
    }

    @ParameterizedTest
    @CsvSource({
        "contry, country",
        "emial, email",
        "adress1_citty, address1_city",
        "First-Name, first.name",
    })
    void nearestNames(String wrong, String meant) {
        List<String> known = List.of("country", "email", "address1_city", "first.name", "city");
        assertThat(Names.nearest(wrong, known)).contains(meant);
        assertThat(Names.nearest("salary", known)).isEmpty();
    }

    @Test
    void namesThatDifferInDigitsAreNoSlips() {
        assertThat(Names.slip("email2", List.of("email"))).isEmpty();
        assertThat(Names.slip("city", List.of("city", "citi"))).isEmpty();
        assertThat(Names.slip("jobtitel", List.of("jobtitle"))).contains("jobtitle");
    }
}
