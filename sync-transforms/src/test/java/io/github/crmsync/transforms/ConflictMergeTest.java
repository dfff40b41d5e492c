package io.github.crmsync.transforms;

import static io.github.crmsync.transforms.Records.configured;
import static io.github.crmsync.transforms.Records.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.MergePolicy.Restrictive;
import io.github.crmsync.core.record.MergePolicy.Rule;
import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.transforms.Records.Shape;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConflictMergeTest {
    private static MergePolicy policy(SinkRecord message, String... settings) {
        SinkRecord result =
                configured(new ConflictMerge<SinkRecord>(), settings).apply(message);
        assertThat(result.value()).isEqualTo(message.value());
        return MergePolicy.parse(header(result, SyncHeaders.MERGE));
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void twoWayIsTheDefault(Shape shape) {
        MergePolicy policy = policy(shape.record("a", "b"), "default.app", "hubspot");
        assertThat(policy.defaultApp()).isEqualTo("hubspot");
        assertThat(policy.twoWay()).isTrue();
        assertThat(policy.rule("email~emailaddress1")).isEqualTo(Rule.DEFAULT);
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void allSettingsArriveInTheHeader(Shape shape) {
        MergePolicy policy = policy(
                shape.record("a", "b"),
                "default.app",
                "dynamics",
                "direction",
                "one-way",
                "field.rules",
                "phone~telephone1=newest, city~address1_city=never",
                "propagate.clears",
                "fax~fax");
        assertThat(policy.defaultApp()).isEqualTo("dynamics");
        assertThat(policy.twoWay()).isFalse();
        assertThat(policy.rules()).isEqualTo(Map.of("phone~telephone1", Rule.NEWEST, "city~address1_city", Rule.NEVER));
        assertThat(policy.propagateClears()).containsExactly("fax~fax");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void everyRuleHasAName(Shape shape) {
        MergePolicy policy = policy(
                shape.record("a", "b"),
                "default.app",
                "hubspot",
                "field.rules",
                "a~a=hubspot,b~b=dynamics,c~c=hubspot-always,d~d=dynamics-always,e~e=newest,f~f=hold,"
                        + "g~g=restrictive( true ), h~h=restrictive(Opted out=1),i~i=never,j~j=default");
        assertThat(policy.rules()).hasSize(10).containsValues(Rule.values());
        assertThat(policy.rule("c~c")).isEqualTo(Rule.HUBSPOT_ALWAYS);
        assertThat(policy.restrictive())
                .isEqualTo(Map.of("g~g", new Restrictive("true", "true"), "h~h", new Restrictive("Opted out", "1")));
    }

    @Test
    void aPolicyOfAnEarlierVersionCanBeRead() {
        MergePolicy policy = MergePolicy.parse(
                "{\"defaultApp\":\"hubspot\",\"twoWay\":true,\"rules\":{\"a~b\":\"NEWEST\"},\"propagateClears\":[]}");
        assertThat(policy).isEqualTo(new MergePolicy("hubspot", true, Map.of("a~b", Rule.NEWEST), Set.of()));
    }

    @Test
    void aWrongRuleIsAnsweredWithTheListOfRules() {
        assertThat(ConflictMerge.CONFIG
                        .validateAll(Map.of("default.app", "hubspot", "field.rules", "a~b=alway"))
                        .get("field.rules")
                        .errorMessages())
                .singleElement()
                .asString()
                .contains("hubspot-always", "dynamics-always", "newest", "hold", "restrictive(value)", "never");
    }

    @Test
    void tombstonesCarryThePolicyToo() {
        assertThat(policy(Records.tombstone(), "default.app", "hubspot").twoWay())
                .isTrue();
    }

    @Test
    void theDefaultAppIsRequired() {
        assertThat(ConflictMerge.CONFIG.validateAll(Map.of()).get("default.app").errorMessages())
                .isNotEmpty();
        assertThat(ConflictMerge.CONFIG
                        .validateAll(Map.of("default.app", "salesforce"))
                        .get("default.app")
                        .errorMessages())
                .singleElement()
                .asString()
                .contains("default.app", "hubspot, dynamics");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "phone=newest",
                "phone~telephone1",
                "phone~telephone1=salesforce",
                "a~b=newest,a~b=never",
                "a~b=restrictive",
                "a~b=restrictive()",
                "a~b=restrictive(1=2=3)",
                "a~b=always",
                "a~=never"
            })
    void aRuleThatCannotBeReadIsFoundWhenTheConfigurationIsValidated(String rules) {
        assertThat(ConflictMerge.CONFIG
                        .validateAll(Map.of("default.app", "hubspot", "field.rules", rules))
                        .get("field.rules")
                        .errorMessages())
                .singleElement()
                .asString()
                .contains("field.rules");
    }
}
