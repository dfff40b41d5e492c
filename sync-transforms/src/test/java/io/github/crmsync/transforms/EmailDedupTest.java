package io.github.crmsync.transforms;

import static io.github.crmsync.transforms.Records.configured;
import static io.github.crmsync.transforms.Records.from;
import static io.github.crmsync.transforms.Records.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.transforms.Records.Shape;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailDedupTest {
    private static EmailDedup<SinkRecord> dedup(String... settings) {
        return configured(new EmailDedup<>(), settings);
    }

    private static SinkRecord contact(String id, String email) {
        return Records.of(id, null, Records.fields("email", email));
    }

    @ParameterizedTest
    @CsvSource({
        "ann@example.com,                ann@example.com",
        "'  Ann.Lee@EXAMPLE.com ',       ann.lee@example.com",
        "ann@bücher.example,             ann@xn--bcher-kva.example",
        "ann+news@mail.example.co.uk,    ann+news@mail.example.co.uk",
        "o'neil@example.com,             o'neil@example.com",
        "jörg@example.com,               jörg@example.com"
    })
    void aValidAddressIsNormalised(String address, String normalised) {
        assertThat(EmailDedup.normalize(address)).contains(normalised);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "  ",
                "ann",
                "ann@",
                "@example.com",
                "ann@localhost",
                "ann@@example.com",
                "ann lee@example.com",
                "ann@example..com",
                "ann@[127.0.0.1]",
                "Ann <ann@example.com>",
                "ann@example.com, bob@example.com"
            })
    void anythingElseIsNotAnAddress(String address) {
        assertThat(EmailDedup.normalize(address)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void theFieldFollowsTheApp(Shape shape) {
        Object[] fields = {"email", "h@example.com", "emailaddress1", "d@example.com"};
        EmailDedup<SinkRecord> dedup = dedup();
        assertThat(header(dedup.apply(from("hubspot", shape.record(fields))), SyncHeaders.EMAIL))
                .isEqualTo("h@example.com");
        assertThat(header(dedup.apply(from("dynamics", shape.record(fields))), SyncHeaders.EMAIL))
                .isEqualTo("d@example.com");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void withoutTheAppsHeaderItIsWhicheverTheRecordHas(Shape shape) {
        assertThat(header(dedup().apply(shape.record("email", "a@example.com")), SyncHeaders.EMAIL))
                .isEqualTo("a@example.com");
        assertThat(header(dedup().apply(shape.record("emailaddress1", "b@example.com")), SyncHeaders.EMAIL))
                .isEqualTo("b@example.com");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void theFieldCanBeNamed(Shape shape) {
        SinkRecord message = shape.record("email", "a@example.com", "work", "B@example.com");
        assertThat(header(dedup("email.field", "work").apply(message), SyncHeaders.EMAIL))
                .isEqualTo("b@example.com");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aRecordWithoutAValidAddressIsExcludedAndKeepsItsValue(Shape shape) {
        SinkRecord message = shape.record("email", "nonsense");
        SinkRecord result = dedup().apply(message);
        assertThat(header(result, SyncHeaders.EXCLUDED)).isEqualTo("no-email");
        assertThat(header(result, SyncHeaders.EMAIL)).isNull();
        assertThat(result.value()).isEqualTo(message.value());
    }

    @Test
    void aRecordThatTheFilterExcludedStaysExcludedByTheFilter() {
        SinkRecord message = Shape.MAP.record("email", null);
        SyncHeaders.set(message.headers(), SyncHeaders.EXCLUDED, "filter");
        assertThat(header(dedup().apply(message), SyncHeaders.EXCLUDED)).isEqualTo("filter");
    }

    @Test
    void passHasItCreatedWithoutBeingMatched() {
        SinkRecord result = dedup("on.invalid", "pass").apply(Shape.MAP.record("email", null));
        assertThat(header(result, SyncHeaders.EXCLUDED)).isNull();
        assertThat(header(result, SyncHeaders.EMAIL)).isNull();
        assertThat(header(result, SyncHeaders.WITHOUT_EMAIL)).isEqualTo("create");
        assertThat(header(
                        dedup("on.invalid", "pass").apply(Shape.MAP.record("email", "a@x.org")),
                        SyncHeaders.WITHOUT_EMAIL))
                .isNull();
    }

    @Test
    void failFailsItWithoutShowingTheValue() {
        assertThatThrownBy(() -> dedup("on.invalid", "fail").apply(Shape.MAP.record("email", "nonsense")))
                .isInstanceOf(DataException.class)
                .hasMessageNotContaining("nonsense");
    }

    @Test
    void repeatsAreNotMarkedByDefault() {
        EmailDedup<SinkRecord> dedup = dedup();
        dedup.apply(contact("1", "a@example.com"));
        assertThat(header(dedup.apply(contact("2", "a@example.com")), EmailDedup.REPEAT))
                .isNull();
    }

    @Test
    void aRepeatUnderAnotherIdNamesTheFirst() {
        EmailDedup<SinkRecord> dedup = dedup("repeat.cache.size", "10");
        assertThat(header(dedup.apply(contact("1", "a@example.com")), EmailDedup.REPEAT))
                .isNull();
        assertThat(header(dedup.apply(contact("2", "A@example.com")), EmailDedup.REPEAT))
                .isEqualTo("1");
        assertThat(header(dedup.apply(contact("1", "a@example.com")), EmailDedup.REPEAT))
                .isNull();
    }

    @Test
    void anAddressIsFreeAgainWhenItsRecordIsDeletedOrGetsAnother() {
        EmailDedup<SinkRecord> dedup = dedup("repeat.cache.size", "10");
        dedup.apply(contact("1", "a@example.com"));
        dedup.apply(Records.of("1", null, null));
        assertThat(header(dedup.apply(contact("2", "a@example.com")), EmailDedup.REPEAT))
                .isNull();
        dedup.apply(contact("2", "b@example.com"));
        assertThat(header(dedup.apply(contact("3", "a@example.com")), EmailDedup.REPEAT))
                .isNull();
    }

    @Test
    void theMemoryIsBounded() {
        EmailDedup<SinkRecord> dedup = dedup("repeat.cache.size", "2");
        dedup.apply(contact("1", "a@example.com"));
        dedup.apply(contact("2", "b@example.com"));
        dedup.apply(contact("1", "a@example.com"));
        dedup.apply(contact("3", "c@example.com"));
        assertThat(header(dedup.apply(contact("4", "a@example.com")), EmailDedup.REPEAT))
                .isEqualTo("1");
        assertThat(header(dedup.apply(contact("5", "b@example.com")), EmailDedup.REPEAT))
                .isNull();
    }

    @Test
    void aWrongChoiceIsFoundWhenTheConfigurationIsValidated() {
        var result = EmailDedup.CONFIG.validateAll(Map.of("on.invalid", "drop", "repeat.cache.size", "-1"));
        assertThat(result.get("on.invalid").errorMessages())
                .singleElement()
                .asString()
                .contains("on.invalid", "exclude, pass, fail");
        assertThat(result.get("repeat.cache.size").errorMessages()).hasSize(1);
    }
}
