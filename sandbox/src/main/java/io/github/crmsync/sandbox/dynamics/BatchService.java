package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.sandbox.http.Faults;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the parts of a batch in their order. */
final class BatchService {
    private static final int MAX_PARTS = 1000;
    private static final int MAX_URL = 65_536;
    private static final Pattern REFERENCE = Pattern.compile("/?\\$(\\w+)(.*)");

    private static final Pattern KEY = Pattern.compile("\\([^/)]*\\)");

    private final DataService service;
    private final Consumer<String> counter;
    private final Faults faults;

    /**
     * @param counter told the operation of each part, for example {@code PATCH /api/data/v9.2/contacts({id})}
     * @param faults statuses ordered for single parts: their rules see {@code PART PATCH /api/data/v9.2/contacts(<id>)}
     */
    BatchService(DataService service, Consumer<String> counter, Faults faults) {
        this.service = service;
        this.counter = counter;
        this.faults = faults;
    }

    ApiResponse handle(ApiRequest batch) {
        try {
            return run(batch);
        } catch (ServiceException refusal) {
            return DataService.error(refusal);
        }
    }

    private ApiResponse run(ApiRequest batch) {
        String boundary = BatchCodec.boundary(batch.header("Content-Type"));
        if (boundary == null) {
            throw ServiceException.badRequest(
                    "0x80048d19", "The batch request must have a Content-Type of multipart/mixed with a boundary.");
        }
        List<BatchCodec.Part> parts = BatchCodec.split(new String(batch.body(), StandardCharsets.ISO_8859_1), boundary);
        if (count(parts) > MAX_PARTS) {
            throw ServiceException.badRequest(
                    "0x80060888", "The number of requests in the batch exceeds the limit of " + MAX_PARTS + ".");
        }
        boolean goOn = batch.prefers("odata.continue-on-error");
        String own = "batchresponse_" + UUID.randomUUID();
        StringBuilder out = new StringBuilder();
        int status = 200;
        for (BatchCodec.Part part : parts) {
            String changeSet = BatchCodec.boundary(part.header("content-type"));
            int result = changeSet == null ? single(part, own, out) : changeSet(part, changeSet, own, out);
            if (result >= 400 && !goOn) {
                status = result;
                break;
            }
        }
        out.append("--").append(own).append("--\r\n");
        return ApiResponse.of(status, out.toString().getBytes(StandardCharsets.ISO_8859_1))
                .with("Content-Type", "multipart/mixed; boundary=" + own);
    }

    private static int count(List<BatchCodec.Part> parts) {
        int count = 0;
        for (BatchCodec.Part part : parts) {
            String inner = BatchCodec.boundary(part.header("content-type"));
            count += inner == null ? 1 : BatchCodec.split(part.content(), inner).size();
        }
        return count;
    }

    private int single(BatchCodec.Part part, String boundary, StringBuilder out) {
        ApiResponse response;
        try {
            ApiRequest request = checked(BatchCodec.request(part));
            Optional<Faults.Fault> fault = faults.take(
                            "PART " + request.method() + " " + ApiRequest.ROOT + path(request))
                    .filter(due -> due.kind() == Faults.Kind.STATUS);
            response = fault.isPresent() ? DataService.fault(fault.get()) : service.handle(request);
        } catch (ServiceException refusal) {
            response = DataService.error(refusal);
        }
        BatchCodec.open(out, boundary, null);
        BatchCodec.response(out, response);
        return response.status();
    }

    private static String path(ApiRequest request) {
        return request.target().split("\\?", 2)[0];
    }

    private ApiRequest checked(ApiRequest request) {
        counter.accept(request.method() + " /api/data/v9.2/"
                + KEY.matcher(path(request)).replaceAll("({id})"));
        if (request.target().startsWith("$batch")) {
            throw ServiceException.badRequest("0x80060888", "A batch request cannot contain another batch request.");
        }
        if (request.target().length() > MAX_URL) {
            throw ServiceException.badRequest("0x80060888", "The request URI is too long.");
        }
        return request;
    }

    private int changeSet(BatchCodec.Part part, String boundary, String outer, StringBuilder out) {
        String own = "changesetresponse_" + UUID.randomUUID();
        StringBuilder answers = new StringBuilder();
        try {
            service.organization().write(() -> {
                Map<String, String> created = new HashMap<>();
                for (BatchCodec.Part inner : BatchCodec.split(part.content(), boundary)) {
                    operation(inner, own, created, answers);
                }
                return created;
            });
        } catch (ServiceException refusal) {
            failedChangeSet(DataService.error(refusal), own, outer, out);
            return refusal.status();
        }
        out.append("--").append(outer).append("\r\nContent-Type: multipart/mixed; boundary=");
        out.append(own).append("\r\n\r\n").append(answers);
        out.append("--").append(own).append("--\r\n");
        return 200;
    }

    /** One answer for all operations, which have been taken back. */
    private void failedChangeSet(ApiResponse error, String own, String outer, StringBuilder out) {
        if (!service.organization().behaviour().changeSetErrorNested()) {
            BatchCodec.open(out, outer, null);
            BatchCodec.response(out, error);
            return;
        }
        out.append("--").append(outer).append("\r\nContent-Type: multipart/mixed; boundary=");
        out.append(own).append("\r\n\r\n");
        BatchCodec.open(out, own, null);
        BatchCodec.response(out, error);
        out.append("--").append(own).append("--\r\n");
    }

    private void operation(BatchCodec.Part part, String boundary, Map<String, String> created, StringBuilder out) {
        ApiRequest request = BatchCodec.request(part);
        String contentId = part.header("content-id");
        if (contentId.isEmpty()) {
            // Clients repeat it inside the request; the documentation has it among the headers of the part.
            contentId = request.headers().getOrDefault("content-id", "");
        }
        if (contentId.isEmpty()) {
            throw ServiceException.badRequest(
                    "0x80048d19", "The header 'Content-ID' is missing in an operation of a change set.");
        }
        if (request.method().equals("GET")) {
            throw ServiceException.badRequest("0x80060888", "A change set cannot contain query operations.");
        }
        ApiRequest resolved = new ApiRequest(
                request.method(), resolve(request.target(), created), request.headers(), bind(request, created));
        ApiResponse response = service.execute(checked(resolved));
        String address = response.headers().get("OData-EntityId");
        String known = address == null ? "" : address.substring(service.root().length());
        if (created.put(contentId, known) != null) {
            throw ServiceException.badRequest("0x80048d19", "The Content-ID '" + contentId + "' is not unique.");
        }
        BatchCodec.open(out, boundary, contentId);
        BatchCodec.response(out, response);
    }

    private static String resolve(String target, Map<String, String> created) {
        Matcher matcher = REFERENCE.matcher(target);
        if (!matcher.matches()) {
            return target;
        }
        String address = created.get(matcher.group(1));
        if (address == null) {
            throw ServiceException.badRequest(
                    "0x80060888",
                    "Content-ID Reference: '$" + matcher.group(1) + "' does not exist in the batch context.");
        }
        return address + matcher.group(2);
    }

    private static byte[] bind(ApiRequest request, Map<String, String> created) {
        if (request.body().length == 0 || !new String(request.body(), StandardCharsets.ISO_8859_1).contains("\"$")) {
            return request.body();
        }
        ObjectNode body = Json.read(request.body());
        for (Map.Entry<String, JsonNode> property : body.properties()) {
            if (property.getKey().endsWith("@odata.bind") && property.getValue().isTextual()) {
                property.setValue(body.textNode(resolve(property.getValue().textValue(), created)));
            }
        }
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
