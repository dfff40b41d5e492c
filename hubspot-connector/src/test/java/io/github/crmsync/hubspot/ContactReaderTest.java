package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.http.ServiceFailedException;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class ContactReaderTest {
    private static final long START = 1_000_000_000L;
    private final Portal portal = new Portal();
    private long clock = START;

    private final class Portal implements ContactFeed {
        final TreeMap<Long, Contact> live = new TreeMap<>();
        final TreeMap<Long, Contact> archived = new TreeMap<>();
        /** Survivors by merged-away id, as single reads answer. */
        final Map<Long, Long> redirected = new HashMap<>();
        /** What no search shows. */
        final Set<Long> hidden = new HashSet<>();

        String id = "7";
        boolean failReads;
        /** HubSpot fails on each call that reads it. */
        String unreadable;

        int reads;
        long searchTakesMs;

        void put(long id, String name, Map<String, String> more) {
            Map<String, String> properties = new HashMap<>(more);
            properties.put("firstname", name);
            live.put(id, new Contact(Long.toString(id), START, clock, false, 0, properties, null));
        }

        void archive(long id) {
            Contact contact = live.remove(id);
            archived.put(id, new Contact(contact.id(), START, contact.updatedAt(), true, clock, Map.of(), null));
        }

        @Override
        public long now() {
            return clock;
        }

        @Override
        public Map<String, PropertyInfo> properties() {
            return Map.of(
                    "firstname", new PropertyInfo("firstname", "string", "text", "", 0, false),
                    "lastname", new PropertyInfo("lastname", "string", "text", "", 0, false));
        }

        @Override
        public List<Contact> readArchived(Collection<String> ids) {
            return ids.stream()
                    .map(id -> archived.get(Long.parseLong(id)))
                    .filter(contact -> contact != null)
                    .toList();
        }

        @Override
        public Contact find(String id) {
            long asked = Long.parseLong(id);
            return live.get(redirected.getOrDefault(asked, asked));
        }

        @Override
        public ListState list(String listId) {
            throw new UnsupportedOperationException("no lists here");
        }

        @Override
        public HubSpotApi.Members members(String listId, String after) {
            throw new UnsupportedOperationException("no lists here");
        }

        @Override
        public HubSpotApi.Page listContacts(String after, Collection<String> properties) {
            return page(live, after);
        }

        @Override
        public HubSpotApi.Page listArchived(String after) {
            return page(archived, after);
        }

        private HubSpotApi.Page page(TreeMap<Long, Contact> all, String after) {
            long from = after == null || after.isEmpty() ? 0 : Long.parseLong(after);
            List<Contact> page =
                    all.tailMap(from, true).values().stream().limit(2).toList();
            Long next = page.isEmpty()
                    ? null
                    : all.higherKey(Long.parseLong(page.get(page.size() - 1).id()));
            return new HubSpotApi.Page(page, next == null ? null : next.toString());
        }

        @Override
        public List<Contact> batchRead(Collection<String> ids, Collection<String> properties, String idProperty) {
            if (failReads) {
                throw new RetryLaterException("down", 1, null);
            }
            reads++;
            if (unreadable != null && ids.contains(unreadable)) {
                throw new ServiceFailedException("HTTP 500", 1);
            }
            return ids.stream()
                    .map(id -> live.get(Long.parseLong(id)))
                    .filter(contact -> contact != null)
                    .toList();
        }

        @Override
        public Found search(Query query) {
            clock += searchTakesMs;
            List<Hit> hits = live.values().stream()
                    .filter(c -> !hidden.contains(Long.parseLong(c.id())))
                    .filter(c -> c.updatedAt() >= query.fromMs() && c.updatedAt() <= query.toMs())
                    .sorted(Comparator.comparingLong(Contact::updatedAt))
                    .map(c -> new Hit(c.id(), c.updatedAt()))
                    .toList();
            return new Found(hits, false);
        }
    }

    private final Map<String, String> settings = new HashMap<>();

    private ContactReader reader(SourceOffset offset) {
        return reader(offset, null);
    }

    private ContactReader reader(SourceOffset offset, LinkedContacts linked) {
        Map<String, String> props = new HashMap<>(Map.of(
                "properties", "firstname",
                "hubspot.access.token", "t",
                "heartbeat.topic", "beat",
                "sweep.interval.ms", "3600000",
                "metadata.refresh.interval.ms", "0",
                "topic.creation.default.partitions", "2"));
        props.putAll(settings);
        HubSpotSourceConfig config = new HubSpotSourceConfig(props);
        return new ContactReader(portal, config, portal.id, offset, linked, () -> clock);
    }

    private List<SourceRecord> drain(ContactReader reader) {
        List<SourceRecord> all = new ArrayList<>(reader.step());
        while (reader.waitMs() == 0) {
            all.addAll(reader.step());
        }
        return all;
    }

    private static List<String> keys(List<SourceRecord> records) {
        return records.stream()
                .map(r -> r.key() + (r.value() == null ? "-" : ""))
                .toList();
    }

    private static String header(SourceRecord record, String name) {
        return SyncHeaders.get(record.headers(), name).orElse(null);
    }

    private void fill() {
        for (long id = 1; id <= 5; id++) {
            portal.put(id, "n" + id, Map.of());
        }
        clock += 10;
    }

    @Test
    void aSnapshotEndsWithAMarkInEachPartitionAndIsNotRepeated() {
        fill();
        List<SourceRecord> records = drain(reader(null));
        assertThat(keys(records))
                .containsExactly("1", "2", "3", "4", "5", "\u0000snapshot-end-", "\u0000snapshot-end-");
        assertThat(records).extracting(SourceRecord::kafkaPartition).endsWith(0, 1);
        assertThat(header(records.get(0), SyncHeaders.ORIGIN)).isEqualTo("snapshot");
        assertThat(header(records.get(6), SyncHeaders.ORIGIN)).isEqualTo("snapshot_end");
        assertThat(records)
                .extracting(r ->
                        r.sourceOffset().get("phase") + ":" + r.sourceOffset().get("after"))
                .containsExactly(
                        "snapshot:",
                        "snapshot:3",
                        "snapshot:3",
                        "snapshot:5",
                        "snapshot:5",
                        "snapshot:5",
                        "incremental:");
    }

    @Test
    void changesComeOnceAndDeletionsAsTombstones() {
        fill();
        ContactReader reader = reader(null);
        drain(reader);
        clock += 60_000;
        portal.put(2, "new", Map.of("dynamics_contact_id", "d2"));
        portal.archive(4);
        clock += 5_000;
        List<SourceRecord> records = drain(reader);
        assertThat(keys(records)).containsExactly("2", "4-");
        assertThat(header(records.get(0), SyncHeaders.LINK_KEY)).isEqualTo("d2");
        assertThat(header(records.get(0), SyncHeaders.ORIGIN)).isEqualTo("live");
        assertThat(header(records.get(1), SyncHeaders.ID)).isEqualTo("4");
        clock += 5_000;
        assertThat(drain(reader)).isEmpty();
    }

    @Test
    void aFailedReadLosesNoChange() {
        ContactReader reader = reader(null);
        drain(reader);
        clock += 10_000;
        portal.put(1, "a", Map.of());
        portal.failReads = true;
        assertThatThrownBy(reader::step).isInstanceOf(RetryLaterException.class);
        portal.failReads = false;
        assertThat(keys(drain(reader))).containsExactly("1");
    }

    @Test
    void aContactThatCannotBeReadIsSetAsideAndReadAgainWithGrowingPauses() {
        ContactReader reader = reader(null);
        drain(reader);
        clock += 10_000;
        portal.put(1, "a", Map.of());
        portal.put(2, "b", Map.of());
        portal.unreadable = "2";
        assertThat(keys(drain(reader))).containsExactly("1");

        portal.reads = 0;
        for (int i = 0; i < 60; i++) {
            clock += 5_000;
            assertThat(keys(drain(reader))).doesNotContain("1", "2");
        }
        assertThat(portal.reads).as("in five minutes").isBetween(2, 3);

        portal.unreadable = null;
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            clock += 5_000;
            sent.addAll(keys(drain(reader)));
        }
        assertThat(sent.stream().filter(key -> !key.startsWith("hubspot:"))).containsExactly("2");
    }

    @Test
    void otherPropertiesSendAllContactsAgainAlsoAfterARestartInBetween() {
        fill();
        SourceOffset before = lastOffset(drain(reader(null)));
        settings.putAll(Map.of("properties", "firstname,lastname", "sweep.interval.ms", "0"));
        portal.hidden.addAll(portal.live.keySet());
        ContactReader interrupted = reader(before);
        List<SourceRecord> part = new ArrayList<>();
        while (part.isEmpty()) {
            clock += 1_000;
            part.addAll(interrupted.step());
        }
        assertThat(part).hasSizeLessThan(5);

        assertThat(sentWithin(60_000, reader(lastOffset(part)))).contains("1", "2", "3", "4", "5");
        assertThat(sentWithin(600_000, reader(lastOffset(part)))).containsOnlyOnce("1", "2", "3", "4", "5");
    }

    private List<String> sentWithin(long ms, ContactReader reader) {
        List<String> sent = new ArrayList<>();
        for (long passed = 0; passed < ms; passed += 1_000) {
            clock += 1_000;
            sent.addAll(keys(drain(reader)));
        }
        return sent;
    }

    private static SourceOffset lastOffset(List<SourceRecord> records) {
        return SourceOffset.of(records.get(records.size() - 1).sourceOffset());
    }

    @Test
    void mergedAwayContactsAreTombstones() {
        fill();
        ContactReader reader = reader(null);
        drain(reader);
        clock += 5_000;
        portal.live.remove(1L);
        portal.live.remove(2L);
        portal.put(9, "merged", Map.of("hs_merged_object_ids", "1;2"));
        List<SourceRecord> records = drain(reader);
        assertThat(keys(records)).containsExactly("1-", "2-", "9");
        assertThat(header(records.get(0), SyncHeaders.MOVED_TO)).isEqualTo("9");
        assertThat(header(records.get(2), SyncHeaders.MOVED_TO)).isNull();
    }

    @Test
    void theSurvivorOfAMergeComesTwiceBecauseItsFirstImageMayOvertakeTheTombstone() {
        fill();
        ContactReader reader = reader(null);
        drain(reader);
        clock += 5_000;
        portal.live.remove(1L);
        portal.put(9, "merged", Map.of("hs_merged_object_ids", "1"));
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            // A failure in between must not make it forget.
            portal.failReads = i == 2;
            try {
                sent.addAll(keys(drain(reader)));
            } catch (RetryLaterException e) {
                assertThat(portal.failReads).isTrue();
            }
            clock += 5_000;
        }
        assertThat(sent.stream().filter(key -> !key.startsWith("hubspot:"))).containsExactly("1-", "9", "9");
    }

    @Test
    void aSweepTellsOfAMergeThatNoSearchHasShown() {
        fill();
        ContactReader reader = reader(null);
        drain(reader);
        clock += 70_000;
        portal.hidden.add(9L);
        portal.live.remove(1L);
        portal.put(9, "merged", Map.of("hs_merged_object_ids", "1"));
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 1_600; i++) {
            clock += 5_000;
            sent.addAll(keys(drain(reader)));
        }
        assertThat(sent).containsOnlyOnce("1-").containsSubsequence("1-", "9");
    }

    @Test
    void aMergedContactThatABatchReadDoesNotAnswerForIsFoundByItsId() {
        fill();
        portal.live.remove(1L);
        portal.put(9, "merged", Map.of());
        portal.redirected.put(1L, 9L);
        ContactReader reader = reader(SourceOffset.begin("7", 1).incremental(), stream("1", "3"));
        List<SourceRecord> records = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            records.addAll(drain(reader));
            clock += 1_000;
        }
        assertThat(keys(records)).containsSubsequence("1-", "9").doesNotContain("3-");
        assertThat(records.stream().filter(r -> r.key().equals("1")))
                .extracting(r -> header(r, SyncHeaders.MOVED_TO))
                .containsExactly("9");
    }

    @Test
    void aLedgerThatCannotBeReadNowStopsNothing() {
        fill();
        AtomicInteger attempts = new AtomicInteger();
        ContactReader reader = reader(SourceOffset.begin("7", 1).incremental(), () -> {
            if (attempts.incrementAndGet() == 1) {
                throw new RetriableException("no broker");
            }
            return stream("77").open();
        });
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            sent.addAll(keys(drain(reader)));
            clock += 5_000;
        }
        assertThat(sent).contains("77-", "1", "5");
        assertThat(attempts).hasValue(2);
    }

    private static LinkedContacts stream(String... ids) {
        return () -> {
            List<Set<String>> chunks = new ArrayList<>(List.of(Set.of(ids)));
            return new LinkedContacts.Ids() {
                @Override
                public Set<String> next() {
                    return chunks.isEmpty() ? Set.of() : chunks.remove(0);
                }

                @Override
                public void close() {
                    chunks.clear();
                }
            };
        };
    }

    @Test
    void aRestartGoesOnFromTheLastRecordsOffset() {
        fill();
        ContactReader first = reader(null);
        List<SourceRecord> page = first.step();
        SourceOffset middle = SourceOffset.of(page.get(1).sourceOffset());
        assertThat(keys(drain(reader(middle)))).startsWith("3", "4", "5", "\u0000snapshot-end-");
    }

    @Test
    void aSweepRepeatsEverythingAndAQuietSourceBeats() {
        fill();
        ContactReader reader = reader(null);
        drain(reader);
        List<SourceRecord> all = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            clock += 5_000;
            all.addAll(drain(reader));
        }
        assertThat(all.stream().filter(r -> "sweep".equals(header(r, SyncHeaders.ORIGIN))))
                .extracting(SourceRecord::key)
                .contains("1", "2", "3", "4", "5");
        assertThat(all.get(0).topic()).isEqualTo("beat");
        assertThat((Long) all.get(0).sourceOffset().get("cursor")).isGreaterThan(START);
    }

    @Test
    void aSweepTakesAnEighthOfASmallBudgetToo() {
        settings.put("rate.limit.burst", "20");
        fill();
        ContactReader reader = reader(null);
        drain(reader);
        List<Long> times = new ArrayList<>();
        while (times.size() < 5) {
            clock += Math.max(1, reader.waitMs());
            for (SourceRecord record : reader.step()) {
                if ("sweep".equals(header(record, SyncHeaders.ORIGIN))) {
                    times.add(clock);
                }
            }
        }
        // Two contacts to a page: three calls, of which the budget of 20 in ten seconds grants one in four seconds.
        assertThat(times.get(4) - times.get(0)).isGreaterThanOrEqualTo(8_000);
    }

    @Test
    void searchesThatTakeLongerThanThePollIntervalKeepNoDeletionWaiting() {
        fill();
        ContactReader reader = reader(null);
        drain(reader);
        portal.searchTakesMs = 6_000;
        portal.archive(4);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            sent.addAll(keys(reader.step()));
            clock += reader.waitMs();
        }
        assertThat(sent).containsOnlyOnce("4-");
    }

    @Test
    void aForeignOffsetIsRefused() {
        SourceOffset other = SourceOffset.begin("8", 1).incremental();
        assertThatThrownBy(() -> reader(other))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("portal 8");
    }

    @Test
    void offsetsSurviveTheirMapAndNonsenseIsExplained() {
        SourceOffset offset = SourceOffset.begin("8", 1)
                .withAfter("x")
                .with(SourceOffset.Mark.DELETED, 2)
                .with(SourceOffset.Mark.SCHEMA, 3);
        assertThat(SourceOffset.of(offset.toMap())).isEqualTo(offset);
        assertThatThrownBy(() -> SourceOffset.of(Map.of("v", 1, "phase", "later", "cursor", 1)))
                .hasMessageContaining("phase");
        assertThatThrownBy(() -> SourceOffset.of(Map.of("phase", "snapshot"))).hasMessageContaining("\"v\"");
    }

    @Test
    void aChangeThatTheIndexShowsLateIsFoundAsLongAsTheOverlapReachesBackToIt() {
        ContactReader reader = reader(null);
        drain(reader);
        portal.put(5, "late", Map.of());
        Contact hidden = portal.live.remove(5L);
        List<String> sent = new ArrayList<>();
        for (long end = clock + 55_000; clock < end; clock += 5_000) {
            assertThat(keys(drain(reader))).doesNotContain("5");
        }
        portal.live.put(5L, hidden);
        for (long end = clock + 30_000; clock < end; clock += 5_000) {
            sent.addAll(keys(drain(reader)));
        }
        assertThat(sent).containsOnlyOnce("5");
    }

    @Test
    void aChangeThatTheIndexShowsSecondsLateIsFoundByTheNextSearch() {
        fill();
        ContactReader reader = reader(null);
        drain(reader);
        portal.put(3, "late", Map.of());
        portal.hidden.add(3L);
        clock += reader.waitMs();
        drain(reader);
        portal.hidden.clear();
        clock += reader.waitMs();
        assertThat(keys(drain(reader))).containsExactly("3");
    }

    @Test
    void aDeletionThatTheArchiveShowsLateIsDeliveredOnce() {
        fill();
        ContactReader reader = reader(null);
        drain(reader);
        clock -= 1_500;
        portal.archive(4);
        clock += 1_500;
        List<String> sent = new ArrayList<>();
        for (long end = clock + 200_000; clock < end; clock += 5_000) {
            sent.addAll(keys(drain(reader)));
        }
        assertThat(sent).containsOnlyOnce("4-");
    }

    @Test
    void aRestartFindsWhatTheIndexHadNotShownBeforeIt() {
        ContactReader reader = reader(null);
        SourceOffset offset = SourceOffset.of(last(drain(reader)).sourceOffset());
        portal.put(5, "late", Map.of());
        Contact hidden = portal.live.remove(5L);
        for (int i = 0; i < 11; i++) {
            clock += 5_000;
            portal.put(6, "name " + i, Map.of());
            offset = SourceOffset.of(last(drain(reader)).sourceOffset());
        }
        portal.live.put(5L, hidden);
        assertThat(keys(drain(reader(offset)))).contains("5");
    }

    private static SourceRecord last(List<SourceRecord> records) {
        return records.get(records.size() - 1);
    }
}
