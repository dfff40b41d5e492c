package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.record.SyncHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scope of the source by membership of HubSpot lists. */
class SourceScopeTest {
    private Portal portal = Portal.open();

    @AfterEach
    void close() {
        portal.close();
    }

    private static Map<String, String> lists(String... ids) {
        return Map.of(
                HubSpotSourceConfig.LIST_IDS,
                String.join(",", ids),
                HubSpotSourceConfig.LIST_CHECK_INTERVAL_MS,
                "1000");
    }

    private static Optional<String> excluded(SourceRecord record) {
        return SourceRun.header(record, SyncHeaders.EXCLUDED);
    }

    @Test
    void contactsOfNoListAreSentAsExcluded() {
        List<String> ids = portal.simulator().load(Portal.people(600));
        String one = portal.createList("One", ids.subList(0, 300).toArray(String[]::new));
        String two = portal.createList("Two", ids.get(599));
        try (SourceRun source = new SourceRun(portal, lists(one, two), null).snapshot()) {
            assertThat(source.ids()).containsExactlyElementsOf(ids);
            assertThat(source.delivered().stream()
                            .filter(record -> excluded(record).isEmpty())
                            .map(record -> record.key().toString()))
                    .hasSize(301)
                    .contains(ids.get(0), ids.get(299), ids.get(599));
            assertThat(excluded(source.last(ids.get(300)))).contains("list");
        }
    }

    @Test
    void joiningAndLeavingAreSeenThoughTheContactDoesNotChange() {
        List<String> ids = portal.simulator().load(Portal.people(3));
        String one = portal.createList("One", ids.get(0), ids.get(1));
        String two = portal.createList("Two", ids.get(1));
        try (SourceRun source = new SourceRun(portal, lists(one, two), null).snapshot()) {
            source.forget();
            portal.addToList(two, ids.get(2));
            portal.removeFromList(one, ids.get(0), ids.get(1));
            source.until(() -> source.delivered().size() >= 2).rounds(3);
            assertThat(source.ids()).containsExactlyInAnyOrder(ids.get(0), ids.get(2));
            assertThat(excluded(source.last(ids.get(0)))).contains("list");
            assertThat(excluded(source.last(ids.get(2)))).isEmpty();
        }
    }

    @Test
    void anActiveListIsFollowedAsContactsChange() {
        String ann = portal.create(Portal.person("a@example.com", "Ann"));
        String bo = portal.create(Portal.person("b@example.com", "Bo"));
        portal.update(ann, Map.of("city", "Rome"));
        String list = portal.createActiveList("Romans", "city", "Rome");
        try (SourceRun source = new SourceRun(portal, lists(list), null).snapshot()) {
            assertThat(excluded(source.last(ann))).isEmpty();
            assertThat(excluded(source.last(bo))).contains("list");
            source.forget();
            portal.update(ann, Map.of("city", "Oslo"));
            portal.update(bo, Map.of("city", "Rome"));
            source.until(() -> source.ids().containsAll(List.of(ann, bo))
                    && excluded(source.last(ann)).isPresent()
                    && excluded(source.last(bo)).isEmpty());
            assertThat(excluded(source.last(ann))).contains("list");
        }
    }

    @Test
    void aContactThatIsCreatedAndThenJoinsComesIntoScope() {
        String list = portal.createList("One");
        try (SourceRun source = new SourceRun(portal, lists(list), null).snapshot()) {
            String id = portal.create(Portal.person("a@example.com", "Ann"));
            source.until(() -> source.ids().contains(id));
            assertThat(excluded(source.last(id))).contains("list");
            portal.addToList(list, id);
            source.until(() -> source.delivered().size() >= 2);
            assertThat(excluded(source.last(id))).isEmpty();
        }
    }

    @Test
    void whatMovedWhileTheSourceWasStoppedIsSeenAfterItsStart() {
        List<String> ids = portal.simulator().load(Portal.people(150), portal.now() - 86_400_000, 1);
        String list = portal.createList("One", ids.get(0), ids.get(1));
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(portal, lists(list), null).snapshot()) {
            offset = source.offset();
        }
        try (SourceRun source = new SourceRun(portal, lists(list), offset)) {
            assertThat(source.rounds(3).ids()).isEmpty();
        }
        portal.removeFromList(list, ids.get(0));
        portal.addToList(list, ids.get(149));
        try (SourceRun source = new SourceRun(portal, lists(list), offset)) {
            source.until(() -> source.ids().contains(ids.get(149)));
            assertThat(excluded(source.last(ids.get(0)))).contains("list");
            assertThat(excluded(source.last(ids.get(1)))).isEmpty();
            assertThat(excluded(source.last(ids.get(149)))).isEmpty();
            offset = source.offset();
        }
        try (SourceRun source = new SourceRun(portal, lists(list), offset)) {
            assertThat(source.rounds(3).ids()).isEmpty();
        }
    }

    @Test
    void withoutTheListsAllComeIntoScopeAgain() {
        List<String> ids = portal.simulator().load(Portal.people(3), portal.now() - 86_400_000, 1);
        String list = portal.createList("One", ids.get(0));
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(portal, lists(list), null).snapshot()) {
            offset = source.offset();
        }
        try (SourceRun source = new SourceRun(portal, Map.of(), offset)) {
            source.until(() -> source.delivered().size() >= 3);
            assertThat(source.delivered())
                    .allSatisfy(record -> assertThat(excluded(record)).isEmpty());
        }
    }

    @Test
    void aListThatIsDeletedStopsTheSourceAndExcludesNobody() {
        String id = portal.create(Portal.person("a@example.com", "Ann"));
        String list = portal.createList("One", id);
        try (SourceRun source = new SourceRun(portal, lists(list), null).snapshot()) {
            source.forget();
            portal.call("DELETE", "/crm/lists/2026-03/" + list, null);
            assertThatThrownBy(() -> source.rounds(100))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining(HubSpotSourceConfig.LIST_IDS);
            assertThat(source.delivered()).isEmpty();
        }
    }

    @Test
    void anUnknownListAndAMissingScopeAreFoundByValidation() {
        assertThat(errors(Map.of(HubSpotSourceConfig.LIST_IDS, "4711")))
                .containsExactly("list.ids: HubSpot has no list with the id 4711");
        assertThat(errors(Map.of(HubSpotSourceConfig.LIST_IDS, "My list"))).hasSize(1);
        portal.close();
        portal = Portal.open(options -> options.scopes(Set.of("crm.objects.contacts.read")));
        assertThat(errors(Map.of(HubSpotSourceConfig.LIST_IDS, "101")))
                .singleElement()
                .asString()
                .contains("crm.lists.read");
    }

    private List<String> errors(Map<String, String> settings) {
        Map<String, String> props = new HashMap<>(portal.connection());
        props.putAll(settings);
        return new HubSpotSourceConnector()
                .validate(props).configValues().stream()
                        .filter(value -> value.name().equals(HubSpotSourceConfig.LIST_IDS))
                        .map(ConfigValue::errorMessages)
                        .findFirst()
                        .orElseThrow();
    }
}
