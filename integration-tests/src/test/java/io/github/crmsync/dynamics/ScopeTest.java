package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.SyncHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A marketing list or a view limits which rows take part. */
class ScopeTest {
    private static final UUID ID = UUID.fromString("00000000-0000-0000-0000-00000000000a");
    private static final Map<String, String> LIST =
            Map.of(DynamicsSourceConfig.LIST_ID, ID.toString(), DynamicsSourceConfig.SCOPE_REFRESH_MS, "1000");
    private static final Map<String, String> VIEW =
            Map.of(DynamicsSourceConfig.VIEW_ID, ID.toString(), DynamicsSourceConfig.SCOPE_REFRESH_MS, "1000");
    private final Environment environment = Environment.open();

    @AfterEach
    void close() {
        environment.close();
    }

    private void members(Map<String, String> kind, String... ids) {
        Set<UUID> set = Stream.of(ids).map(UUID::fromString).collect(Collectors.toSet());
        if (kind == LIST) {
            environment.simulator().setList(ID, "contact", set);
        } else {
            environment.simulator().setView(ID, "contact", set);
        }
    }

    /** Ids of what was delivered, those outside the scope with a cross in front. */
    private static Set<String> delivered(SourceRun source) {
        return new HashSet<>(source.delivered().stream()
                .map(record ->
                        (SourceRun.header(record, SyncHeaders.EXCLUDED).equals("list") ? "x" : "") + record.key())
                .toList());
    }

    @Test
    void onlyMembersFlow() {
        List<String> ids = environment.fill(4);
        for (Map<String, String> kind : List.of(LIST, VIEW)) {
            members(kind, ids.get(1), ids.get(2));
            try (SourceRun source = new SourceRun(environment, kind, null).snapshot()) {
                assertThat(delivered(source))
                        .containsExactlyInAnyOrder("x" + ids.get(0), ids.get(1), ids.get(2), "x" + ids.get(3));
            }
        }
    }

    @Test
    void rowsThatComeAndGoAreSentAgain() {
        List<String> ids = environment.fill(4);
        for (Map<String, String> kind : List.of(LIST, VIEW)) {
            members(kind, ids.get(1), ids.get(2));
            try (SourceRun source = new SourceRun(environment, kind, null).snapshot()) {
                source.until(() -> source.delivered().size() >= 6);
                source.forget();
                members(kind, ids.get(2), ids.get(3));
                source.until(() -> source.delivered().size() >= 2).rounds(3);
                assertThat(delivered(source)).containsExactlyInAnyOrder("x" + ids.get(1), ids.get(3));
                source.forget();
                environment.update(ids.get(0), Map.of("firstname", "Changed"));
                environment.update(ids.get(2), Map.of("firstname", "Changed"));
                source.until(() -> source.delivered().size() >= 2);
                assertThat(delivered(source)).containsExactlyInAnyOrder("x" + ids.get(0), ids.get(2));
            }
        }
    }

    @Test
    void whoJoinedWhileTheConnectorWasStoppedIsSentAfterIt() {
        List<String> ids = environment.fill(4);
        members(LIST, ids.get(1));
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(environment, LIST, null).snapshot()) {
            offset = source.offset();
        }
        members(LIST, ids.get(1), ids.get(3));
        try (SourceRun source = new SourceRun(environment, LIST, offset)) {
            source.until(() -> delivered(source).contains(ids.get(3)));
        }
    }

    @Test
    void aListOfMoreThanAPageIsReadWhole() {
        List<String> ids = environment.fill(6_000);
        members(LIST, ids.toArray(String[]::new));
        try (SourceRun source = new SourceRun(environment, LIST, null).snapshot()) {
            assertThat(delivered(source)).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void mistakesAreReportedOnTheirSetting() {
        assertThat(errors(LIST)).containsOnlyKeys(DynamicsSourceConfig.LIST_ID);
        assertThat(errors(VIEW)).containsOnlyKeys(DynamicsSourceConfig.VIEW_ID);
        environment.simulator().setList(ID, "lead", Set.of());
        assertThat(errors(LIST)).containsOnlyKeys(DynamicsSourceConfig.LIST_ID);
        environment.simulator().setDynamicList(ID, "contact");
        assertThat(errors(LIST))
                .hasEntrySatisfying(
                        DynamicsSourceConfig.LIST_ID,
                        messages -> assertThat(messages.get(0)).contains("dynamic", DynamicsSourceConfig.VIEW_ID));
        members(LIST);
        members(VIEW);
        assertThat(errors(LIST)).isEmpty();
        assertThat(errors(VIEW)).isEmpty();
        assertThat(errors(Map.of(
                        DynamicsSourceConfig.LIST_ID, ID.toString(), DynamicsSourceConfig.VIEW_ID, ID.toString())))
                .containsOnlyKeys(DynamicsSourceConfig.VIEW_ID);
        assertThat(errors(Map.of(DynamicsSourceConfig.LIST_ID, "Friends")))
                .containsOnlyKeys(DynamicsSourceConfig.LIST_ID);
    }

    private Map<String, List<String>> errors(Map<String, String> settings) {
        return new DynamicsSourceConnector()
                .validate(SourceRun.settings(environment, settings)).configValues().stream()
                        .filter(value -> !value.errorMessages().isEmpty())
                        .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
    }
}
