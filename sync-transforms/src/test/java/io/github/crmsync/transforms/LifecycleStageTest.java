package io.github.crmsync.transforms;

import static io.github.crmsync.transforms.Records.configured;
import static io.github.crmsync.transforms.Records.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.record.StageDirective;
import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.transforms.Records.Shape;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifecycleStageTest {
    private static LifecycleStage<SinkRecord> stage(String... settings) {
        return configured(new LifecycleStage<>(), settings);
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aStageIsSetOnCreationOnlyUnlessUpdatesPromote(Shape shape) {
        SinkRecord result = stage("stage.value", "lead").apply(shape.record("a", "b"));
        assertThat(header(result, SyncHeaders.ON_CREATE)).isEqualTo("{\"lifecyclestage\":\"lead\"}");
        assertThat(header(result, SyncHeaders.ON_UPDATE)).isNull();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void updatesPromoteInTheFunnelsOrder(Shape shape) {
        SinkRecord result = stage("stage.value", "customer", "stage.on.create", "none", "stage.on.update", "promote")
                .apply(shape.record("a", "b"));
        assertThat(header(result, SyncHeaders.ON_CREATE)).isNull();
        StageDirective directive = StageDirective.parse(header(result, SyncHeaders.ON_UPDATE));
        assertThat(directive.field()).isEqualTo("lifecyclestage");
        assertThat(directive.promotes("")).isTrue();
        assertThat(directive.promotes("lead")).isTrue();
        assertThat(directive.promotes("customer")).isFalse();
        assertThat(directive.promotes("evangelist")).isFalse();
        assertThat(directive.promotes("stage-of-the-portals-own")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void theFirstRuleThatMatchesTheSourcesValuesDecides(Shape shape) {
        LifecycleStage<SinkRecord> stage = stage(
                "stage.rules",
                "statecode=1:salesqualifiedlead, customertypecode=3:customer, parent=:subscriber",
                "stage.value",
                "lead");
        assertThat(header(stage.apply(shape.record("statecode", 1, "customertypecode", 3)), SyncHeaders.ON_CREATE))
                .contains("salesqualifiedlead");
        assertThat(header(stage.apply(shape.record("statecode", 0L, "customertypecode", "3")), SyncHeaders.ON_CREATE))
                .contains("customer");
        assertThat(header(stage.apply(shape.record("parent", null)), SyncHeaders.ON_CREATE))
                .contains("subscriber");
        assertThat(header(stage.apply(shape.record("parent", "x")), SyncHeaders.ON_CREATE))
                .contains("lead");
    }

    @Test
    void aRecordThatNoRuleMatchesIsLeftAloneWithoutAStage() {
        SinkRecord message = Shape.MAP.record("statecode", 0);
        assertThat(stage("stage.rules", "statecode=1:customer").apply(message)).isSameAs(message);
    }

    @Test
    void fieldAndOrderCanBeThePortalsOwn() {
        SinkRecord result = stage(
                        "stage.field",
                        "my_stage",
                        "stage.order",
                        "10, 20, 30",
                        "stage.value",
                        "20",
                        "stage.on.update",
                        "promote")
                .apply(Shape.MAP.record("a", "b"));
        assertThat(header(result, SyncHeaders.ON_CREATE)).isEqualTo("{\"my_stage\":\"20\"}");
        StageDirective directive = StageDirective.parse(header(result, SyncHeaders.ON_UPDATE));
        assertThat(directive.promotes("10")).isTrue();
        assertThat(directive.promotes("30")).isFalse();
    }

    @Test
    void otherFieldsToSetOnCreationStay() {
        SinkRecord message = Shape.MAP.record("a", "b");
        SyncHeaders.set(message.headers(), SyncHeaders.ON_CREATE, "{\"source\":\"crm\"}");
        assertThat(header(stage("stage.value", "lead").apply(message), SyncHeaders.ON_CREATE))
                .isEqualTo("{\"source\":\"crm\",\"lifecyclestage\":\"lead\"}");
    }

    @Test
    void aStageOutsideTheOrderIsRefused() {
        assertThatThrownBy(() -> stage("stage.value", "vip"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("stage.value");
        assertThatThrownBy(() -> stage("stage.rules", "a=b:vip"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("stage.rules");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a=b", "=b:lead", "a=b:", "a:b=lead"})
    void aRuleThatCannotBeReadIsFoundWhenTheConfigurationIsValidated(String rule) {
        assertThat(LifecycleStage.CONFIG
                        .validateAll(Map.of("stage.rules", rule))
                        .get("stage.rules")
                        .errorMessages())
                .singleElement()
                .asString()
                .contains("stage.rules", "is not column=value:stage");
    }

    @Test
    void aStageTwiceInTheOrderIsFoundWhenTheConfigurationIsValidated() {
        assertThat(LifecycleStage.CONFIG
                        .validateAll(Map.of("stage.order", "lead,customer,lead"))
                        .get("stage.order")
                        .errorMessages())
                .isNotEmpty();
    }
}
