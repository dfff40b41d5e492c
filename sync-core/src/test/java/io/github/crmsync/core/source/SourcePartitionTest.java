package io.github.crmsync.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.Test;

class SourcePartitionTest {
    private static final Map<String, String> FORMER = Map.of("app", "hubspot", "object", "contacts");
    private static final String ONE_ORDER = "{app=hubspot, object=contacts}";
    private static final String OTHER_ORDER = "{object=contacts, app=hubspot}";

    private final SourcePartition partition = new SourcePartition("object", "contacts", FORMER);
    /** Offsets by the text of their partition, as Connect stores them. */
    private final Map<String, Map<String, Object>> store = new HashMap<>();

    private final OffsetStorageReader reader = new OffsetStorageReader() {
        @Override
        public <T> Map<String, Object> offset(Map<String, T> wanted) {
            return store.get(wanted.toString());
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> wanted) {
            throw new UnsupportedOperationException();
        }
    };

    private static SourceRecord record(String key, Map<String, ?> partition) {
        return new SourceRecord(partition, Map.of("n", 1), "topic", Schema.STRING_SCHEMA, key, null, null);
    }

    private void deliver(List<SourceRecord> records) {
        records.forEach(record -> {
            String text = record.sourcePartition().toString();
            if (record.sourceOffset() == null) {
                store.remove(text);
            } else {
                store.put(text, new HashMap<>(record.sourceOffset()));
            }
        });
    }

    @Test
    void hasASingleEntrySoThatNoOrderMatters() {
        assertThat(partition.form()).containsExactly(Map.entry("object", "contacts"));
    }

    @Test
    void findsWhatEarlierBuildsStoredUnderEitherOrder() {
        assertThat(partition.stored(reader)).isEmpty();
        store.put(OTHER_ORDER, Map.of("n", 2));
        assertThat(partition.stored(reader)).containsExactly(Map.of("n", 2));
        store.put(ONE_ORDER, Map.of("n", 1));
        assertThat(partition.stored(reader)).containsExactlyInAnyOrder(Map.of("n", 1), Map.of("n", 2));
    }

    @Test
    void thePresentFormCountsAloneOnceItIsStored() {
        store.put(ONE_ORDER, Map.of("n", 100));
        store.put("{object=contacts}", Map.of("n", 3));
        assertThat(partition.stored(reader)).containsExactly(Map.of("n", 3));
    }

    @Test
    void clearsBothOrdersOnlyAfterThePresentFormIsStored() {
        store.put(ONE_ORDER, Map.of("n", 1));
        store.put(OTHER_ORDER, Map.of("n", 2));
        FormerOffsets former = new FormerOffsets(partition, reader);
        List<SourceRecord> first = List.of(record("a", partition.form()));
        assertThat(former.clear(first, 0)).isEqualTo(first);
        deliver(first);

        List<SourceRecord> second = former.clear(List.of(record("b", partition.form())), 60_000);
        assertThat(second).extracting(SourceRecord::key).containsExactly("b", "b", "b");
        // The writer of Connect gathers offsets by partition in such a map.
        Map<Map<String, ?>, Map<String, ?>> gathered = new HashMap<>();
        second.forEach(record -> gathered.put(record.sourcePartition(), record.sourceOffset()));
        assertThat(gathered).hasSize(3);
        deliver(second);
        assertThat(store).containsOnlyKeys("{object=contacts}");

        List<SourceRecord> third = List.of(record("c", partition.form()));
        assertThat(former.clear(third, 120_000)).isEqualTo(third);
    }

    @Test
    void aResetClearsEveryFormToo() {
        Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
        offsets.put(partition.form(), null);
        partition.alter(offsets, offset -> {});
        List<String> cleared = new ArrayList<>();
        offsets.forEach((key, offset) -> {
            assertThat(offset).isNull();
            cleared.add(key.toString());
        });
        assertThat(cleared).containsExactlyInAnyOrder("{object=contacts}", ONE_ORDER, OTHER_ORDER);
    }

    @Test
    void refusesAnOffsetForAnotherPartitionAndNamesTheRightOne() {
        assertThatThrownBy(() -> partition.alter(new HashMap<>(Map.of(FORMER, Map.of("n", 1))), offset -> {}))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("{\"object\": \"contacts\"}")
                .hasMessageContaining("earlier versions");
        assertThatThrownBy(() ->
                        partition.alter(new HashMap<>(Map.of(Map.of("object", "deals"), Map.of("n", 1))), offset -> {}))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("not {\"object\": \"deals\"}");
    }

    @Test
    void aWorkerThatHandsOutFixedOffsetsIsTolerated() {
        partition.alter(Collections.singletonMap(partition.form(), null), offset -> {});
        assertThat(partition.form()).hasSize(1);
    }
}
