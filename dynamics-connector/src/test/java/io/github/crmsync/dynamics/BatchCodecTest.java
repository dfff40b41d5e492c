package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchCodecTest {
    private static final String TYPE = "multipart/mixed; boundary=batchresponse_1";

    @Test
    void everyLineEndsWithCrlf() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("If-Match", "W/\"7\"");
        headers.put("Content-Type", "application/json");
        byte[] body = "{\"lastname\":\"--b1 Müller\"}".getBytes(StandardCharsets.UTF_8);
        String text = text(BatchCodec.encode(
                "b1",
                List.of(
                        new BatchCodec.Part("PATCH", "/api/data/v9.2/contacts(1)", headers, body),
                        new BatchCodec.Part("GET", "/api/data/v9.2/contacts", Map.of(), null))));
        assertThat(text.replace("\r\n", "")).doesNotContain("\n").doesNotContain("\r");
        assertThat(text)
                .isEqualTo("--b1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                        + "PATCH /api/data/v9.2/contacts(1) HTTP/1.1\r\nIf-Match: W/\"7\"\r\n"
                        + "Content-Type: application/json\r\n\r\n{\"lastname\":\"--b1 Müller\"}\r\n"
                        + "--b1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                        + "GET /api/data/v9.2/contacts HTTP/1.1\r\n\r\n\r\n--b1--\r\n");
    }

    @Test
    void answersComeInOrderWithTheirBodies() {
        String ok = "{\"contactid\":\"1\",\"lastname\":\"--batchresponse_1 Ünal --batchresponse_1--\"}";
        BatchCodec.Replies replies = decode(part("200 OK", ok) + part("204 No Content", "")
                + part("412 Precondition Failed", "{\"error\":{}}") + "--batchresponse_1--\r\n");
        assertThat(replies.complete()).isTrue();
        assertThat(replies.replies()).extracting(BatchCodec.Reply::status).containsExactly(200, 204, 412);
        assertThat(text(replies.replies().get(0).body())).isEqualTo(ok);
        assertThat(replies.replies().get(0).headers()).containsEntry("odata-version", "4.0");
        assertThat(replies.replies().get(1).body()).isEmpty();
    }

    @Test
    void aChangesetInsideIsReadToo() {
        String inner =
                "--cs\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: 1\r\n\r\n"
                        + "HTTP/1.1 201 Created\r\n\r\n{}\r\n--cs--\r\n";
        BatchCodec.Replies replies =
                decode("--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=\"cs\"\r\n\r\n" + inner
                        + "--batchresponse_1--\r\n");
        assertThat(replies.replies()).extracting(BatchCodec.Reply::status).containsExactly(201);
    }

    @Test
    void aCutAnswerIsNotComplete() {
        assertThat(decode(part("200 OK", "{\"a\":1}") + "--batchresponse_1\r\nContent-Type: app")
                        .complete())
                .isFalse();
    }

    private static String part(String status, String body) {
        return "--batchresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 "
                + status + "\r\nOData-Version: 4.0\r\n\r\n" + body + "\r\n";
    }

    private static BatchCodec.Replies decode(String text) {
        return BatchCodec.decode(TYPE, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
