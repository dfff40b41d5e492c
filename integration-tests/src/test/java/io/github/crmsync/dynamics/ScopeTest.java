package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.SyncHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A marketing list or a view limits which rows take part. */
class ScopeTest {
    private final Environment environment = Environment.open();

    @AfterEach
    void close() {
        environment.close();
    }

    private static Map<String, String> scope(String setting, String id) {
        return Map.of(setting, id, DynamicsSourceConfig.SCOPE_REFRESH_MS, "1000");
    }

    /** Settings with a new list that has these members. */
    private Map<String, String> list(String... ids) {
        String list = environment.create("list", Map.of("listname", "Trial", "createdfromcode", 2));
        for (String id : ids) {
            member("Add", list, id);
        }
        return scope(DynamicsSourceConfig.LIST_ID, list);
    }

    private void member(String action, String list, String id) {
        environment.call(
                "POST", "lists(" + list + ")/Microsoft.Dynamics.CRM." + action + "MemberList", Map.of("EntityId", id));
    }

    /** Settings with the view of active contacts. */
    private Map<String, String> activeContacts() {
        String filter = OData.encode("name eq 'Active Contacts' and returnedtypecode eq 'contact'");
        return scope(
                DynamicsSourceConfig.VIEW_ID,
                environment
                        .call("GET", "savedqueries?$select=savedqueryid&$filter=" + filter, null)
                        .at("/value/0/savedqueryid")
                        .asText());
    }

    /** Ids of what was delivered, those outside the scope with a cross in front. */
    private static Set<String> delivered(SourceRun source) {
        return new HashSet<>(source.delivered().stream()
                .map(record -> (SourceRun.header(record, SyncHeaders.EXCLUDED)
                                        .filter("list"::equals)
                                        .isPresent()
                                ? "x"
                                : "")
                        + record.key())
                .toList());
    }

    @Test
    void onlyMembersFlow() {
        List<String> ids = environment.fill(4);
        try (SourceRun source = new SourceRun(environment, list(ids.get(1), ids.get(2)), null).snapshot()) {
            assertThat(delivered(source))
                    .containsExactlyInAnyOrder("x" + ids.get(0), ids.get(1), ids.get(2), "x" + ids.get(3));
        }
    }

    @Test
    void onlyWhatAViewShowsFlows() {
        List<String> ids = environment.fill(3);
        environment.update(ids.get(0), Map.of("statecode", 1));
        try (SourceRun source = new SourceRun(environment, activeContacts(), null).snapshot()) {
            assertThat(delivered(source)).containsExactlyInAnyOrder("x" + ids.get(0), ids.get(1), ids.get(2));
            environment.update(ids.get(0), Map.of("statecode", 0));
            environment.update(ids.get(1), Map.of("statecode", 1));
            source.forget();
            source.until(() -> delivered(source).containsAll(List.of(ids.get(0), "x" + ids.get(1))));
        }
    }

    @Test
    void rowsThatComeAndGoAreSentAgain() {
        List<String> ids = environment.fill(4);
        Map<String, String> list = list(ids.get(1), ids.get(2));
        try (SourceRun source = new SourceRun(environment, list, null).snapshot()) {
            source.until(() -> source.delivered().size() >= 6);
            source.forget();
            member("Remove", list.get(DynamicsSourceConfig.LIST_ID), ids.get(1));
            member("Add", list.get(DynamicsSourceConfig.LIST_ID), ids.get(3));
            source.until(() -> source.delivered().size() >= 2).rounds(3);
            assertThat(delivered(source)).containsExactlyInAnyOrder("x" + ids.get(1), ids.get(3));
            source.forget();
            environment.update(ids.get(0), Map.of("firstname", "Changed"));
            environment.update(ids.get(2), Map.of("firstname", "Changed"));
            source.until(() -> source.delivered().size() >= 2);
            assertThat(delivered(source)).containsExactlyInAnyOrder("x" + ids.get(0), ids.get(2));
        }
    }

    @Test
    void whoJoinedWhileTheConnectorWasStoppedIsSentAfterIt() {
        List<String> ids = environment.fill(4);
        Map<String, String> list = list(ids.get(1));
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(environment, list, null).snapshot()) {
            offset = source.offset();
        }
        member("Add", list.get(DynamicsSourceConfig.LIST_ID), ids.get(3));
        try (SourceRun source = new SourceRun(environment, list, offset)) {
            source.until(() -> delivered(source).contains(ids.get(3)));
        }
    }

    @Test
    void aListOfManyMembersIsReadWhole() {
        List<String> ids = environment.fill(2_000);
        Map<String, String> list = list();
        List<Map<String, String>> members =
                ids.stream().map(id -> Map.of("contactid", id)).toList();
        for (List<Map<String, String>> part : Environment.cut(members, 1_000)) {
            environment.call(
                    "POST",
                    "AddListMembersList",
                    Map.of("List", Map.of("listid", list.get(DynamicsSourceConfig.LIST_ID)), "Members", part));
        }
        try (SourceRun source = new SourceRun(environment, list, null).snapshot()) {
            assertThat(delivered(source)).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void mistakesAreReportedOnTheirSetting() {
        String nobody = Environment.id(1);
        assertThat(errors(scope(DynamicsSourceConfig.LIST_ID, nobody))).containsOnlyKeys(DynamicsSourceConfig.LIST_ID);
        assertThat(errors(scope(DynamicsSourceConfig.VIEW_ID, nobody))).containsOnlyKeys(DynamicsSourceConfig.VIEW_ID);
        String leads = environment.create("list", Map.of("listname", "Leads", "createdfromcode", 4));
        assertThat(errors(scope(DynamicsSourceConfig.LIST_ID, leads))).containsOnlyKeys(DynamicsSourceConfig.LIST_ID);
        String dynamic = environment.create("list", Map.of("listname", "All", "createdfromcode", 2, "type", true));
        assertThat(errors(scope(DynamicsSourceConfig.LIST_ID, dynamic)))
                .hasEntrySatisfying(
                        DynamicsSourceConfig.LIST_ID,
                        messages -> assertThat(messages.get(0)).contains("dynamic", DynamicsSourceConfig.VIEW_ID));
        assertThat(errors(list())).isEmpty();
        assertThat(errors(activeContacts())).isEmpty();
        assertThat(errors(Map.of(DynamicsSourceConfig.LIST_ID, nobody, DynamicsSourceConfig.VIEW_ID, nobody)))
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
