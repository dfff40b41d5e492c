package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.dynamics.SourceOffset.Phase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class ChangeReaderTest {
    private final Deque<Object> answers = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final Map<String, String> props = new HashMap<>(Map.of(
            "dynamics.url", "contoso",
            "dynamics.tenant.id", "t",
            "dynamics.client.id", "c",
            "dynamics.client.secret", "s",
            "topic", "people",
            "columns", "lastname,emailaddress1",
            "topic.creation.default.partitions", "2"));
    private long now = 1_000_000;
    private DeletionCheck check;

    @Test
    void onlyTheLastRecordOfAPageCarriesItsNextLink() {
        ChangeReader reader = reader(start());
        page(rows(1, 2), "next1", null);
        List<SourceRecord> records = reader.next();
        assertThat(offsets(records)).containsExactly(start(), start().after("next1", null, false, now));
        page(rows(3), null, "delta1");
        SourceOffset marks = new SourceOffset("org", columns(), Phase.MARKS, "delta1", now);
        assertThat(offsets(reader.next())).containsExactly(marks);
        List<SourceRecord> ends = reader.next();
        assertThat(ends).extracting(SourceRecord::kafkaPartition).containsExactly(0, 1);
        assertThat(offsets(ends)).containsExactly(marks, marks.marked());
        assertThat(ends).allMatch(end -> end.value() == null && end.key().equals("\u0000snapshot-end"));
        assertThat(header(ends.get(0), SyncHeaders.ORIGIN)).isEqualTo("snapshot_end");
        assertThat(asked).containsExactly("tracked null", "tracked next1");
    }

    @Test
    void marksAreSentAgainWhenACrashCameBetween() {
        ChangeReader reader = reader(new SourceOffset("org", columns(), Phase.MARKS, "delta1", now));
        assertThat(reader.next()).hasSize(2);
        assertThat(asked).isEmpty();
    }

    @Test
    void anEmptyTableStillEndsItsSnapshot() {
        ChangeReader reader = reader(start());
        page("", null, "delta1");
        assertThat(reader.next()).isEmpty();
        assertThat(reader.next()).hasSize(2);
    }

    @Test
    void deletionsBecomeTombstonesAndRowsKeepTheirIdentity() {
        ChangeReader reader = reader(live("delta1"));
        page(
                rows(1)
                        + ",{\"@odata.context\":\"x/$metadata#contacts/$deletedEntity\",\"id\":\"{AB}\",\"reason\":\"deleted\"}",
                null,
                "delta2");
        List<SourceRecord> records = reader.next();
        SourceRecord row = records.get(0);
        assertThat(row.key()).isEqualTo("id-1");
        assertThat(((Struct) row.value()).getString("lastname")).isEqualTo("L1");
        assertThat(header(row, SyncHeaders.VERSION)).isEqualTo("1");
        assertThat(header(row, SyncHeaders.ORIGIN)).isEqualTo("live");
        assertThat(header(row, SyncHeaders.FINGERPRINTS))
                .contains("emailaddress1:,")
                .contains("lastname:");
        assertThat(records.get(1).key()).isEqualTo("ab");
        assertThat(records.get(1).value()).isNull();
        assertThat(offsets(records)).containsExactly(live("delta1"), live("delta2"));
    }

    @Test
    void anExpiredTokenReadsEverythingAgain() {
        ChangeReader reader = reader(live("old"));
        answers.add(
                new DataverseException("GET", new ServiceError(410, "0x80044352", "Version stamp"), AnswerKind.GONE));
        assertThat(reader.next()).isEmpty();
        assertThat(reader.idleMs()).isZero();
        page(rows(1), null, "delta2");
        List<SourceRecord> records = reader.next();
        assertThat(header(records.get(0), SyncHeaders.ORIGIN)).isEqualTo("sweep");
        assertThat(offsets(records)).containsExactly(withGap(live("delta2")));
        assertThat(asked).containsExactly("plain old", "tracked null");
    }

    @Test
    void otherRefusalsStop() {
        ChangeReader reader = reader(live("old"));
        for (int i = 0; i < 2; i++) {
            answers.add(new DataverseException("GET", new ServiceError(400, "0x0", "no such column"), AnswerKind.GONE));
        }
        assertThat(reader.next()).isEmpty();
        assertThatThrownBy(reader::next).isInstanceOf(ConnectException.class).hasMessageContaining("no such column");
    }

    @Test
    void theLoserOfAMergeEndsWithTheWinnersId() {
        ChangeReader reader = reader(live("delta1"));
        page(
                rows(1) + ",{\"contactid\":\"ID-2\",\"merged\":true,\"_masterid_value\":\"ID-1\",\"statecode\":1,"
                        + "\"modifiedon\":\"2024-06-12T14:13:28Z\",\"versionnumber\":2},"
                        // Merged once, and in use again.
                        + "{\"contactid\":\"ID-3\",\"merged\":true,\"_masterid_value\":\"ID-1\",\"statecode\":0,"
                        + "\"modifiedon\":\"2024-06-12T14:13:28Z\",\"versionnumber\":3}",
                null,
                "delta2");
        List<SourceRecord> records = reader.next();
        assertThat(records).extracting(SourceRecord::key).containsExactly("id-1", "id-2", "id-3");
        assertThat(records.get(1).value()).isNull();
        assertThat(header(records.get(1), SyncHeaders.MOVED_TO)).isEqualTo("id-1");
        assertThat(records.get(2).value()).isNotNull();
    }

    @Test
    void aSweepRunsBetweenPollsAndKeepsTheDeltaLink() {
        props.put("sweep.interval.ms", "60000");
        ChangeReader reader = reader(live("delta1"));
        page("", null, "delta2");
        assertThat(reader.next()).isEmpty();
        assertThat(reader.idleMs()).isEqualTo(5_000);
        now += 60_000;
        page("", null, "delta3");
        reader.next();
        page(rows(1), "sweep2", null);
        assertThat(offsets(reader.next())).containsExactly(live("delta3"));
        page(rows(2), null, null);
        SourceRecord last = reader.next().get(0);
        assertThat(header(last, SyncHeaders.ORIGIN)).isEqualTo("sweep");
        assertThat(SourceOffset.of(last.sourceOffset()))
                .isEqualTo(live("delta3").swept(now));
        assertThat(asked).containsExactly("plain delta1", "plain delta2", "plain null", "plain sweep2");
        assertThat(reader.idleMs()).isEqualTo(5_000);
    }

    @Test
    void aSweepWhoseLinkIsRefusedEndsWithoutHarm() {
        props.put("sweep.interval.ms", "60000");
        now += 60_000;
        ChangeReader reader = reader(live("delta1"));
        page("", null, "delta2");
        reader.next();
        page(rows(1), "sweep2", null);
        assertThat(reader.next()).hasSize(1);
        answers.add(new DataverseException(
                "GET", new ServiceError(400, "", "Malformed XML in the Paging Cookie"), AnswerKind.GONE));
        assertThat(reader.next()).isEmpty();
        assertThat(reader.idleMs()).isEqualTo(5_000);
        now += 5_000;
        page(rows(2), null, "delta3");
        assertThat(offsets(reader.next())).containsExactly(live("delta3").swept(now - 5_000));
    }

    @Test
    void aQuietSourceRenewsItsOffsetOnTheHeartbeatTopic() {
        props.put("heartbeat.topic", "beats");
        ChangeReader reader = reader(live("delta1"));
        page("", null, "delta2");
        assertThat(reader.next()).isEmpty();
        now += 60_000;
        page("", null, "delta3");
        List<SourceRecord> beat = reader.next();
        assertThat(beat).extracting(SourceRecord::topic).containsExactly("beats");
        assertThat(offsets(beat)).containsExactly(live("delta3"));
    }

    private ChangeReader reader(SourceOffset offset) {
        DynamicsSourceConfig config = new DynamicsSourceConfig(props);
        ColumnTypes types = new ColumnTypes(
                Map.of(
                        "statecode", new ColumnTypes.Attribute("State", false, true),
                        "versionnumber", new ColumnTypes.Attribute("BigInt", false, false)),
                Set.of(),
                new Lookups(Map::of),
                Map::of);
        return new ChangeReader(
                config,
                new Scripted(),
                new RecordFactory(config, types),
                new RowFates(Table.CONTACT, null, id -> true, addresses -> List.of()),
                null,
                check,
                offset,
                () -> Instant.ofEpochMilli(now));
    }

    private final class Scripted implements ChangeReader.Pages {
        @Override
        public Page read(String link, boolean tracked) {
            return answer((tracked ? "tracked " : "plain ") + link);
        }

        @Override
        public Page changedSince(long from) {
            return answer("since " + from);
        }

        @Override
        public List<JsonNode> rows(Collection<String> ids) {
            throw new UnsupportedOperationException("all rows take part");
        }

        private Page answer(String question) {
            asked.add(question);
            Object answer = answers.remove();
            if (answer instanceof RuntimeException failure) {
                throw failure;
            }
            return (Page) answer;
        }
    }

    private String columns() {
        return String.join(",", new DynamicsSourceConfig(props).columns());
    }

    private SourceOffset start() {
        return SourceOffset.beginning("org", columns());
    }

    private SourceOffset live(String link) {
        return new SourceOffset("org", columns(), Phase.LIVE, link, 1_000_000);
    }

    private static SourceOffset withGap(SourceOffset offset) {
        return new SourceOffset(
                offset.organization(),
                offset.columns(),
                offset.phase(),
                offset.link(),
                offset.swept(),
                offset.since(),
                offset.started(),
                true);
    }

    private void page(String rows, String next, String delta) {
        String json = "{\"value\":[" + rows + "]" + (next == null ? "" : ",\"@odata.nextLink\":\"" + next + "\"")
                + (delta == null ? "" : ",\"@odata.deltaLink\":\"" + delta + "\"") + "}";
        answers.add(Page.of(Json.read(json.getBytes(StandardCharsets.UTF_8)), now));
    }

    private static String rows(int... numbers) {
        List<String> rows = new ArrayList<>();
        for (int n : numbers) {
            rows.add("{\"contactid\":\"ID-" + n + "\",\"lastname\":\"L" + n
                    + "\",\"emailaddress1\":null,\"statecode\":0,"
                    + "\"modifiedon\":\"2024-06-12T14:13:28Z\",\"versionnumber\":" + n + "}");
        }
        return String.join(",", rows);
    }

    private static List<SourceOffset> offsets(List<SourceRecord> records) {
        return records.stream()
                .map(record -> SourceOffset.of(record.sourceOffset()))
                .toList();
    }

    private static String header(SourceRecord record, String name) {
        return SyncHeaders.get(record.headers(), name).orElseThrow();
    }
}
