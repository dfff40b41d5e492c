package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.hubspot.SourceOffset.Mark;
import java.util.Collections;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** Offsets that a user shows, changes and deletes through Connect's REST API. */
class AlterOffsetsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PARTITION = "{\"app\":\"hubspot\",\"object\":\"contacts\"}";

    private final HubSpotSourceConnector connector = new HubSpotSourceConnector();

    private static Map<String, ?> map(String json) {
        try {
            return JSON.readerForMapOf(Object.class).readValue(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private boolean alter(String partition, String offset) {
        return connector.alterOffsets(
                Map.of(), Collections.singletonMap(map(partition), offset == null ? null : map(offset)));
    }

    @Test
    void aTimeIsEnoughAndAnOffsetCanBeDeleted() {
        assertThat(alter(PARTITION, "{\"v\":1,\"phase\":\"incremental\",\"cursor\":1767225600000}"))
                .isTrue();
        assertThat(alter(PARTITION, null)).isTrue();
    }

    @Test
    void whatIsNoOffsetIsRefusedWithASentence() {
        assertThatThrownBy(() -> alter("{\"app\":\"hubspot\",\"object\":\"deals\"}", null))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("contacts");
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
}
