package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.config.TransformChain;
import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a connection is found when the configuration is validated, on the very setting. */
class CredentialsTest {
    private final Environment environment = Environment.open();

    @AfterEach
    void close() {
        environment.close();
    }

    private Map<String, List<String>> sourceErrors(Map<String, String> settings) {
        return errors(new DynamicsSourceConnector().validate(SourceRun.settings(environment, settings)));
    }

    private Map<String, List<String>> sinkErrors() {
        return sinkErrors(Map.of());
    }

    private Map<String, List<String>> sinkErrors(Map<String, String> more) {
        Map<String, String> sink = new HashMap<>(environment.connection());
        sink.put("topics", "people");
        sink.put("transforms", "map");
        sink.put("transforms.map.type", TransformChain.FIELD_MAPPING);
        sink.put(SyncSinkConfig.LEDGER_SERVERS, "none.invalid:9092");
        sink.putAll(more);
        Map<String, List<String>> errors = errors(new DynamicsSinkConnector().validate(sink));
        // No broker runs here.
        assertThat(errors.remove(SyncSinkConfig.LEDGER_SERVERS)).isNotEmpty();
        return errors;
    }

    private static Map<String, List<String>> errors(Config config) {
        return config.configValues().stream()
                .filter(value -> !value.errorMessages().isEmpty())
                .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
    }

    @Test
    void aGoodConfigurationHasNoErrors() {
        assertThat(sourceErrors(Map.of())).isEmpty();
        assertThat(sinkErrors()).isEmpty();
    }

    @Test
    void eachMistakeIsReportedOnItsSetting() {
        Map<Map<String, String>, String> mistakes = Map.of(
                Map.of(DynamicsConfig.CLIENT_SECRET, "wrong~secret"), DynamicsConfig.CLIENT_SECRET,
                Map.of(DynamicsConfig.CLIENT_ID, "11111111-2222-3333-4444-555555555555"), DynamicsConfig.CLIENT_ID,
                Map.of(DynamicsConfig.TENANT_ID, "nobody.example"), DynamicsConfig.TENANT_ID,
                Map.of(DynamicsConfig.URL, "http://127.0.0.1:9"), DynamicsConfig.URL,
                Map.of(DynamicsConfig.URL, "http://contoso.crm.dynamics.com"), DynamicsConfig.URL,
                Map.of(DynamicsConfig.REGION, "no region"), DynamicsConfig.REGION,
                Map.of(DynamicsSourceConfig.COLUMNS, "firstname,nosuch"), DynamicsSourceConfig.COLUMNS,
                Map.of(DynamicsConfig.KEYSTORE_LOCATION, "/nowhere"), DynamicsConfig.CLIENT_SECRET);
        mistakes.forEach((settings, name) ->
                assertThat(sourceErrors(settings)).as(settings.toString()).containsOnlyKeys(name));
    }

    @Test
    void aTableWithoutChangeTrackingIsReportedUnlessItIsReadByTime() {
        environment.simulator().setChangeTracking("contact", false);
        assertThat(sourceErrors(Map.of()))
                .hasEntrySatisfying(
                        DynamicsSourceConfig.INCREMENTAL_MODE,
                        messages ->
                                assertThat(messages.get(0)).contains("Change tracking is switched off", "modifiedon"));
        assertThat(sourceErrors(Map.of(DynamicsSourceConfig.INCREMENTAL_MODE, "modifiedon")))
                .isEmpty();
    }

    @Test
    void mistakesInTheTableAreReportedOnItsSettings() {
        Map<String, String> accounts = Map.of(DynamicsConfig.TABLE, "account", DynamicsSourceConfig.COLUMNS, "name");
        assertThat(sourceErrors(accounts)).isEmpty();
        Map<String, String> wrongSet = new HashMap<>(accounts);
        wrongSet.put(DynamicsSourceConfig.ENTITY_SET, "accountants");
        assertThat(sourceErrors(wrongSet))
                .hasEntrySatisfying(
                        DynamicsSourceConfig.ENTITY_SET,
                        messages -> assertThat(messages.get(0)).endsWith("is accounts"));
        Map<String, String> noColumns = Map.of(DynamicsConfig.TABLE, "account", DynamicsSourceConfig.COLUMNS, "");
        assertThat(sourceErrors(noColumns)).containsOnlyKeys(DynamicsSourceConfig.COLUMNS);
        assertThat(sourceErrors(Map.of(DynamicsConfig.TABLE, "nosuch"))).containsOnlyKeys(DynamicsConfig.TABLE);
        assertThat(sourceErrors(Map.of(DynamicsConfig.TABLE, "no such"))).containsOnlyKeys(DynamicsConfig.TABLE);
    }

    @Test
    void aMissingPrivilegeIsReportedWithDataversesMessage() {
        environment.fault(Map.of("match", "GET .*/contacts$", "status", 403));
        assertThat(sourceErrors(Map.of()))
                .hasEntrySatisfying(
                        DynamicsConfig.CLIENT_ID,
                        messages -> assertThat(messages.get(0)).contains("lacks a security role"));
    }

    @Test
    void aMissingPrivilegeToWriteIsReportedBeforeTheFirstWrite() {
        assertThat(sinkErrors()).isEmpty();
        environment.fault(Map.of("missingPrivilege", "prvWriteLead"));
        assertThat(sinkErrors()).isEmpty();
        environment.fault(Map.of("missingPrivilege", "prvCreateContact"));
        assertThat(sinkErrors())
                .hasEntrySatisfying(
                        DynamicsConfig.CLIENT_ID,
                        messages -> assertThat(messages.get(0)).contains("lacks the privilege prvCreateContact"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"prvAppendContact", "prvAppendToAccount"})
    void aMissingPrivilegeToSetALookupIsReportedBeforeTheFirstWrite(String privilege) {
        Map<String, String> company = Map.of("transforms.map.mapping.add", "company->parentcustomeridname");
        assertThat(sinkErrors(company)).isEmpty();
        environment.fault(Map.of("missingPrivilege", privilege));
        assertThat(sinkErrors(Map.of())).as("no lookup is set").isEmpty();
        assertThat(sinkErrors(company))
                .hasEntrySatisfying(
                        DynamicsConfig.CLIENT_ID,
                        messages -> assertThat(messages.get(0))
                                .contains("lacks the privilege " + privilege)
                                .contains("parentcustomeridname"));
    }

    @Test
    void aMaskedColumnIsRefusedByBothValidations() {
        Map<String, String> source = Map.of(DynamicsSourceConfig.COLUMNS, "emailaddress1,governmentid");
        Map<String, String> sink = Map.of("transforms.map.mapping.add", "govid<->governmentid");
        environment.fault(Map.of("secure", Map.of("table", "contact", "column", "governmentid", "read", true)));
        assertThat(sourceErrors(source)).as("secured, and read as it is").isEmpty();
        environment.fault(
                Map.of("secure", Map.of("table", "contact", "column", "governmentid", "read", true, "mask", "#")));
        assertThat(sourceErrors(source))
                .hasEntrySatisfying(
                        DynamicsSourceConfig.COLUMNS,
                        messages -> assertThat(messages.get(0)).contains("governmentid are masked"));
        assertThat(sinkErrors(sink))
                .hasEntrySatisfying(
                        "transforms.map.mapping.add",
                        messages -> assertThat(messages.get(0)).contains("governmentid are masked"));
        assertThat(sinkErrors()).as("it is not mapped").isEmpty();
    }

    @Test
    void maskedTextNeverFlowsAtRunTime() {
        environment.create(Map.of("emailaddress1", "a@example.com", "governmentid", "123"));
        environment.fault(
                Map.of("secure", Map.of("table", "contact", "column", "governmentid", "read", true, "mask", "#")));
        Map<String, String> columns = Map.of(DynamicsSourceConfig.COLUMNS, "emailaddress1,governmentid");
        try (SourceRun source = new SourceRun(environment, columns, null)) {
            assertThatThrownBy(source::poll)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("governmentid are masked");
        }
        try (SinkRun sink = new SinkRun(environment)) {
            Map<String, Object> ann = new HashMap<>(Environment.person("a@example.com", "Ann"));
            ann.put("governmentid", "456");
            assertThatThrownBy(() -> sink.process(sink.image("h1", ann)))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("governmentid are masked");
        }
    }

    @Test
    void anUnknownOrganizationUserIsReported() {
        environment.fault(Map.of("match", "/WhoAmI$", "status", 403));
        assertThat(sourceErrors(Map.of())).containsOnlyKeys(DynamicsConfig.CLIENT_ID);
    }

    @Test
    void aSecretIsNoPartOfAnyMessage() {
        Map<String, String> wrong = Map.of(DynamicsConfig.CLIENT_SECRET, "s3cr3t~value");
        assertThat(sourceErrors(wrong).toString()).doesNotContain("s3cr3t");
        assertThat(new DynamicsSourceConfig(SourceRun.settings(environment, wrong))
                        .values()
                        .toString())
                .doesNotContain("s3cr3t");
        try (SourceRun source = new SourceRun(environment, wrong, null)) {
            assertThatThrownBy(source::poll)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("The client secret is wrong")
                    .hasMessageNotContaining("s3cr3t");
        }
        try (SinkRun sink = new SinkRun(environment, wrong)) {
            assertThatThrownBy(() -> sink.process(sink.image("h1", Environment.person("a@example.com", "Ann"))))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("The client secret is wrong")
                    .hasMessageNotContaining("s3cr3t");
        }
    }

    @Test
    void theEnvironmentIsNamedByItsUrlOrItsSubdomain() {
        assertThat(origin("https://contoso.crm4.dynamics.com/", "crm")).isEqualTo("https://contoso.crm4.dynamics.com");
        assertThat(origin("contoso.crm4", "crm")).isEqualTo("https://contoso.crm4.dynamics.com");
        assertThat(origin("contoso", "crm")).isEqualTo("https://contoso.crm.dynamics.com");
        assertThat(origin("contoso", "crm11")).isEqualTo("https://contoso.crm11.dynamics.com");
        assertThat(origin("contoso", "crm.dynamics.cn")).isEqualTo("https://contoso.crm.dynamics.cn");
        assertThat(origin("contoso.crm.microsoftdynamics.us", "crm"))
                .isEqualTo("https://contoso.crm.microsoftdynamics.us");
    }

    private String origin(String url, String region) {
        return new DynamicsSourceConfig(
                        SourceRun.settings(environment, Map.of(DynamicsConfig.URL, url, DynamicsConfig.REGION, region)))
                .environment()
                .toString();
    }
}
