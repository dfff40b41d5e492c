package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.hubspot.SourceOffset.Mark;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** Offsets that a user shows, changes and deletes through Connect's REST API. */
class AlterOffsetsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PARTITION = "{\"object\":\"contacts\"}";

    private String portal = "12345678";
    private final HubSpotSourceConnector connector = new HubSpotSourceConnector(config -> {
        if (portal == null) {
            throw new RetryLaterException("no connection", 1, null);
        }
        return portal;
    });

    private static Map<String, ?> map(String json) {
        try {
            return JSON.readerForMapOf(Object.class).readValue(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private boolean alter(String partition, String offset) {
        Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
        offsets.put(map(partition), offset == null ? null : map(offset));
        return connector.alterOffsets(Map.of(), offsets);
    }

    @Test
    void aTimeIsEnoughAndAnOffsetCanBeDeleted() {
        assertThat(alter(PARTITION, "{\"v\":1,\"phase\":\"incremental\",\"cursor\":1767225600000}"))
                .isTrue();
        assertThat(alter(PARTITION, null)).isTrue();
    }

    @Test
    void whatIsNoOffsetIsRefusedWithASentence() {
        assertThatThrownBy(() -> alter("{\"object\":\"deals\"}", "{\"v\":1,\"phase\":\"incremental\",\"cursor\":1}"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("contacts");
        assertThatThrownBy(() ->
                        alter(PARTITION, "{\"v\":1,\"phase\":\"incremental\",\"cursor\":1,\"delted\":1,\"scop\":2}"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("delted, scop");
        assertThatThrownBy(() -> alter(PARTITION, "{\"v\":1,\"phase\":\"incremental\",\"cursor\":1767225600000000}"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("in the future");
        assertThatThrownBy(() -> alter(PARTITION, "{\"v\":2,\"phase\":\"incremental\",\"cursor\":1}"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("\"v\": 1");
        assertThatThrownBy(() -> alter(PARTITION, "{\"v\":1,\"phase\":\"incremental\"}"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("cursor");
        assertThatThrownBy(() -> alter(PARTITION, "{\"v\":1,\"phase\":\"incremental\",\"cursor\":\"yesterday\"}"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("time in ms");
    }

    @Test
    void anOffsetIsSmallAndSurvivesJson() throws JsonProcessingException {
        SourceOffset offset = SourceOffset.begin("12345678", 1_767_225_600_000L)
                .withAfter("171596044869")
                .with(Mark.SHAPE, SourceOffset.whole(-1));
        String text = JSON.writeValueAsString(offset.toMap());
        assertThat(text).hasSizeLessThan(300);
        assertThat(SourceOffset.of(map(text))).isEqualTo(offset);
        assertThat(alter(PARTITION, text)).isTrue();
    }

    @Test
    void anOffsetOfAnotherPortalIsRefusedWhenItIsPut() {
        String mine = "{\"v\":1,\"phase\":\"incremental\",\"cursor\":1,\"portal\":\"12345678\"}";
        assertThat(alter(PARTITION, mine)).isTrue();
        portal = "999";
        assertThatThrownBy(() -> alter(PARTITION, mine))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("12345678")
                .hasMessageContaining("999");
        portal = null;
        assertThatThrownBy(() -> alter(PARTITION, mine))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("try again");
    }

    @Test
    void ofSeveralStoredOffsetsTheFurthestCounts() {
        SourceOffset snapshot = SourceOffset.begin("1", 9_000).withAfter("20");
        SourceOffset older = SourceOffset.begin("1", 1_000).incremental();
        SourceOffset newer = SourceOffset.begin("1", 2_000).incremental();
        assertThat(SourceOffset.furthest(List.of())).isNull();
        assertThat(SourceOffset.furthest(List.of(snapshot))).isEqualTo(snapshot);
        SourceOffset furthest = SourceOffset.furthest(List.of(snapshot, newer, older));
        assertThat(furthest.inSnapshot()).isFalse();
        assertThat(furthest.get(Mark.CURSOR)).isEqualTo(2_000);
        // What was deleted while the other one was lost is looked for.
        assertThat(furthest.get(Mark.DELETED)).isEqualTo(1_000);
        assertThat(furthest.get(Mark.CHECKED)).isZero();
        assertThat(SourceOffset.furthest(List.of(SourceOffset.begin("1", 9_000).withAfter("9"), snapshot)))
                .extracting(SourceOffset::after)
                .isEqualTo("20");
    }
}
