package io.github.crmsync.transforms;

import static io.github.crmsync.transforms.Records.configured;
import static io.github.crmsync.transforms.Records.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.Meaning;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.StageDirective;
import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.transforms.Records.Shape;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.apache.kafka.connect.storage.StringConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AllTransformsTest {
    private static final List<Class<?>> ALL =
            List.of(ConflictMerge.class, EmailDedup.class, FieldMapping.class, LifecycleStage.class, SyncFilter.class);

    static List<Transformation<SinkRecord>> transforms() {
        return List.of(
                configured(new SyncFilter<>(), "filter.expression", "record.firstname != 'Bob'"),
                configured(new EmailDedup<>(), "repeat.cache.size", "10"),
                configured(new LifecycleStage<>(), "stage.value", "lead", "stage.on.update", "promote"),
                configured(new FieldMapping<>(), "source.app", "hubspot"),
                configured(
                        new ConflictMerge<>(),
                        "default.app",
                        "hubspot",
                        "field.rules",
                        "phone~telephone1=newest",
                        "propagate.clears",
                        "fax~fax"));
    }

    static List<HeaderConverter> headerConverters() {
        return List.of(
                header(new SimpleHeaderConverter(), Map.of()),
                header(new JsonConverter(), Map.of("converter.type", "header")),
                header(new JsonConverter(), Map.of("converter.type", "header", "schemas.enable", false)),
                header(new StringConverter(), Map.of("converter.type", "header")));
    }

    private static HeaderConverter header(HeaderConverter converter, Map<String, ?> settings) {
        converter.configure(settings);
        return converter;
    }

    private static SinkRecord chain(SinkRecord message) {
        for (Transformation<SinkRecord> transform : transforms()) {
            message = transform.apply(message);
        }
        return message;
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void eachIsUsableAloneOnARecordWithoutAnyHeaderOfTheSync(Transformation<SinkRecord> transform) {
        for (Shape shape : Shape.values()) {
            SinkRecord message = shape.record("firstname", "Ann", "email", "ann@example.com");
            SinkRecord result = transform.apply(message);
            assertThat(result.key()).isEqualTo("1");
            assertThat(result.topic()).isEqualTo("crm");
            assertThat(Records.fields(result)).containsEntry("firstname", "Ann");
            assertThat(message.headers()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void eachLetsTombstonesPass(Transformation<SinkRecord> transform) {
        SinkRecord result = transform.apply(from("hubspot", Records.tombstone()));
        assertThat(result).isNotNull();
        assertThat(result.value()).isNull();
        assertThat(Records.header(result, SyncHeaders.APP)).isEqualTo("hubspot");
    }

    @Test
    void aTombstoneLeavesTheChainWithTheMappingAndTheConflictRule() {
        SinkRecord result = chain(Records.tombstone());
        assertThat(result.headers())
                .extracting(Header::key)
                .containsExactlyInAnyOrder(SyncHeaders.MAPPING, SyncHeaders.MERGE);
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void eachLetsTheMarkerAtTheEndOfASnapshotPassUntouched(Transformation<SinkRecord> transform) {
        for (SinkRecord marker : List.of(Records.tombstone(), Shape.MAP.record("firstname", "Bob"))) {
            SyncHeaders.set(marker.headers(), SyncHeaders.ORIGIN, "snapshot_end");
            assertThat(transform.apply(marker)).isSameAs(marker);
        }
    }

    @ParameterizedTest
    @MethodSource("headerConverters")
    void allDirectivesSurviveTheWorkersHeaderConverter(HeaderConverter converter) {
        SinkRecord result = chain(Shape.MAP.record("firstname", "Bob", "email", "ann@example.com", "phone", "00123"));
        Headers read = new ConnectHeaders();
        for (Header header : result.headers()) {
            byte[] bytes = converter.fromConnectHeader("crm", header.key(), header.schema(), header.value());
            read.add(header.key(), converter.toConnectHeader("crm", header.key(), bytes));
        }
        assertThat(read)
                .extracting(Header::key)
                .contains(
                        SyncHeaders.EXCLUDED,
                        SyncHeaders.EMAIL,
                        SyncHeaders.ON_CREATE,
                        SyncHeaders.ON_UPDATE,
                        SyncHeaders.MAPPING,
                        SyncHeaders.MERGE);
        for (Header header : read) {
            assertThat(SyncHeaders.get(read, header.key())).contains(Records.header(result, header.key()));
        }
        assertThat(MergePolicy.parse(SyncHeaders.get(read, SyncHeaders.MERGE).orElseThrow())
                        .rules())
                .containsKey("phone~telephone1");
        assertThat(StageDirective.parse(
                                SyncHeaders.get(read, SyncHeaders.ON_UPDATE).orElseThrow())
                        .value())
                .isEqualTo("lead");
        assertThat(MappedField.parse(SyncHeaders.get(read, SyncHeaders.MAPPING).orElseThrow()))
                .contains(new MappedField("phone", "telephone1", new Meaning(Meaning.Kind.PHONE, "")));
    }

    @Test
    void aMappedValueSurvivesJsonWithAndWithoutSchemas() {
        for (boolean schemas : new boolean[] {true, false}) {
            Converter json = new JsonConverter();
            json.configure(Map.of("schemas.enable", schemas), false);
            SinkRecord result = chain(Shape.STRUCT.record("firstname", "Ann", "email", "ann@example.com"));
            SchemaAndValue read =
                    json.toConnectData("crm", json.fromConnectData("crm", result.valueSchema(), result.value()));
            assertThat(Records.fields(Records.of("1", read.schema(), read.value())))
                    .isEqualTo(Map.of("firstname", "Ann", "emailaddress1", "ann@example.com"));
        }
    }

    @Test
    void aWorkerFindsAllByServiceLoader() {
        Stream<Class<?>> found =
                ServiceLoader.load(Transformation.class).stream().map(ServiceLoader.Provider::type);
        assertThat(found).containsAll(ALL);
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void eachTellsItsVersionAndDocumentsItsSettings(Transformation<SinkRecord> transform) {
        assertThat(((Versioned) transform).version()).matches("\\d+\\.\\d+\\.\\d+.*");
        for (ConfigDef.ConfigKey key : transform.config().configKeys().values()) {
            assertThat(key.documentation).as(key.name).endsWith(".");
            assertThat(key.validator).as(key.name).isNotNull();
            assertThat(key.group).as(key.name).isNotBlank();
            assertThat(key.displayName).as(key.name).isNotBlank();
        }
    }
}
