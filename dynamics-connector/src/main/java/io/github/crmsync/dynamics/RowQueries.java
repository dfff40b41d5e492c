package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.http.ServiceFailedException;
import io.github.crmsync.core.record.Emails;
import io.github.crmsync.dynamics.DataverseAnswers.Operation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.connect.errors.RetriableException;

/** Queries for rows by many values: as many values in a filter as its address holds, as many filters in a call. */
final class RowQueries {
    static final int VALUES_PER_FILTER = 300;
    /** Conditions joined by "or" are limited to 500 in one query. */
    private static final int TERMS_PER_FILTER = 100;

    private final DataverseApi api;
    private final String entitySet;
    private final String key;

    RowQueries(DataverseApi api, Table table) {
        this(api, table.entitySet(), table.key());
    }

    /**
     * @param entitySet name of the table's set in URLs
     * @param key primary key column
     */
    RowQueries(DataverseApi api, String entitySet, String key) {
        this.api = api;
        this.entitySet = entitySet;
        this.key = key;
    }

    /** Rows that one of the filters finds. */
    List<JsonNode> select(String columns, List<String> filters) {
        return select(columns, filters, false);
    }

    /** @param labels whether labels of options and names of lookups come along */
    List<JsonNode> select(String columns, List<String> filters, boolean labels) {
        String select = "$select=" + columns + "&";
        List<JsonNode> found = new ArrayList<>();
        if (filters.size() == 1 && !labels) {
            collect(api.query(entitySet, select + filters.get(0)), found);
        } else if (!filters.isEmpty()) {
            List<BatchCodec.Part> parts = filters.stream()
                    .map(filter -> new BatchCodec.Part(
                            "GET",
                            DataverseApi.path(entitySet, "?" + select + filter),
                            labels
                                    ? Map.of("Accept", "application/json", "Prefer", DataverseApi.LABELS)
                                    : Map.of("Accept", "application/json"),
                            null))
                    .toList();
            BatchCodec.Replies answer = api.batch(parts, true);
            if (answer.replies().size() < parts.size()) {
                throw new RetriableException("A batch of queries was answered in part only");
            }
            answer.replies().forEach(reply -> collect(checked(reply), found));
        }
        return found;
    }

    /** The rows with the ids, as a source reads them. */
    List<JsonNode> rows(DataverseApi.Reading reading, Collection<String> ids) {
        return select(String.join(",", reading.columns()), OData.in(key, ids, VALUES_PER_FILTER), reading.labels());
    }

    /** Those of the ids that the table has. */
    Set<String> existing(Collection<String> ids) {
        Set<String> found = new HashSet<>();
        for (JsonNode row : select(key, OData.in(key, ids, VALUES_PER_FILTER))) {
            found.add(Ids.plain(row.path(key).asText()));
        }
        return found;
    }

    /** Key, address and state of the rows with one of the addresses, in whatever spelling of their domains. */
    List<JsonNode> withAddress(Collection<String> addresses) {
        Set<String> asked = new TreeSet<>();
        for (String address : addresses) {
            for (String spelling : Emails.spellings(address)) {
                asked.add(spelling);
                // Where the value is read as a pattern, only the escaped form finds an address with a bracket.
                asked.add(OData.escapeLike(spelling));
            }
        }
        return select(key + ",emailaddress1,statecode", OData.in("emailaddress1", asked, VALUES_PER_FILTER));
    }

    /** Ids of the contacts that qualification made of leads, by the leads' ids; of several the newest. */
    static Map<String, String> contactsOfLeads(DataverseApi api, Collection<String> leads) {
        String lookup = "_originatingleadid_value";
        List<JsonNode> contacts = new ArrayList<>(new RowQueries(api, Table.CONTACT)
                .select("contactid,createdon," + lookup, OData.anyOf(lookup, leads, TERMS_PER_FILTER)));
        contacts.sort(java.util.Comparator.comparingLong(row -> RowReader.millis(row.path("createdon"))));
        Map<String, String> byLead = new HashMap<>();
        for (JsonNode contact : contacts) {
            byLead.put(
                    Ids.plain(contact.path(lookup).asText()),
                    Ids.plain(contact.path("contactid").asText()));
        }
        return byLead;
    }

    /** A query that is refused within a batch is refused as a call of its own would be. */
    private JsonNode checked(BatchCodec.Reply reply) {
        if (reply.status() >= 300) {
            ServiceError error = ServiceError.of(reply.status(), reply.headers(), reply.body());
            RuntimeException failure = api.failure("Rows cannot be read", Operation.READ, error);
            if (failure instanceof ServiceFailedException) {
                throw failure;
            }
            throw failure instanceof RetriableException
                    ? new RetryLaterException(error.message(), reply.retryAfterMs(), failure)
                    : failure;
        }
        JsonNode answer = Json.read(reply.body());
        if (!DataverseApi.isOwn(answer)) {
            throw new RetriableException("The answer to a query within a batch holds no rows");
        }
        return answer;
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
}
