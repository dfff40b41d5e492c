package io.github.crmsync.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is right, and would be easy to refuse by mistake; what is wrong is asked of a real worker. */
class SinkChecksTest {
    private static final String EXPRESSION = "transforms.only.filter.expression";

    private static Map<String, List<String>> found(String app, Map<String, String> changes) {
        Map<String, String> connector = new HashMap<>(Map.of(
                "topics",
                "crm.records",
                "sync.name",
                "contacts",
                "transforms",
                "only,email,map,merge",
                "transforms.only.type",
                TransformChain.SYNC_FILTER,
                EXPRESSION,
                "true",
                "transforms.email.type",
                TransformChain.EMAIL_DEDUP,
                "transforms.map.type",
                TransformChain.FIELD_MAPPING,
                "transforms.merge.type",
                TransformChain.CONFLICT_MERGE));
        connector.putAll(changes);
        Findings findings = new Findings(new Config(List.of()));
        new SinkChecks(findings, connector, app).run(Set.of("sync.name"));
        return findings.config().configValues().stream()
                .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "record.country == 'NL'",
                "record.lifecyclestage == 'lead'",
                "has(record.vip_level) && record.vip_level == 'gold'",
                "'vip_level' in record && record.vip_level == 'gold'",
                "record.custom == 'x'"
            })
    void aFilterMayUseWhatIsMappedUsualOrAskedFor(String expression) {
        assertThat(found(
                        "dynamics", Map.of(EXPRESSION, expression, "transforms.map.mapping.add", "custom->new_custom")))
                .isEmpty();
    }

    @Test
    void aFilterBehindTheMappingSeesItsNames() {
        Map<String, String> behind =
                Map.of("transforms", "map,only,merge", EXPRESSION, "record.address1_city == 'Rome'");
        assertThat(found("dynamics", behind)).isEmpty();
        Map<String, String> before = Map.of(EXPRESSION, "record.address1_city == 'Rome'");
        assertThat(found("dynamics", before)).containsOnlyKeys(EXPRESSION);
    }

    @Test
    void nothingIsSaidOfFieldsBehindATransformOfSomebodyElse() {
        assertThat(found(
                        "dynamics",
                        Map.of(
                                "transforms",
                                "rename,only,email,map,merge",
                                "transforms.rename.type",
                                "org.apache.kafka.connect.transforms.ReplaceField$Value",
                                EXPRESSION,
                                "record.land == 'NL'")))
                .isEmpty();
    }

    @Test
    void aFieldOfOnesOwnMayBeCalledLikeAMappedOne() {
        assertThat(found("dynamics", Map.of("transforms.map.mapping.add", "city2->new_city, emails->new_emails")))
                .isEmpty();
    }

    @Test
    void aMappingThatCannotBeReadIsReportedOnceAndHidesNothingElse() {
        assertThat(found(
                        "hubspot",
                        Map.of("transforms.map.mapping", "no arrow", "transforms.merge.field.rules", "a~b=newest")))
                .containsOnlyKeys("transforms.map.mapping");
    }
}
