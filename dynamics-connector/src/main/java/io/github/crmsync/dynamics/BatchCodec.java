package io.github.crmsync.dynamics;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;

/** Multipart form of an OData batch: requests out, answers in. */
final class BatchCodec {
    private static final String EOL = "\r\n";
    private static final int BUFFER = 8192;
    private static final MimeConfig UNLIMITED = MimeConfig.custom()
            .setMaxLineLen(-1)
            .setMaxHeaderLen(-1)
            .setMaxHeaderCount(-1)
            .setMaxContentLen(-1)
            .build();

    /** What a batch consists of. */
    sealed interface Item {
        /** Bytes of the bodies. */
        long size();
    }

    /**
     * A request within a batch.
     *
     * @param path absolute path with query
     * @param body JSON; null for none
     */
    record Part(String method, String path, Map<String, String> headers, byte[] body) implements Item {
        @Override
        public long size() {
            return body == null ? 0 : body.length;
        }
    }

    /**
     * Changes that are all carried out or none. The answer holds one reply for each of them, or one that says why there is none
     * (Dataverse documentation, "Execute batch operations", change sets).
     */
    record ChangeSet(List<Part> parts) implements Item {
        @Override
        public long size() {
            return parts.stream().mapToLong(Part::size).sum();
        }
    }

    /**
     * An answer within a batch.
     *
     * @param headers by lower-case name
     */
    record Reply(int status, Map<String, String> headers, byte[] body) {
        /** How long the service wants to be left alone, in ms; 0 if it does not say. */
        long retryAfterMs() {
            String seconds = headers.getOrDefault("retry-after", "");
            return seconds.matches("\\d{1,6}(\\.\\d+)?") ? (long) Math.ceil(Double.parseDouble(seconds) * 1000) : 0;
        }
    }

    /**
     * The answers that could be read.
     *
     * @param complete whether the end of the batch was seen: then parts without a reply were not executed
     * @param failure the service's own words where it failed on the batch as a whole, else null
     */
    record Replies(List<Reply> replies, boolean complete, String failure) {
        Replies(List<Reply> replies, boolean complete) {
            this(replies, complete, null);
        }
    }

    private BatchCodec() {}

    /** Writes requests; every line ends with CRLF, else the service cannot read the last part. */
    static byte[] encode(String boundary, List<? extends Item> items) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int changeSets = 0;
        for (Item item : items) {
            if (item instanceof ChangeSet changes) {
                String inner = "changeset_" + ++changeSets + "_" + boundary;
                line(out, "--" + boundary);
                line(out, "Content-Type: multipart/mixed; boundary=" + inner);
                line(out, "");
                for (int i = 0; i < changes.parts().size(); i++) {
                    part(out, inner, changes.parts().get(i), i + 1);
                }
                line(out, "--" + inner + "--");
            } else {
                part(out, boundary, (Part) item, 0);
            }
        }
        line(out, "--" + boundary + "--");
        return out.toByteArray();
    }

    /** @param contentId number within a change set; 0 outside of one */
    private static void part(ByteArrayOutputStream out, String boundary, Part part, int contentId) {
        line(out, "--" + boundary);
        line(out, "Content-Type: application/http");
        line(out, "Content-Transfer-Encoding: binary");
        if (contentId > 0) {
            line(out, "Content-ID: " + contentId);
        }
        line(out, "");
        line(out, part.method() + " " + part.path() + " HTTP/1.1");
        part.headers().forEach((name, value) -> line(out, name + ": " + value));
        line(out, "");
        if (part.body() != null) {
            out.writeBytes(part.body());
        }
        line(out, "");
    }

    private static void line(ByteArrayOutputStream out, String text) {
        out.writeBytes((text + EOL).getBytes(StandardCharsets.UTF_8));
    }

    /** Whether an answer is a batch's, and not a refusal of the whole batch. */
    static boolean isMultipart(String contentType) {
        return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("multipart/");
    }

    /**
     * Reads answers, those within changesets too.
     *
     * @param contentType of the whole answer, with its boundary
     */
    static Replies decode(String contentType, byte[] content) {
        List<Reply> replies = new ArrayList<>();
        boolean complete = endsWithDelimiter(content);
        MimeTokenStream tokens = new MimeTokenStream(UNLIMITED);
        tokens.parseHeadless(new ByteArrayInputStream(content), contentType);
        try {
            for (EntityState state = tokens.getState(); state != EntityState.T_END_OF_STREAM; state = tokens.next()) {
                if (state == EntityState.T_BODY) {
                    Reply reply = reply(tokens.getInputStream().readAllBytes());
                    if (reply == null) {
                        return new Replies(replies, false);
                    }
                    replies.add(reply);
                }
            }
        } catch (IOException | MimeException e) {
            complete = false;
        }
        return new Replies(replies, complete);
    }

    private static boolean endsWithDelimiter(byte[] content) {
        int from = Math.max(0, content.length - 200);
        return new String(content, from, content.length - from, StandardCharsets.ISO_8859_1)
                .strip()
                .endsWith("--");
    }

    /** Reads the answer that a part holds; null if it is none. */
    private static Reply reply(byte[] bytes) {
        SessionInputBufferImpl buffer = new SessionInputBufferImpl(BUFFER);
        InputStream in = new ByteArrayInputStream(bytes);
        try {
            ClassicHttpResponse response = new DefaultHttpResponseParser().parse(buffer, in);
            if (response == null) {
                return null;
            }
            Map<String, String> headers = new LinkedHashMap<>();
            for (Header header : response.getHeaders()) {
                headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue());
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            byte[] chunk = new byte[BUFFER];
            for (int read = buffer.read(chunk, in); read >= 0; read = buffer.read(chunk, in)) {
                body.write(chunk, 0, read);
            }
            return new Reply(response.getCode(), headers, body.toByteArray());
        } catch (IOException | HttpException e) {
            return null;
        }
    }
}
