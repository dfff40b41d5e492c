package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.AmbiguousException;
import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.http.SideBySide;
import io.github.crmsync.core.identity.Account;
import io.github.crmsync.core.record.Blanks;
import io.github.crmsync.core.record.Emails;
import io.github.crmsync.core.sink.NothingWrittenException;
import io.github.crmsync.core.sink.TargetClient;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.WriteOutcome;
import io.github.crmsync.dynamics.RowWrites.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
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
    /**
     * Parts of one batch. The service takes 1,000, but carries them out one after another: small batches side by side are
     * faster, and end well before a time limit.
     */
    private static final int BATCH = 125;
    /** Bound for batches of long texts: the service reads and answers a batch of this size well within its time limit. */
    private static final long BATCH_BYTES = 4_000_000;

    /** Most merges one after another, of a row into one that lost itself. */
    private static final int MOST_MERGES = 5;

    /** More rows than are read before they are written. */
    private static final int REMEMBERED_ROWS = 10_000;

    private final DataverseApi api;
    private final DynamicsSinkConfig config;
    private final Table table;
    private final RowQueries queries;
    private final SideBySide threads;
    /** Columns whose lookup led to a contact when a row was last read, by its id; an update tells whether that is still so. */
    private final Map<String, Set<String>> otherCustomers = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<String>> eldest) {
            return size() > REMEMBERED_ROWS;
        }
    };

    private Environment known;
    /** Why no further request would fare better; thrown once everything is recorded that was carried out before. */
    private volatile ConnectException stop;

    DynamicsTarget(DataverseApi api, DynamicsSinkConfig config) {
        this.api = api;
        this.config = config;
        this.table = config.table();
        this.queries = new RowQueries(api, table);
        this.threads = new SideBySide(config.parallelRequests(), "crmsync-dynamics-batch");
    }

    /** What only the environment can tell. It is asked on first use, so that one that cannot be reached fails no task. */
    private record Environment(
            ColumnTypes types,
            RowReader rows,
            RowWrites writes,
            RefusedColumns refused,
            StatePairs states,
            Set<String> masked,
            UUID namespace,
            String organization) {}

    private Environment environment() {
        if (known == null) {
            TableMetadata metadata = new TableMetadata(api, table, config.zone());
            ColumnTypes types = metadata.columns();
            OperationColumn.check(config.operationColumn(), table, metadata, types);
            EmailColumns.check(config.secondaryEmailColumns(), table, metadata, types);
            RowReader rows = new RowReader(table, types, config.secondaryEmailColumns());
            UUID organization = UUID.fromString(api.organizationId());
            known = new Environment(
                    types,
                    rows,
                    new RowWrites(table, types, rows, config.writeHeaders()),
                    new RefusedColumns(types, metadata::securedColumns),
                    new StatePairs(types, metadata::stateOfStatus),
                    metadata.masked(types.names()),
                    NameUuid.of(organization, table.logicalName()),
                    organization.toString());
        }
        return known;
    }

    @Override
    public String app() {
        return "dynamics";
    }

    @Override
    public Account account() {
        return new Account("dynamics", environment().organization(), table.logicalName());
    }

    @Override
    public Map<String, TargetRecord> read(Collection<String> ids, Set<String> fields) {
        checkUser();
        Set<String> valid = new TreeSet<>();
        ids.stream().map(Ids::plain).filter(Ids::valid).forEach(valid::add);
        Map<String, TargetRecord> found = new HashMap<>();
        for (JsonNode row : select(OData.in(table.key(), valid, RowQueries.VALUES_PER_FILTER), fields)) {
            TargetRecord record = record(row, fields);
            found.put(record.id(), record);
        }
        return found;
    }

    @Override
    public List<TargetRecord> findByEmail(Collection<String> emails, Set<String> fields) {
        checkUser();
        Set<String> wanted = new TreeSet<>();
        Set<String> asked = new LinkedHashSet<>();
        for (String email : emails) {
            Set<String> spellings = Emails.spellings(email);
            wanted.addAll(spellings);
            asked.addAll(spellings);
            // Where the value is read as a pattern, only the escaped form finds an address with a bracket.
            spellings.forEach(spelling -> asked.add(OData.escapeLike(spelling)));
        }
        List<TargetRecord> found = new ArrayList<>();
        Map<String, Set<String>> losers = new HashMap<>();
        Map<String, String> own = new HashMap<>();
        List<String> columns = EmailColumns.all(config.secondaryEmailColumns());
        for (JsonNode row : select(OData.in(columns, asked, RowQueries.VALUES_PER_FILTER), fields)) {
            TargetRecord record = record(row, fields);
            // Wildcards in an address may have found other rows.
            if (Collections.disjoint(record.emails(), wanted)) {
                continue;
            }
            if (RowReader.winner(row) == null) {
                found.add(record);
                own.put(record.id(), RowReader.ownAddress(row));
            } else {
                losers.computeIfAbsent(RowReader.winner(row), id -> new TreeSet<>())
                        .addAll(record.emails());
            }
        }
        found.addAll(winners(losers, fields));
        return columns.size() == 1 ? found : EmailColumns.ownFirst(found, own);
    }

    /**
     * The rows that merges have put in the place of others: whoever has the address of a loser is the winner.
     *
     * @param losers addresses of losers by the winner's id
     */
    private List<TargetRecord> winners(Map<String, Set<String>> losers, Set<String> fields) {
        List<TargetRecord> found = new ArrayList<>();
        Map<String, Set<String>> left = losers;
        for (int merges = 0; merges < MOST_MERGES && !left.isEmpty(); merges++) {
            Map<String, Set<String>> further = new HashMap<>();
            for (JsonNode row : select(OData.in(table.key(), left.keySet(), RowQueries.VALUES_PER_FILTER), fields)) {
                TargetRecord record = record(row, fields);
                Set<String> addresses = left.get(record.id());
                if (RowReader.winner(row) == null) {
                    found.add(record.alsoKnownBy(addresses));
                } else {
                    further.computeIfAbsent(RowReader.winner(row), id -> new TreeSet<>())
                            .addAll(addresses);
                }
            }
            left = further;
        }
        return found;
    }

    private TargetRecord record(JsonNode row, Set<String> fields) {
        TargetRecord record = environment().rows().read(row, fields);
        Set<String> contacts = environment().rows().otherCustomers(row, fields);
        if (contacts.isEmpty()) {
            otherCustomers.remove(record.id());
        } else {
            otherCustomers.put(record.id(), contacts);
        }
        return record;
    }

    private List<JsonNode> select(List<String> filters, Set<String> fields) {
        Set<String> masked = fields.stream()
                .filter(field -> environment().masked().contains(ColumnTypes.attribute(field)))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!masked.isEmpty()) {
            throw new ConnectException(TableMetadata.maskedMessage(masked));
        }
        RowReader rows = environment().rows();
        return queries.select(rows.select(fields), filters, rows.labels(fields));
    }

    @Override
    public List<WriteOutcome> create(List<NewRecord> records, Deadline deadline) {
        checkUser();
        return write(records, deadline, record -> {
            String id = chosenId(record.sourceId());
            Map<String, Object> values = new HashMap<>(record.values());
            if (table.isLead()) {
                LeadSubject.fill(values, record.email());
            }
            values.values().removeIf(Blanks::isBlank);
            return environment().states().split(Write.create(id, values));
        });
    }

    @Override
    public List<WriteOutcome> update(List<RecordChange> changes, Deadline deadline) {
        checkUser();
        return write(
                changes,
                deadline,
                change ->
                        environment().states().complete(Write.update(change.id(), change.version(), change.values())));
    }

    @Override
    public boolean findsCreatedBySourceId() {
        return true;
    }

    @Override
    public Optional<TargetRecord> findCreated(NewRecord request, Set<String> fields) {
        String id = chosenId(request.sourceId());
        return Optional.ofNullable(read(List.of(id), fields).get(id));
    }

    @Override
    public Map<String, TargetRecord> findCreated(List<NewRecord> requests, Set<String> fields) {
        Map<String, String> sourceIds = new HashMap<>();
        requests.forEach(request -> sourceIds.put(chosenId(request.sourceId()), request.sourceId()));
        Map<String, TargetRecord> found = new HashMap<>();
        read(sourceIds.keySet(), fields).forEach((id, record) -> found.put(sourceIds.get(id), record));
        return found;
    }

    @Override
    public void giveUp() {
        api.giveUp();
    }

    @Override
    public String chosenId(String sourceId) {
        return NameUuid.of(environment().namespace(), sourceId).toString();
    }

    private <T> List<WriteOutcome> write(List<T> requests, Deadline deadline, Function<T, Write> plan) {
        WriteOutcome[] outcomes = new WriteOutcome[requests.size()];
        List<Integer> places = new ArrayList<>();
        List<Write> writes = new ArrayList<>();
        List<Write> planned = requests.stream().map(plan).toList();
        Accounts accounts = accounts(planned);
        for (int i = 0; i < outcomes.length; i++) {
            Write write = planned.get(i);
            outcomes[i] =
                    environment().writes().refusal(write, accounts, otherCustomers.getOrDefault(write.id(), Set.of()));
            if (outcomes[i] == null) {
                writes.add(write);
                places.add(i);
            }
        }
        List<WriteOutcome> answers = sendAll(writes, accounts, deadline);
        for (int i = 0; i < answers.size(); i++) {
            outcomes[places.get(i)] = answers.get(i);
        }
        return List.of(outcomes);
    }

    /** The accounts that the writes give by name. */
    private Accounts accounts(List<Write> writes) {
        ColumnTypes types = environment().types();
        Set<Object> names = new HashSet<>();
        for (Write write : writes) {
            write.values().forEach((column, value) -> {
                if (value != null && types.isAccountName(column)) {
                    names.add(value);
                }
            });
        }
        return Accounts.named(api, names);
    }

    /** Some batches at a time. Where one is carried out, the outcome of the others must not keep it from being told. */
    private List<WriteOutcome> sendAll(List<Write> writes, Accounts accounts, Deadline deadline) {
        List<Request> requests = writes.stream()
                .map(write -> new Request(write, environment().writes().item(write, accounts)))
                .toList();
        List<Callable<Sent>> batches = new ArrayList<>();
        for (List<Request> batch :
                Batches.cut(requests, request -> request.item().size(), BATCH, BATCH_BYTES)) {
            batches.add(() -> send(batch, accounts, deadline));
        }
        List<Sent> sent = new ArrayList<>();
        int most = Math.max(
                1,
                api.recommendedParallelism() == 0
                        ? config.parallelRequests()
                        : Math.min(api.recommendedParallelism(), config.parallelRequests()));
        for (int from = 0; from < batches.size(); from += most) {
            List<Callable<Sent>> next = batches.subList(from, Math.min(batches.size(), from + most));
            sent.addAll(threads.run(next));
        }
        if (!sent.isEmpty() && sent.stream().allMatch(batch -> batch.failure() != null)) {
            throw new NothingWrittenException(sent.get(0).failure());
        }
        return sent.stream().flatMap(batch -> batch.outcomes().stream()).toList();
    }

    private record Request(Write write, BatchCodec.Item item) {}

    /**
     * What became of one batch.
     *
     * @param failure why nothing of it was carried out, else null
     */
    private record Sent(List<WriteOutcome> outcomes, RetriableException failure) {}

    private Sent send(List<Request> batch, Accounts accounts, Deadline deadline) {
        BatchCodec.Replies answer;
        try {
            answer = api.write(batch.stream().map(Request::item).toList(), deadline);
        } catch (AmbiguousException e) {
            return new Sent(Collections.nCopies(batch.size(), new WriteOutcome.Ambiguous(e.getMessage())), null);
        } catch (RetriableException e) {
            return new Sent(Collections.nCopies(batch.size(), new WriteOutcome.TryLater(e.getMessage())), e);
        } catch (DataverseException e) {
            return refusedAsAWhole(batch, accounts, deadline, e);
        } catch (ConnectException e) {
            stop = e;
            return new Sent(Collections.nCopies(batch.size(), new WriteOutcome.TryLater(e.getMessage())), null);
        }
        WriteAnswers answers = new WriteAnswers(
                table, this::stored, (write, error) -> environment().refused().of(write, error, accounts), this::stop);
        List<WriteOutcome> outcomes = new ArrayList<>();
        Iterator<BatchCodec.Reply> replies = answer.replies().iterator();
        for (Request request : batch) {
            BatchCodec.Reply last = last(request, replies);
            outcomes.add(last == null ? unanswered(answer) : answers.outcome(request.write(), last));
        }
        return new Sent(outcomes, null);
    }

    /** The reply that tells what became of a request; of a change set the one to its last change. Null if there is none. */
    private static BatchCodec.Reply last(Request request, Iterator<BatchCodec.Reply> replies) {
        BatchCodec.Reply reply = replies.hasNext() ? replies.next() : null;
        boolean more = request.item() instanceof BatchCodec.ChangeSet && reply != null && reply.status() < 300;
        return more ? (replies.hasNext() ? replies.next() : null) : reply;
    }

    /** Nothing of a batch was carried out that the service refuses to look into: in halves, until the part at fault is alone. */
    private Sent refusedAsAWhole(
            List<Request> batch, Accounts accounts, Deadline deadline, DataverseException refusal) {
        if (batch.size() == 1) {
            return new Sent(List.of(new WriteOutcome.Refused(refusal.getMessage())), null);
        }
        int middle = batch.size() / 2;
        Sent first = send(batch.subList(0, middle), accounts, deadline);
        Sent second = send(batch.subList(middle, batch.size()), accounts, deadline);
        List<WriteOutcome> outcomes = new ArrayList<>(first.outcomes());
        outcomes.addAll(second.outcomes());
        return new Sent(outcomes, first.failure() != null && second.failure() != null ? first.failure() : null);
    }

    /** Null if the answer holds no row. */
    private TargetRecord stored(Write write, BatchCodec.Reply answer) {
        JsonNode row = Json.read(answer.body());
        return row.has(table.key()) ? environment().rows().read(row, write.columns()) : null;
    }

    private void stop(String message) {
        stop = new ConnectException("Dynamics refuses the application user: " + message);
    }

    private void checkUser() {
        if (stop != null) {
            throw stop;
        }
    }

    private static WriteOutcome unanswered(BatchCodec.Replies answer) {
        if (answer.failure() != null) {
            return new WriteOutcome.Ambiguous(answer.failure(), true);
        }
        return answer.complete()
                ? new WriteOutcome.TryLater("The batch ended before this request")
                : new WriteOutcome.Ambiguous("The answer of the batch was cut");
    }

    @Override
    public String operationField() {
        return config.operationColumn();
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
        threads.close();
        api.close();
    }
}
