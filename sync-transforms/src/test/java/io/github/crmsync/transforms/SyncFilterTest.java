package io.github.crmsync.transforms;

import static io.github.crmsync.transforms.Records.configured;
import static io.github.crmsync.transforms.Records.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.transforms.Records.Shape;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SyncFilterTest {
    private static SyncFilter<SinkRecord> filter(String expression, String... more) {
        String[] settings = new String[more.length + 2];
        settings[0] = "filter.expression";
        settings[1] = expression;
        System.arraycopy(more, 0, settings, 2, more.length);
        return configured(new SyncFilter<>(), settings);
    }

    private static boolean inScope(String expression, SinkRecord message) {
        return header(filter(expression).apply(message), SyncHeaders.EXCLUDED) == null;
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aRecordForWhichTheExpressionIsTruePassesAsItIs(Shape shape) {
        SinkRecord message = shape.record("country", "NL", "age", 40L);
        assertThat(filter("record.country == 'NL' && record.age > 30").apply(message))
                .isSameAs(message);
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aRecordForWhichItIsFalsePassesWithTheDirective(Shape shape) {
        SinkRecord message = shape.record("country", "DE");
        SinkRecord result = filter("record.country == 'NL'").apply(message);
        assertThat(header(result, SyncHeaders.EXCLUDED)).isEqualTo("filter");
        assertThat(result.value()).isEqualTo(message.value());
        assertThat(message.headers()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aMissingFieldMeansOutOfScope(Shape shape) {
        assertThat(inScope("record.city == 'Delft'", shape.record("country", "NL")))
                .isFalse();
        assertThat(inScope("!has(record.city) || record.city == 'Delft'", shape.record("country", "NL")))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void anEmptyFieldIsNullAndHasNoText(Shape shape) {
        SinkRecord message = shape.record("city", null);
        assertThat(inScope("record.city == null", message)).isTrue();
        assertThat(inScope("record.city != 'Delft'", message)).isTrue();
        assertThat(inScope("record.city.startsWith('D')", message)).isFalse();
        assertThat(inScope("record.city", message)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void numbersOfAllWidthsCompare(Shape shape) {
        assertThat(inScope("record.a > 1 && record.b == 2 && record.c < 3.5", shape.record("a", 2, "b", 2L, "c", 3.0d)))
                .isTrue();
    }

    @Test
    void anExpressionThatFailsOnTheDataFailsTheRecordWithoutShowingItsValues() {
        SinkRecord message = Shape.MAP.record("since", "secret");
        assertThatThrownBy(() -> inScope("timestamp(record.since) > timestamp('2020-01-01T00:00:00Z')", message))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("filter.expression")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> inScope("record.since", message)).isInstanceOf(DataException.class);
    }

    @Test
    void stickyLeavesLinkedRecordsInTheSync() {
        SinkRecord result = filter("false", "on.leave", "sticky").apply(Shape.MAP.record("a", "b"));
        assertThat(header(result, SyncHeaders.EXCLUDED)).isEqualTo("filter-sticky");
    }

    @Test
    void aFilterThatStopsLinkedRecordsOverridesWeakerReasons() {
        SinkRecord sticky = filter("false", "on.leave", "sticky").apply(Shape.MAP.record("a", "b"));
        assertThat(header(filter("false").apply(sticky), SyncHeaders.EXCLUDED)).isEqualTo("filter");
        SinkRecord stopped = filter("false").apply(Shape.MAP.record("a", "b"));
        assertThat(header(filter("false", "on.leave", "sticky").apply(stopped), SyncHeaders.EXCLUDED))
                .isEqualTo("filter");
    }

    @Test
    void dropDropsRecordsButNeverTombstones() {
        SyncFilter<SinkRecord> filter = filter("false", "mode", "drop");
        assertThat(filter.apply(Shape.MAP.record("a", "b"))).isNull();
        SinkRecord tombstone = Records.tombstone();
        assertThat(filter.apply(tombstone)).isSameAs(tombstone);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "record.country == | mismatched input",
                "contact.country == 'NL' | undeclared reference",
                "1 + 2 | bool"
            })
    void aCompileErrorIsFoundWhenTheConfigurationIsValidated(String expression, String message) {
        var result = SyncFilter.CONFIG.validateAll(Map.of("filter.expression", expression));
        assertThat(result.get("filter.expression").errorMessages())
                .singleElement()
                .asString()
                .contains("filter.expression")
                .containsIgnoringCase(message);
        assertThatThrownBy(() -> filter(expression)).isInstanceOf(ConfigException.class);
    }

    @Test
    void theExpressionIsRequired() {
        assertThat(SyncFilter.CONFIG
                        .validateAll(Map.of())
                        .get("filter.expression")
                        .errorMessages())
                .isNotEmpty();
    }
}
