package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.SyncHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.connect.source.SourceRecord;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The source while everything happens at once: an index that lags, edits that share a millisecond, merges, deletions of all
 * kinds, restored contacts, a list whose members come and go, and failing calls. In the end the topic must say what the
 * portal says.
 */
class SourceStormTest {
    private static final int LATE_POLLS = 30;
    private static final int STEPS = 250;

    private final List<String> live = new ArrayList<>();
    private final List<String> archived = new ArrayList<>();
    private final Set<String> survivors = new HashSet<>();
    /** What the sinks' ledger would link: everything whose end was not told. */
    private final List<String> linked = new ArrayList<>();

    private Portal portal;
    private Random random;
    private String list;
    private int names;

    @AfterEach
    void close() {
        portal.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void inTheEndTheTopicSaysWhatThePortalSays(long seed) {
        random = new Random(seed);
        portal = Portal.open(options -> options.indexLagMaxMs(1_500)
                .seed(seed)
                .secondBump(random.nextBoolean())
                .keepMergedPrimaryId(random.nextBoolean()));
        live.addAll(portal.simulator().load(Portal.people(300)));
        linked.addAll(live);
        list = portal.createList("Scope", live.subList(0, 150).toArray(String[]::new));
        Map<String, String> settings = Map.of(
                HubSpotSourceConfig.LIST_IDS, list,
                HubSpotSourceConfig.LIST_CHECK_INTERVAL_MS, "1000",
                HubSpotSourceConfig.DELETION_CHECK_INTERVAL_MS, "1000");
        try (SourceRun source = new SourceRun(portal, settings, null, linked)) {
            for (int i = 0; i < STEPS; i++) {
                happen();
                poll(source);
            }
            portal.forgetFaults();
            settle(source);
            assertThat(repeated(source.delivered())).isEmpty();
        }
    }

    private void poll(SourceRun source) {
        for (SourceRecord record : source.poll()) {
            if (record.value() == null) {
                linked.remove(String.valueOf(record.key()));
            }
        }
    }

    private void happen() {
        switch (random.nextInt(9)) {
            case 0 -> appear(portal.create(Portal.person("n" + ++names + "@example.com", "New" + names)));
            case 1 -> portal.update(any(), Map.of("firstname", "Edit" + ++names));
            case 2 -> editManyInOneMillisecond();
            case 3 -> merge();
            case 4 -> {
                String id = disappear();
                portal.archive(id);
                archived.add(id);
            }
            case 5 -> portal.purge(disappear());
            case 6 -> {
                if (!archived.isEmpty()) {
                    String id = archived.remove(random.nextInt(archived.size()));
                    if (portal.simulator().restore(id)) {
                        appear(id);
                    }
                }
            }
            case 7 -> {
                portal.addToList(list, any(), any());
                portal.removeFromList(list, any(), any());
            }
            default -> fail();
        }
    }

    private void editManyInOneMillisecond() {
        portal.freeze(portal.now());
        int from = random.nextInt(live.size() / 2);
        portal.updateAll(live.subList(from, from + live.size() / 2), "firstname", "Tied" + ++names);
        portal.thaw();
    }

    private void merge() {
        String primary = disappear();
        String survivor = portal.merge(primary, disappear());
        survivors.add(survivor);
        appear(survivor);
    }

    private void fail() {
        List<Map<String, ?>> faults = List.of(
                Map.of("kind", "cut"),
                Map.of("kind", "reset-before"),
                Map.of("kind", "reset-after"),
                Map.of("status", 429),
                Map.of("status", 502),
                Map.of("status", 503));
        Map<String, Object> fault = new HashMap<>(faults.get(random.nextInt(faults.size())));
        // Only what the source calls: the portal's users see no fault.
        List<String> calls = List.of("/search$", "/batch/read$", "/memberships$", "GET .*/contacts$");
        fault.put("match", calls.get(random.nextInt(calls.size())));
        portal.fault(fault);
    }

    private String any() {
        return live.get(random.nextInt(live.size()));
    }

    private void appear(String id) {
        live.add(id);
        if (!linked.contains(id)) {
            linked.add(id);
        }
    }

    private String disappear() {
        return live.remove(random.nextInt(live.size()));
    }

    /** Polls until the last record of every contact is as the portal has it. */
    private void settle(SourceRun source) {
        Map<String, String> names = portal.values("firstname");
        Set<String> members = portal.members(list);
        assertThat(names.keySet()).containsExactlyInAnyOrderElementsOf(live);
        try {
            source.until(() -> {
                poll(source);
                return wrong(source.delivered(), names, members).isEmpty();
            });
            // Whatever still comes must not undo that.
            for (int i = 0; i < LATE_POLLS; i++) {
                poll(source);
            }
        } catch (ConditionTimeoutException e) {
            assertThat(wrong(source.delivered(), names, members)).isEmpty();
        }
        assertThat(wrong(source.delivered(), names, members)).isEmpty();
    }

    private static List<String> wrong(List<SourceRecord> records, Map<String, String> names, Set<String> members) {
        Map<String, SourceRecord> last = new HashMap<>();
        records.forEach(record -> last.put(String.valueOf(record.key()), record));
        List<String> wrong = new ArrayList<>();
        names.forEach((id, name) -> {
            SourceRecord record = last.remove(id);
            if (record == null || record.value() == null) {
                wrong.add(id + " is missing");
            } else if (!SourceRun.value(record, "firstname").equals(name)) {
                wrong.add(id + " has an old value");
            } else if (members.contains(id)
                    == SourceRun.header(record, SyncHeaders.EXCLUDED).isPresent()) {
                wrong.add(id + " has an old scope");
            }
        });
        last.forEach((id, record) -> {
            if (record.value() != null) {
                wrong.add(id + " has no tombstone");
            }
        });
        return wrong;
    }

    /** Images that say nothing new: only the survivors of merges come twice. */
    private List<String> repeated(List<SourceRecord> records) {
        Map<String, String> last = new HashMap<>();
        List<String> repeated = new ArrayList<>();
        for (SourceRecord record : records) {
            String id = String.valueOf(record.key());
            if (record.value() == null) {
                // The check for deletions may repeat the end of a contact that the ledger still linked when it began.
                last.remove(id);
                continue;
            }
            String said = SourceRun.header(record, SyncHeaders.VERSION).orElseThrow()
                    + SourceRun.value(record, "firstname")
                    + SourceRun.header(record, SyncHeaders.EXCLUDED).orElse("");
            if (said.equals(last.put(id, said)) && !survivors.contains(id)) {
                repeated.add(id + " " + said);
            }
        }
        return repeated;
    }
}
