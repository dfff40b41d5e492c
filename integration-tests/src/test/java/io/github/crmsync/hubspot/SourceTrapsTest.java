package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.SyncHeaders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The source against what HubSpot's list, search and archive do to a reader. */
class SourceTrapsTest {
    private Portal portal = Portal.open();

    @AfterEach
    void close() {
        portal.close();
    }

    @Test
    void aChangeThatTheSearchIndexShowsLateIsDeliveredOnce() {
        portal.close();
        portal = Portal.open(options -> options.indexLagMaxMs(1_500).seed(5));
        List<String> ids = portal.simulator().load(Portal.people(40));
        try (SourceRun source = new SourceRun(portal).snapshot()) {
            source.forget();
            portal.updateAll(ids, "firstname", "Late");
            source.until(() -> source.delivered().size() >= ids.size()).rounds(5);
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(source.delivered())
                    .allSatisfy(record ->
                            assertThat(SourceRun.value(record, "firstname")).isEqualTo("Late"));
        }
    }

    @Test
    void eachSweepEndsWithAMarkForSinksThatStartLate() {
        List<String> ids = portal.simulator().load(Portal.people(250));
        Map<String, String> settings = Map.of(HubSpotSourceConfig.SWEEP_INTERVAL_MS, "1");
        try (SourceRun source = new SourceRun(portal, settings, null).snapshot()) {
            source.forget();
            source.snapshot();
            assertThat(source.delivered().stream()
                            .filter(record -> "sweep".equals(SourceRun.origin(record)))
                            .map(record -> String.valueOf(record.key())))
                    .containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void moreChangesThanASearchCanReachAreAllDeliveredOnce() {
        List<String> ids = portal.simulator().load(Portal.people(10_500));
        try (SourceRun source = new SourceRun(portal).snapshot()) {
            source.forget();
            portal.updateAll(ids, "firstname", "Changed");
            source.until(() -> source.delivered().size() >= ids.size()).rounds(3);
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void fiftyThousandContactsOfWhichTwelveThousandShareOneMillisecondComeOncePerVersion() {
        List<Map<String, String>> people = Portal.people(50_000);
        long recently = portal.now() - 3_000;
        List<String> ids = new ArrayList<>(portal.simulator().load(people.subList(0, 38_000), recently - 38_000, 1));
        List<String> tied = portal.simulator().load(people.subList(38_000, 50_000), recently, 0);
        ids.addAll(tied);
        try (SourceRun source = new SourceRun(portal).snapshot().rounds(3)) {
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
            source.forget();
            portal.freeze(portal.now());
            portal.updateAll(tied, "firstname", "Tied");
            portal.thaw();
            source.until(() -> source.delivered().size() >= tied.size()).rounds(3);
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(tied);
        }
    }

    @Test
    void twoEditsInOneMillisecondAreBothDelivered() {
        String id = portal.create(Portal.person("a@example.com", "Ann"));
        try (SourceRun source = new SourceRun(portal).snapshot()) {
            source.forget();
            portal.freeze(portal.now());
            portal.update(id, Map.of("firstname", "Bea"));
            source.until(() -> !source.delivered().isEmpty());
            portal.update(id, Map.of("firstname", "Cleo"));
            source.until(() -> source.delivered().size() >= 2);
            portal.thaw();
            source.rounds(3);
            assertThat(source.delivered())
                    .extracting(record -> SourceRun.value(record, "firstname"))
                    .containsExactly("Bea", "Cleo");
        }
    }

    @Test
    void aPropertyThatMovesTheModificationTimeOnlyIsDelivered() {
        portal.close();
        portal = Portal.open(options -> options.secondBump(true));
        String id = portal.create(Portal.person("a@example.com", "Ann"));
        try (SourceRun source = new SourceRun(portal).snapshot()) {
            source.forget();
            portal.update(id, Map.of("firstname", "Bea"));
            source.until(() -> source.delivered().size() >= 2).rounds(3);
            assertThat(source.delivered())
                    .extracting(record -> SourceRun.value(record, "firstname"))
                    // The creation's own second move may come as late as after the edit.
                    .containsOnly("Bea");
        }
    }

    @Test
    void whatChangesDuringTheSnapshotIsNeitherMissedNorLeftStale() {
        List<String> ids = portal.simulator().load(Portal.people(450));
        try (SourceRun source = new SourceRun(portal)) {
            source.until(() -> source.delivered().size() >= 200);
            portal.update(ids.get(0), Map.of("firstname", "Behind"));
            portal.update(ids.get(440), Map.of("firstname", "Ahead"));
            portal.archive(ids.get(1));
            portal.archive(ids.get(441));
            String created = portal.create(Portal.person("new@example.com", "New"));
            source.snapshot()
                    .until(() -> source.ids().contains(ids.get(1) + "-"))
                    .rounds(3);
            Map<Object, SourceRecord> last = last(source);
            assertThat(SourceRun.value(last.get(ids.get(0)), "firstname")).isEqualTo("Behind");
            assertThat(SourceRun.value(last.get(ids.get(440)), "firstname")).isEqualTo("Ahead");
            assertThat(last.get(ids.get(1)).value()).isNull();
            assertThat(last).containsKeys(created);
            assertThat(new HashSet<>(source.ids())).contains(ids.get(2), ids.get(449));
            SourceRecord archived = last.get(ids.get(441));
            assertThat(archived == null ? null : archived.value()).isNull();
        }
    }

    @Test
    void contactsThatAreMergedDuringTheSnapshotEndAsTombstones() {
        List<String> ids = portal.simulator().load(Portal.people(450));
        try (SourceRun source = new SourceRun(portal)) {
            source.until(() -> source.delivered().size() >= 200);
            String survivor = portal.merge(ids.get(0), ids.get(1));
            source.snapshot().rounds(3);
            Map<Object, SourceRecord> last = last(source);
            assertThat(last.get(survivor).value()).isNotNull();
            assertThat(last.get(ids.get(0)).value()).isNull();
            assertThat(last.get(ids.get(1)).value()).isNull();
            assertThat(SourceRun.header(last.get(ids.get(1)), SyncHeaders.MOVED_TO))
                    .contains(survivor);
        }
    }

    @Test
    void aContactThatWasMergedBeforeTheSnapshotMovesItsLinkAllTheSame() {
        String one = portal.create(Portal.person("a@example.com", "Ann"));
        portal.freeze(portal.now() - 86_400_000);
        String survivor = portal.merge(one, portal.create(Portal.person("b@example.com", "Bea")));
        portal.thaw();
        try (SourceRun source = new SourceRun(portal).snapshot()) {
            assertThat(source.ids()).endsWith(survivor).contains(one + "-");
            assertThat(SourceRun.header(source.last(one), SyncHeaders.MOVED_TO)).contains(survivor);
        }
    }

    @Test
    void aMergeReplacesBothContactsByTheSurvivor() {
        String one = portal.create(Portal.person("a@example.com", "Ann"));
        String two = portal.create(Portal.person("b@example.com", "Bea"));
        try (SourceRun source = new SourceRun(portal).snapshot()) {
            source.forget();
            String survivor = portal.merge(one, two);
            source.until(() -> source.ids().contains(survivor)).rounds(3);
            assertThat(source.ids()).containsExactlyInAnyOrder(one + "-", two + "-", survivor);
            // The tombstones move the links: the survivor's own image must not come first.
            assertThat(source.ids().get(2)).isEqualTo(survivor);
            assertThat(source.delivered().subList(0, 2))
                    .extracting(record -> SourceRun.header(record, SyncHeaders.MOVED_TO))
                    .containsOnly(Optional.of(survivor));
        }
    }

    @Test
    void aMergeThatKeepsThePrimaryIdEndsOnlyTheOtherContact() {
        portal.close();
        portal = Portal.open(options -> options.keepMergedPrimaryId(true));
        String one = portal.create(Portal.person("a@example.com", "Ann"));
        String two = portal.create(Portal.person("b@example.com", "Bea"));
        try (SourceRun source = new SourceRun(portal).snapshot()) {
            source.forget();
            assertThat(portal.merge(one, two)).isEqualTo(one);
            source.until(() -> source.ids().contains(two + "-")).rounds(3);
            assertThat(source.ids()).contains(two + "-").doesNotContain(one + "-");
        }
    }

    @Test
    void anArchivedContactIsATombstoneAndARestoredOneComesBack() {
        String id = portal.create(Portal.person("a@example.com", "Ann"));
        try (SourceRun source = new SourceRun(portal).snapshot()) {
            source.forget();
            portal.archive(id);
            source.until(() -> source.ids().contains(id + "-"));
            portal.simulator().restore(id);
            source.until(() -> source.ids().contains(id)).rounds(2);
            assertThat(source.ids()).containsExactly(id + "-", id);
        }
    }

    @Test
    void severalHundredSelectedPropertiesAreReadWhole() {
        List<String> names = new ArrayList<>(List.of("email"));
        for (int i = 0; i < 400; i++) {
            String name = "custom_property_with_a_long_name_" + i;
            portal.createProperty(Map.of("name", name, "type", "string", "fieldType", "text"));
            names.add(name);
        }
        String id = portal.create(Map.of("email", "a@example.com", names.get(1), "first", names.get(400), "last"));
        Map<String, String> settings = Map.of(HubSpotSourceConfig.PROPERTIES, String.join(",", names));
        try (SourceRun source = new SourceRun(portal, settings, null).snapshot()) {
            assertThat(source.ids()).containsExactly(id);
            assertThat(SourceRun.value(source.delivered().get(0), names.get(1))).isEqualTo("first");
            assertThat(SourceRun.value(source.delivered().get(0), names.get(400)))
                    .isEqualTo("last");
            portal.update(id, Map.of(names.get(400), "changed"));
            source.until(() -> source.delivered().size() >= 2);
            assertThat(SourceRun.value(source.delivered().get(1), names.get(400)))
                    .isEqualTo("changed");
        }
    }

    @Test
    void unsetPropertiesAreEmptyWhetherTheAnswerLeavesThemOutOrNot() {
        for (boolean omit : new boolean[] {true, false}) {
            portal.close();
            portal = Portal.open(options -> options.omitUnset(omit));
            portal.create(Map.of("email", "a@example.com"));
            try (SourceRun source = new SourceRun(portal).snapshot()) {
                assertThat(SourceRun.value(source.delivered().get(0), "firstname"))
                        .isNull();
            }
        }
    }

    @Test
    void aRestartInTheMiddleOfTheSnapshotGoesOnAndMissesNothing() {
        List<String> ids = portal.simulator().load(Portal.people(350));
        Map<String, ?> offset;
        List<String> before;
        try (SourceRun source = new SourceRun(portal)) {
            source.until(() -> source.delivered().size() >= 200);
            offset = source.offset();
            before = source.ids();
        }
        portal.update(ids.get(0), Map.of("firstname", "Meanwhile"));
        try (SourceRun source = new SourceRun(portal, Map.of(), offset).snapshot()) {
            source.until(() -> source.ids().contains(ids.get(0)));
            List<String> all = new ArrayList<>(before);
            all.addAll(source.ids());
            assertThat(all).containsAll(ids).hasSize(ids.size() + 1);
        }
    }

    @Test
    void anOffsetThatAUserSetsReadsTheChangesSinceThenAgain() {
        long hour = 3_600_000;
        portal.simulator().load(Portal.people(50), portal.now() - 3 * hour, 1);
        List<String> late =
                portal.simulator().load(List.of(Portal.person("late@example.com", "Late")), portal.now() - hour, 1);
        Map<String, ?> offset = Map.of("v", 1, "phase", "incremental", "cursor", portal.now() - 2 * hour);
        try (SourceRun source = new SourceRun(portal, Map.of(), offset)) {
            source.until(() -> !source.delivered().isEmpty()).rounds(2);
            assertThat(source.ids()).containsExactlyElementsOf(late);
        }
    }

    private static Map<Object, SourceRecord> last(SourceRun source) {
        Map<Object, SourceRecord> last = new java.util.HashMap<>();
        source.delivered().forEach(record -> last.put(record.key(), record));
        return last;
    }
}
