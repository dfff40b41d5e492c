package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.http.AmbiguousException;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.sink.TargetClient;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.WriteOutcome;
import io.github.crmsync.dynamics.BatchCodec.Answer;
import io.github.crmsync.dynamics.BatchCodec.Part;
import io.github.crmsync.dynamics.DynamicsConfig.Table;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Contacts or leads of a Dataverse environment as the target of a sink. */
public final class DynamicsTarget implements TargetClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The URL of a GET may have 32 KB; an encoded id takes 42 characters. */
    private static final int IDS_PER_READ = 500;
    /** Encoded addresses take 30 to 120 characters. */
    private static final int EMAIL_CHARACTERS_PER_READ = 20_000;
    /** A batch may have 1,000 parts; smaller ones spare the server and the memory. */
    private static final int PARTS_PER_BATCH = 250;

    private static final String EMAIL = "emailaddress1";

    private final DataverseApi api;
    private final Table table;
    private final Map<String, DataverseApi.Column> columns;
    private final String organization;

    DynamicsTarget(DynamicsConfig config) {
        api = new DataverseApi(config);
        table = config.table();
        columns = api.columns(table.logicalName());
        organization = api.organizationId();
    }

    @Override
    public String app() {
        return "dynamics";
    }

    @Override
    public Map<String, TargetRecord> read(Collection<String> ids, Set<String> fields) {
        Map<String, TargetRecord> found = new HashMap<>();
        List<String> all = List.copyOf(ids);
        for (int from = 0; from < all.size(); from += IDS_PER_READ) {
            List<String> some = all.subList(from, Math.min(all.size(), from + IDS_PER_READ));
            query(table.key(), some, fields).forEach(record -> found.put(record.id(), record));
        }
        return found;
    }

    @Override
    public List<TargetRecord> findByEmail(Collection<String> emails, Set<String> fields) {
        List<TargetRecord> found = new ArrayList<>();
        List<String> some = new ArrayList<>();
        int length = 0;
        for (String email : emails) {
            int size = DataverseApi.encode("\"" + email + "\",").length();
            if (length + size > EMAIL_CHARACTERS_PER_READ) {
                found.addAll(query(EMAIL, some, fields));
                some.clear();
                length = 0;
            }
            some.add(email);
            length += size;
        }
        if (!some.isEmpty()) {
            found.addAll(query(EMAIL, some, fields));
        }
        // The comparison of the service may find more than was asked for; the address decides.
        Set<String> wanted = Set.copyOf(emails);
        return found.stream()
                .filter(record -> record.emails().stream().anyMatch(wanted::contains))
                .toList();
    }

    private List<TargetRecord> query(String column, List<String> values, Set<String> fields) {
        Set<String> select = select(fields);
        List<TargetRecord> found = new ArrayList<>();
        ApiResponse page = api.expectOk(api.in(table.entitySet(), select, column, values));
        while (true) {
            for (JsonNode row : page.json().path("value")) {
                found.add(record(row, fields));
            }
            String next = page.json().path("@odata.nextLink").asText(null);
            if (next == null) {
                return found;
            }
            page = api.expectOk(api.changes(table.entitySet(), select, next, 5000));
        }
    }

    private Set<String> select(Set<String> fields) {
        Set<String> select = new LinkedHashSet<>(fields);
        select.addAll(List.of(table.key(), EMAIL, "createdon", "versionnumber"));
        return select;
    }

    private TargetRecord record(JsonNode row, Set<String> fields) {
        Map<String, Object> values = new HashMap<>();
        for (String field : fields) {
            values.put(field, DynamicsValues.read(row.path(field), type(field)));
        }
        String email = row.path(EMAIL).asText("").strip().toLowerCase(Locale.ROOT);
        String created = row.path("createdon").asText(null);
        return new TargetRecord(
                row.path(table.key()).asText().toLowerCase(Locale.ROOT),
                row.path("versionnumber").asLong(),
                row.path("@odata.etag").asText(null),
                created == null ? 0 : Instant.parse(created).toEpochMilli(),
                values,
                email.isEmpty() || email.equals("null") ? Set.of() : Set.of(email),
                null);
    }

    private String type(String field) {
        DataverseApi.Column column = columns.get(field);
        return column == null ? "String" : column.type();
    }

    /** Creation under a key of our choice: a repetition finds the first attempt's row instead of making another. */
    @Override
    public List<WriteOutcome> create(List<NewRecord> records) {
        List<Part> parts = records.stream()
                .map(request -> part(key(request.sourceId()), "If-None-Match", "*", request.values(), true))
                .toList();
        return write(parts, index -> key(records.get(index).sourceId()));
    }

    @Override
    public List<WriteOutcome> update(List<RecordChange> changes) {
        List<Part> parts = changes.stream()
                .map(change -> part(change.id(), "If-Match", change.version(), change.values(), false))
                .toList();
        return write(parts, index -> null);
    }

    private String key(String sourceId) {
        return NameBasedUuid.v5(organization + "/" + table.logicalName(), sourceId)
                .toString();
    }

    private Part part(String id, String condition, String value, Map<String, Object> values, boolean creating) {
        ObjectNode body = JSON.createObjectNode();
        values.forEach((name, item) -> body.putPOJO(name, DynamicsValues.write(item, type(name))));
        if (creating && table.logicalName().equals("lead") && !body.has("subject")) {
            // A lead's topic is mandatory on forms: without one nobody could save the record again.
            body.put("subject", topic(values));
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(condition, value);
        headers.put("Prefer", "return=representation");
        Set<String> select = select(values.keySet());
        String path = table.entitySet() + "(" + id + ")?$select=" + String.join(",", select);
        return new Part("PATCH", path, headers, body.toString());
    }

    private static String topic(Map<String, Object> values) {
        String name = (values.getOrDefault("firstname", "") + " " + values.getOrDefault("lastname", "")).strip();
        return name.isEmpty() ? String.valueOf(values.getOrDefault(EMAIL, "HubSpot contact")) : name;
    }

    private List<WriteOutcome> write(List<Part> parts, java.util.function.IntFunction<String> chosenKey) {
        List<WriteOutcome> outcomes = new ArrayList<>(parts.size());
        for (int from = 0; from < parts.size(); from += PARTS_PER_BATCH) {
            List<Part> some = parts.subList(from, Math.min(parts.size(), from + PARTS_PER_BATCH));
            List<WriteOutcome> answers = send(some);
            for (int i = 0; i < answers.size(); i++) {
                WriteOutcome answer = answers.get(i);
                // A row under our key already: the id is known, although the answer does not name it.
                if (answer instanceof WriteOutcome.Conflict conflict) {
                    answer = new WriteOutcome.Conflict(chosenKey.apply(from + i), conflict.message());
                }
                outcomes.add(answer);
            }
        }
        return outcomes;
    }

    private List<WriteOutcome> send(List<Part> parts) {
        String boundary = "batch_" + UUID.randomUUID();
        try {
            ApiResponse response = api.batch(BatchCodec.encode(parts, boundary), boundary);
            if (!response.headers().getOrDefault("content-type", "").startsWith("multipart/")) {
                api.expectOk(response);
            }
            List<Answer> answers = BatchCodec.decode(response);
            List<WriteOutcome> outcomes = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                outcomes.add(
                        i < answers.size()
                                ? outcome(parts.get(i), answers.get(i))
                                : new WriteOutcome.Ambiguous("the batch's answer ends early"));
            }
            return outcomes;
        } catch (AmbiguousException | IOException e) {
            return repeated(parts, new WriteOutcome.Ambiguous(e.getMessage()));
        } catch (RetryLaterException e) {
            return repeated(parts, new WriteOutcome.TryLater(e.getMessage()));
        }
    }

    private static List<WriteOutcome> repeated(List<Part> parts, WriteOutcome outcome) {
        return parts.stream().map(part -> outcome).toList();
    }

    private WriteOutcome outcome(Part part, Answer answer) {
        if (answer.status() == 200 || answer.status() == 201) {
            Set<String> sent = new LinkedHashSet<>();
            answer.body().fieldNames().forEachRemaining(name -> {
                if (!name.contains("@")) {
                    sent.add(name);
                }
            });
            return new WriteOutcome.Written(record(answer.body(), sent));
        }
        String code = answer.body().path("error").path("code").asText("");
        String message = answer.body().path("error").path("message").asText("HTTP " + answer.status());
        return Refusal.classify(answer.status(), code, message, part.headers().containsKey("If-None-Match"));
    }

    @Override
    public Optional<TargetRecord> findCreated(NewRecord request, Set<String> fields) {
        String id = key(request.sourceId());
        return Optional.ofNullable(read(List.of(id), fields).get(id));
    }

    @Override
    public boolean conditionalWrites() {
        return true;
    }

    @Override
    public long fingerprint(String field, Object value) {
        return DynamicsValues.fingerprint(field, DynamicsValues.write(value, type(field)));
    }

    @Override
    public void close() {
        api.close();
    }
}
