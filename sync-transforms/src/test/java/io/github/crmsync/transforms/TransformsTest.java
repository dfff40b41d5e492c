package io.github.crmsync.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.StageDirective;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class TransformsTest {
    private static SinkRecord map(Map<String, Object> value) {
        return new SinkRecord("topic", 0, null, "1", null, value, 0);
    }

    private static SinkRecord struct(String field, String value) {
        Schema schema = SchemaBuilder.struct()
                .field(field, Schema.OPTIONAL_STRING_SCHEMA)
                .build();
        return new SinkRecord("topic", 0, null, "1", schema, new Struct(schema).put(field, value), 0);
    }

    private static Optional<String> header(SinkRecord record, String name) {
        return SyncHeaders.get(record.headers(), name);
    }

    private static Directive<SinkRecord> configured(Directive<SinkRecord> transform, Map<String, String> settings) {
        transform.configure(settings);
        return transform;
    }

    @Test
    void theFilterMarksRecordsOutsideAndPassesTheOthersAndTombstones() {
        Directive<SinkRecord> filter =
                configured(new SyncFilter<>(), Map.of("filter.expression", "record.country == 'DE'"));
        assertThat(header(filter.apply(map(Map.of("country", "DE"))), SyncHeaders.EXCLUDED))
                .isEmpty();
        assertThat(header(filter.apply(struct("country", "FR")), SyncHeaders.EXCLUDED))
                .contains("filter");
        assertThat(header(filter.apply(map(Map.of())), SyncHeaders.EXCLUDED)).contains("filter");
        assertThat(header(filter.apply(map(null)), SyncHeaders.EXCLUDED)).isEmpty();
    }

    @Test
    void aWrongExpressionIsRefusedWithTheSettingsName() {
        assertThatThrownBy(() -> configured(new SyncFilter<>(), Map.of("filter.expression", "record.country ==")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("filter.expression");
    }

    @Test
    void outsideASyncTheFilterMayDrop() {
        Directive<SinkRecord> filter =
                configured(new SyncFilter<>(), Map.of("filter.expression", "false", "mode", "drop"));
        assertThat(filter.apply(map(Map.of()))).isNull();
    }

    @Test
    void addressesAreNormalisedAndInvalidOnesExcluded() {
        Directive<SinkRecord> dedup = configured(new EmailDedup<>(), Map.of());
        assertThat(header(dedup.apply(map(Map.of("email", " Ann+x@Bücher.DE "))), SyncHeaders.EMAIL))
                .contains("ann+x@xn--bcher-kva.de");
        assertThat(header(dedup.apply(struct("emailaddress1", "nobody")), SyncHeaders.EXCLUDED))
                .contains("no-email");
    }

    @Test
    void aRecordWithoutAnAddressMayFail() {
        Directive<SinkRecord> dedup = configured(new EmailDedup<>(), Map.of("on.invalid", "fail"));
        assertThatThrownBy(() -> dedup.apply(map(Map.of("firstname", "Ann")))).isInstanceOf(DataException.class);
    }

    @Test
    void oneMappingServesBothDirections() {
        Directive<SinkRecord> mapping =
                configured(new FieldMapping<>(), Map.of("mapping", "zip<->address1_postalcode,city->address1_city"));
        SinkRecord there = mapping.apply(map(Map.of("zip", "1", "city", "Bonn", "other", "x")));
        assertThat(there.value()).isEqualTo(Map.of("address1_postalcode", "1", "address1_city", "Bonn"));
        SinkRecord back = mapping.apply(map(Map.of("address1_postalcode", "1", "address1_city", "Bonn")));
        assertThat(back.value()).isEqualTo(Map.of("zip", "1"));
        assertThat(header(back, SyncHeaders.MAPPING)).contains("address1_postalcode>zip");
    }

    @Test
    void aStructIsMappedWithItsSchema() {
        Directive<SinkRecord> mapping = configured(new FieldMapping<>(), Map.of());
        SinkRecord mapped = mapping.apply(struct("email", "a@x.org"));
        assertThat(((Struct) mapped.value()).getString("emailaddress1")).isEqualTo("a@x.org");
    }

    @Test
    void aFieldMappedTwiceIsRefused() {
        assertThatThrownBy(() -> configured(new FieldMapping<>(), Map.of("mapping", "a<->x,b<->x")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mapped twice");
    }

    @Test
    void theStageFollowsTheFirstRuleThatHolds() {
        Directive<SinkRecord> stage = configured(
                new LifecycleStage<>(), Map.of("stage.rules", "statecode=1:opportunity", "stage.on.update", "promote"));
        SinkRecord qualified = stage.apply(map(Map.of("statecode", 1)));
        assertThat(header(qualified, SyncHeaders.ON_CREATE)).contains("{\"lifecyclestage\":\"opportunity\"}");
        StageDirective directive =
                StageDirective.parse(header(qualified, SyncHeaders.ON_UPDATE).orElseThrow());
        assertThat(directive.promotes("lead")).isTrue();
        assertThat(directive.promotes("customer")).isFalse();
        assertThat(header(stage.apply(map(Map.of("statecode", 0))), SyncHeaders.ON_CREATE))
                .contains("{\"lifecyclestage\":\"lead\"}");
    }

    @Test
    void theConflictPolicyTravelsWithRecordsAndTombstones() {
        Directive<SinkRecord> merge = configured(
                new ConflictMerge<>(), Map.of("default.app", "hubspot", "field.rules", "phone~telephone1=dynamics"));
        MergePolicy policy = MergePolicy.parse(
                header(merge.apply(map(null)), SyncHeaders.MERGE).orElseThrow());
        assertThat(policy.defaultApp()).isEqualTo("hubspot");
        assertThat(policy.twoWay()).isTrue();
        assertThat(policy.rule("phone~telephone1")).isEqualTo(MergePolicy.Rule.DYNAMICS);
    }
}
