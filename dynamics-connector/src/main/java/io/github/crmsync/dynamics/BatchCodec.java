package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.crmsync.core.http.ApiResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;

/**
 * Bodies of {@code $batch} requests and responses.
 *
 * @see <a href="https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api">
 *     Batch operations</a>
 */
final class BatchCodec {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CRLF = "\r\n";

    /** One request of a batch; the path is relative to the service root. */
    record Part(String method, String path, Map<String, String> headers, String body) {}

    /** One answer. */
    record Answer(int status, Map<String, String> headers, JsonNode body) {}

    private BatchCodec() {}

    static String encode(List<Part> parts, String boundary) {
        StringBuilder out = new StringBuilder(parts.size() * 512);
        for (Part part : parts) {
            out.append("--").append(boundary).append(CRLF);
            out.append("Content-Type: application/http").append(CRLF);
            out.append("Content-Transfer-Encoding: binary").append(CRLF).append(CRLF);
            out.append(part.method).append(' ').append(DataverseApi.ROOT).append(part.path);
            out.append(" HTTP/1.1").append(CRLF);
            out.append("Content-Type: application/json").append(CRLF);
            out.append("Accept: application/json").append(CRLF);
            part.headers.forEach(
                    (name, value) -> out.append(name).append(": ").append(value).append(CRLF));
            out.append(CRLF).append(part.body).append(CRLF);
        }
        return out.append("--").append(boundary).append("--").append(CRLF).toString();
    }

    /**
     * Answers in the order of the requests.
     *
     * @throws IOException if the body is no multipart message
     */
    static List<Answer> decode(ApiResponse response) throws IOException {
        String type = response.headers().getOrDefault("content-type", "");
        if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
            throw new IOException("The answer to a batch is " + type + ", not multipart");
        }
        MimeTokenStream stream = new MimeTokenStream(
                MimeConfig.custom().setMaxLineLen(-1).setMaxHeaderCount(-1).build());
        stream.parseHeadless(new ByteArrayInputStream(response.body()), type);
        List<Answer> answers = new ArrayList<>();
        try {
            for (EntityState state = stream.getState(); state != EntityState.T_END_OF_STREAM; state = stream.next()) {
                if (state == EntityState.T_BODY) {
                    answers.add(answer(new String(stream.getInputStream().readAllBytes(), StandardCharsets.UTF_8)));
                }
            }
        } catch (MimeException e) {
            throw new IOException("The answer to a batch cannot be read", e);
        }
        return answers;
    }

    private static Answer answer(String http) throws IOException {
        int headEnd = http.indexOf("\r\n\r\n");
        String head = headEnd < 0 ? http : http.substring(0, headEnd);
        String[] lines = head.split(CRLF);
        String[] status = lines[0].split(" ", 3);
        if (status.length < 2) {
            throw new IOException("A part of the answer to a batch has no status line");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
        }
        String body = headEnd < 0 ? "" : http.substring(headEnd + 4).strip();
        return new Answer(
                Integer.parseInt(status[1]), headers, body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body));
    }
}
