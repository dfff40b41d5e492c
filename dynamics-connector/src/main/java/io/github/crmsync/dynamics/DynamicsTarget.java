package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.http.AmbiguousException;
import io.github.crmsync.core.sink.TargetClient;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.WriteOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;

/**
 * Contacts or leads in Dataverse as the target of a sync.
 *
 * <p>Rows are created under a key that follows from the source's record, so that a repeated creation finds the first one
 * instead of making a second; updates carry the ETag that was read.
 */
public final class DynamicsTarget implements TargetClient {
    /** Parts of one batch; the service takes 1,000. */
    private static final int BATCH = 500;

    private static final int VALUES_PER_FILTER = 300;

    private final DataverseApi api;
    private final Table table;
    private Environment known;

    DynamicsTarget(DataverseApi api, Table table) {
        this.api = api;
        this.table = table;
    }

    /** What only the environment can tell. It is asked on first use, so that one that cannot be reached fails no task. */
    private record Environment(ColumnTypes types, RowReader rows, UUID namespace) {}

    private Environment environment() {
        if (known == null) {
            ColumnTypes types = api.attributes();
            UUID organization = UUID.fromString(api.organizationId());
            known = new Environment(types, new RowReader(table, types), NameUuid.of(organization, table.logicalName()));
        }
        return known;
    }

    @Override
    public String app() {
        return "dynamics";
    }

    @Override
    public Map<String, TargetRecord> read(Collection<String> ids, Set<String> fields) {
        Set<String> valid = new TreeSet<>();
        ids.stream().map(Ids::plain).filter(Ids::valid).forEach(valid::add);
        Map<String, TargetRecord> found = new HashMap<>();
        for (JsonNode row : select(OData.in(table.key(), valid, VALUES_PER_FILTER), fields)) {
            TargetRecord record = environment().rows().read(row, fields);
            found.put(record.id(), record);
        }
        return found;
    }

    @Override
    public List<TargetRecord> findByEmail(Collection<String> emails, Set<String> fields) {
        Set<String> wanted = new TreeSet<>();
        Set<String> asked = new LinkedHashSet<>();
        for (String email : emails) {
            String lower = email.strip().toLowerCase(Locale.ROOT);
            wanted.add(lower);
            asked.add(lower);
            // Where the value is read as a pattern, only the escaped form finds an address with a bracket.
            asked.add(OData.escapeLike(lower));
        }
        List<TargetRecord> found = new ArrayList<>();
        for (JsonNode row : select(OData.in("emailaddress1", asked, VALUES_PER_FILTER), fields)) {
            TargetRecord record = environment().rows().read(row, fields);
            // Wildcards in an address may have found other rows.
            if (!Collections.disjoint(record.emails(), wanted)) {
                found.add(record);
            }
        }
        return found;
    }

    private List<JsonNode> select(List<String> filters, Set<String> fields) {
        String select = "$select=" + environment().rows().select(fields) + "&";
        List<JsonNode> found = new ArrayList<>();
        if (filters.size() == 1) {
            collect(api.query(select + filters.get(0)), found);
        } else if (!filters.isEmpty()) {
            List<BatchCodec.Part> parts = filters.stream()
                    .map(filter -> new BatchCodec.Part(
                            "GET", api.path("?" + select + filter), Map.of("Accept", "application/json"), null))
                    .toList();
            BatchCodec.Replies answer = api.batch(parts, true);
            if (answer.replies().size() < parts.size()) {
                throw new RetriableException("A batch of queries was answered in part only");
            }
            answer.replies().forEach(reply -> collect(checked(reply), found));
        }
        return found;
    }

    private static JsonNode checked(BatchCodec.Reply reply) {
        if (reply.status() >= 300) {
            ServiceError error = ServiceError.of(reply.status(), reply.body());
            throw error.temporary()
                    ? new RetriableException(error.message())
                    : new ConnectException("Rows cannot be read: " + error.message());
        }
        return Json.read(reply.body());
    }

    private void collect(JsonNode answer, List<JsonNode> found) {
        JsonNode page = answer;
        while (true) {
            page.path("value").forEach(found::add);
            String next = page.path("@odata.nextLink").asText(null);
            if (next == null) {
                return;
            }
            page = api.follow(next);
        }
    }

    @Override
    public List<WriteOutcome> create(List<NewRecord> records) {
        return write(records, record -> {
            String id = chosenId(record.sourceId());
            Map<String, Object> values = new HashMap<>(record.values());
            if (table == Table.LEAD) {
                LeadSubject.fill(values, record.email());
            }
            values.values().removeIf(value -> value == null || value instanceof String text && text.isBlank());
            return new Write(id, id, "If-None-Match", "*", values);
        });
    }

    @Override
    public List<WriteOutcome> update(List<RecordChange> changes) {
        // Without a version the row must at least exist: a PATCH alone would create it again.
        return write(
                changes,
                change -> new Write(
                        change.id(),
                        null,
                        "If-Match",
                        change.version() == null ? "*" : change.version(),
                        change.values()));
    }

    @Override
    public Optional<TargetRecord> findCreated(NewRecord request, Set<String> fields) {
        String id = chosenId(request.sourceId());
        return Optional.ofNullable(read(List.of(id), fields).get(id));
    }

    @Override
    public String chosenId(String sourceId) {
        return NameUuid.of(environment().namespace(), sourceId).toString();
    }

    /**
     * One PATCH of a batch.
     *
     * @param createdId the key if the row is to be created, else null
     */
    private record Write(
            String id, String createdId, String condition, String conditionValue, Map<String, Object> values) {}

    private <T> List<WriteOutcome> write(List<T> requests, java.util.function.Function<T, Write> plan) {
        WriteOutcome[] outcomes = new WriteOutcome[requests.size()];
        List<Integer> places = new ArrayList<>();
        List<Write> writes = new ArrayList<>();
        List<BatchCodec.Part> parts = new ArrayList<>();
        for (int i = 0; i < outcomes.length; i++) {
            Write write = plan.apply(requests.get(i));
            try {
                parts.add(part(write));
                writes.add(write);
                places.add(i);
            } catch (DataException e) {
                outcomes[i] = new WriteOutcome.Refused(e.getMessage());
            }
        }
        for (int from = 0; from < parts.size(); from += BATCH) {
            int to = Math.min(parts.size(), from + BATCH);
            List<WriteOutcome> answers = send(writes.subList(from, to), parts.subList(from, to), from == 0);
            for (int i = from; i < to; i++) {
                outcomes[places.get(i)] = answers.get(i - from);
            }
        }
        return List.of(outcomes);
    }

    private BatchCodec.Part part(Write write) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        write.values()
                .forEach((column, value) ->
                        body.set(column, environment().types().write(column, value)));
        return new BatchCodec.Part(
                "PATCH",
                api.path("(" + write.id() + ")?$select="
                        + environment().rows().select(write.values().keySet())),
                Map.of(
                        write.condition(),
                        write.conditionValue(),
                        "Prefer",
                        "return=representation",
                        "Accept",
                        "application/json",
                        "Content-Type",
                        "application/json"),
                Json.write(body));
    }

    private List<WriteOutcome> send(List<Write> writes, List<BatchCodec.Part> parts, boolean first) {
        BatchCodec.Replies answer;
        try {
            answer = api.batch(parts, false);
        } catch (AmbiguousException e) {
            return Collections.nCopies(parts.size(), new WriteOutcome.Ambiguous(e.getMessage()));
        } catch (RetriableException e) {
            if (first) {
                throw e;
            }
            // Earlier batches were carried out: their outcomes must not be lost.
            return Collections.nCopies(parts.size(), new WriteOutcome.TryLater(e.getMessage()));
        }
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            outcomes.add(
                    i < answer.replies().size()
                            ? outcome(writes.get(i), answer.replies().get(i))
                            : unanswered(answer));
        }
        return outcomes;
    }

    private WriteOutcome outcome(Write write, BatchCodec.Reply reply) {
        return WriteAnswers.outcome(reply, write.createdId(), answer -> {
            JsonNode row = Json.read(answer.body());
            return row.has(table.key())
                    ? environment().rows().read(row, write.values().keySet())
                    : null;
        });
    }

    private static WriteOutcome unanswered(BatchCodec.Replies answer) {
        return answer.complete()
                ? new WriteOutcome.TryLater("The batch ended before this request")
                : new WriteOutcome.Ambiguous("The answer of the batch was cut");
    }

    @Override
    public boolean conditionalWrites() {
        return true;
    }

    @Override
    public long fingerprint(String field, Object value) {
        try {
            return DynamicsValues.fingerprint(field, environment().types().convert(field, value));
        } catch (DataException e) {
            // The write will say so; until then it is a value like any other.
            return DynamicsValues.fingerprint(field, value);
        }
    }

    @Override
    public void close() {
        api.close();
    }
}
