package io.github.crmsync.sandbox.dynamics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The multipart form of batches. Line ends must be CRLF. */
final class BatchCodec {
    private static final Pattern BOUNDARY = Pattern.compile("boundary=(?:\"([^\"]+)\"|([^;\\s]+))");
    private static final String EOL = "\r\n";

    /** Headers by lower-case name and content, one byte per character. */
    record Part(Map<String, String> headers, String content) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private BatchCodec() {}

    /** The boundary named in a multipart content type, or null. */
    static String boundary(String contentType) {
        if (contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith("multipart/mixed")) {
            return null;
        }
        Matcher matcher = BOUNDARY.matcher(contentType);
        return matcher.find() ? (matcher.group(1) != null ? matcher.group(1) : matcher.group(2)) : null;
    }

    static List<Part> split(String content, String boundary) {
        String text = EOL + content;
        String delimiter = EOL + "--" + boundary;
        List<Part> parts = new ArrayList<>();
        int start = text.indexOf(delimiter);
        while (start >= 0) {
            int from = start + delimiter.length();
            if (text.startsWith("--", from)) {
                return parts;
            }
            int next = text.indexOf(delimiter, from);
            if (!text.startsWith(EOL, from) || next < 0) {
                break;
            }
            parts.add(part(text.substring(from + 2, next)));
            start = next;
        }
        throw unreadable();
    }

    private static Part part(String text) {
        int end = text.startsWith(EOL) ? 0 : text.indexOf(EOL + EOL);
        if (end < 0) {
            throw unreadable();
        }
        return new Part(headers(text.substring(0, end)), text.substring(Math.min(text.length(), end + 4)));
    }

    private static Map<String, String> headers(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : text.split(EOL)) {
            int colon = line.indexOf(':');
            if (line.isEmpty()) {
                continue;
            }
            if (colon < 1 || line.indexOf('\n') >= 0) {
                throw unreadable();
            }
            String name = line.substring(0, colon).trim().toLowerCase(Locale.ROOT);
            headers.merge(name, line.substring(colon + 1).trim(), (a, b) -> a + "," + b);
        }
        return headers;
    }

    /** Reads the request in a part of type application/http. */
    static ApiRequest request(Part part) {
        if (!part.header("content-type").startsWith("application/http")) {
            throw ServiceException.badRequest("0x80048d19", "The content type of a batch part is not supported.");
        }
        String text = part.content();
        int lineEnd = text.indexOf(EOL);
        int headEnd = text.indexOf(EOL + EOL);
        if (headEnd < 0 && text.endsWith(EOL)) {
            // The line end before the boundary counts as the empty line after the headers.
            headEnd = text.length() - EOL.length();
        }
        if (lineEnd < 0 || headEnd < 0) {
            throw unreadable();
        }
        String[] line = text.substring(0, lineEnd).split(" ");
        if (line.length != 3 || !line[2].equals("HTTP/1.1")) {
            throw unreadable();
        }
        Map<String, String> headers = headers(text.substring(lineEnd, headEnd));
        String body = text.substring(Math.min(text.length(), headEnd + 2 * EOL.length()));
        return new ApiRequest(line[0], relative(line[1]), headers, body.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String relative(String target) {
        String path = target.replaceFirst("^https?://[^/]+", "");
        if (path.startsWith(ApiRequest.ROOT)) {
            return path.substring(ApiRequest.ROOT.length());
        }
        if (path.startsWith("/")) {
            throw ServiceException.unknownSegment(path);
        }
        return path;
    }

    static void open(StringBuilder out, String boundary, String contentId) {
        out.append("--").append(boundary).append(EOL);
        out.append("Content-Type: application/http").append(EOL);
        out.append("Content-Transfer-Encoding: binary").append(EOL);
        if (contentId != null) {
            out.append("Content-ID: ").append(contentId).append(EOL);
        }
        out.append(EOL);
    }

    static void response(StringBuilder out, ApiResponse response) {
        out.append("HTTP/1.1 ").append(response.status()).append(' ').append(reason(response.status()));
        out.append(EOL);
        String address = response.headers().get("OData-EntityId");
        if (address != null) {
            // Within a batch only, the address of the row has a second name.
            out.append("Location: ").append(address).append(EOL);
        }
        response.headers()
                .forEach((name, value) ->
                        out.append(name).append(": ").append(value).append(EOL));
        out.append(EOL)
                .append(new String(response.body(), StandardCharsets.ISO_8859_1))
                .append(EOL);
    }

    static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 204 -> "No Content";
            case 304 -> "Not Modified";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 403 -> "Forbidden";
            case 405 -> "Method Not Allowed";
            case 412 -> "Precondition Failed";
            case 500 -> "Internal Server Error";
            default -> "Error";
        };
    }

    static ServiceException unreadable() {
        return ServiceException.badRequest(
                "0x80048d19", "Error identified in Payload provided by the user: Stream was not readable.");
    }
}
