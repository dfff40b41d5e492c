package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.http.AmbiguousException;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.sink.TargetClient;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.WriteOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The contacts of a HubSpot portal as the target of a sink. */
public final class HubSpotTarget implements TargetClient {
    private static final Logger LOG = LoggerFactory.getLogger(HubSpotTarget.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HubSpotApi api;
    private final HubSpotValues values;
    /** Unique property that holds the other app's id; null if the portal has none. */
    private final String linkProperty;

    HubSpotTarget(HubSpotConfig config, String linkProperty) {
        api = new HubSpotApi(config, config.http());
        Map<String, PropertyInfo> definitions = api.properties();
        values = new HubSpotValues(definitions);
        this.linkProperty =
                linkProperty.isEmpty() || !ensureLinkProperty(linkProperty, definitions) ? null : linkProperty;
    }

    private boolean ensureLinkProperty(String name, Map<String, PropertyInfo> definitions) {
        PropertyInfo existing = definitions.get(name);
        if (existing != null) {
            if (!existing.unique()) {
                throw new ConnectException(
                        "The HubSpot property " + name + " exists but does not hold unique values: choose"
                                + " another name for " + HubSpotConfig.LINK_PROPERTY + ", or leave it empty");
            }
            return true;
        }
        ObjectNode definition = JSON.createObjectNode()
                .put("name", name)
                .put("label", "Dynamics 365 id")
                .put("type", "string")
                .put("fieldType", "text")
                .put("groupName", "contactinformation")
                .put("hasUniqueValue", true);
        ApiResponse response = api.createProperty(definition);
        if (response.ok() || response.status() == 409) {
            LOG.info("The HubSpot property {} holds the Dynamics ids", name);
            return true;
        }
        LOG.warn(
                "The HubSpot property {} could not be created (HTTP {}): contacts that a crash leaves without an answer are"
                        + " recognised by e-mail only. Give the token the scope crm.schemas.contacts.write",
                name,
                response.status());
        return false;
    }

    @Override
    public String app() {
        return "hubspot";
    }

    @Override
    public Map<String, TargetRecord> read(Collection<String> ids, Set<String> fields) {
        Map<String, TargetRecord> found = new HashMap<>();
        for (List<String> some : chunks(List.copyOf(ids))) {
            for (Contact contact : api.batchRead(some, select(fields), null)) {
                found.put(contact.id(), record(contact, fields));
            }
        }
        return found;
    }

    /** By batch read, never by search: the search index lags behind. It knows primary and additional addresses. */
    @Override
    public List<TargetRecord> findByEmail(Collection<String> emails, Set<String> fields) {
        List<TargetRecord> found = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (List<String> some : chunks(List.copyOf(emails))) {
            for (Contact contact : readByEmail(some, fields)) {
                if (seen.add(contact.id())) {
                    found.add(record(contact, fields));
                }
            }
        }
        return found;
    }

    /** One address that HubSpot does not accept fails the whole call: it is found by halving and finds nobody. */
    private List<Contact> readByEmail(List<String> emails, Set<String> fields) {
        ApiResponse response = api.tryBatchRead(emails, select(fields), Contact.EMAIL);
        if (response.status() != 400) {
            return HubSpotApi.contacts(HubSpotErrors.require(response, "Reading contacts by e-mail")
                    .json());
        }
        if (emails.size() == 1) {
            return List.of();
        }
        List<Contact> found = new ArrayList<>(readByEmail(emails.subList(0, emails.size() / 2), fields));
        found.addAll(readByEmail(emails.subList(emails.size() / 2, emails.size()), fields));
        return found;
    }

    private Set<String> select(Set<String> fields) {
        Set<String> select = new LinkedHashSet<>(fields);
        select.addAll(List.of(Contact.EMAIL, Contact.MORE_EMAILS, Contact.MODIFIED));
        if (linkProperty != null) {
            select.add(linkProperty);
        }
        return select;
    }

    private TargetRecord record(Contact contact, Set<String> fields) {
        Map<String, Object> shown = new HashMap<>();
        fields.forEach(field -> shown.put(field, contact.properties().get(field)));
        return new TargetRecord(
                contact.id(),
                contact.updatedAt(),
                null,
                contact.createdAt(),
                shown,
                contact.emails(),
                linkProperty == null ? null : contact.properties().get(linkProperty));
    }

    @Override
    public List<WriteOutcome> create(List<NewRecord> records) {
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (List<NewRecord> some : chunks(records)) {
            ArrayNode inputs = JSON.createArrayNode();
            for (int i = 0; i < some.size(); i++) {
                ObjectNode input = inputs.addObject().put("objectWriteTraceId", Integer.toString(i));
                ObjectNode properties = properties(input, some.get(i).values());
                if (linkProperty != null) {
                    properties.put(linkProperty, some.get(i).sourceId());
                }
            }
            outcomes.addAll(write(inputs, true));
        }
        return outcomes;
    }

    @Override
    public List<WriteOutcome> update(List<RecordChange> changes) {
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (List<RecordChange> some : chunks(changes)) {
            ArrayNode inputs = JSON.createArrayNode();
            for (int i = 0; i < some.size(); i++) {
                ObjectNode input =
                        inputs.addObject().put("id", some.get(i).id()).put("objectWriteTraceId", Integer.toString(i));
                properties(input, some.get(i).values());
            }
            outcomes.addAll(write(inputs, false));
        }
        return outcomes;
    }

    private ObjectNode properties(ObjectNode input, Map<String, Object> fields) {
        ObjectNode properties = input.putObject("properties");
        fields.forEach((name, value) -> properties.put(name, values.write(name, value)));
        return properties;
    }

    private List<WriteOutcome> write(ArrayNode inputs, boolean creating) {
        try {
            ApiResponse response = creating ? api.batchCreate(inputs) : api.batchUpdate(inputs);
            if (response.status() == 400 || response.status() == 409) {
                return alone(inputs, creating, response);
            }
            HubSpotErrors.require(response, "Writing contacts");
            return BatchAnswer.outcomes(inputs, response.json(), this::stored);
        } catch (AmbiguousException e) {
            return repeated(inputs, new WriteOutcome.Ambiguous(e.getMessage()));
        } catch (RetryLaterException e) {
            return repeated(inputs, new WriteOutcome.TryLater(e.getMessage()));
        }
    }

    /** The whole call was refused, and nothing written: halves find the record that is to blame. */
    private List<WriteOutcome> alone(ArrayNode inputs, boolean creating, ApiResponse refusal) {
        if (inputs.size() == 1) {
            return List.of(BatchAnswer.refused(refusal.json(), HubSpotErrors.summary(refusal)));
        }
        List<WriteOutcome> outcomes = new ArrayList<>();
        int middle = inputs.size() / 2;
        ArrayNode first = JSON.createArrayNode();
        ArrayNode second = JSON.createArrayNode();
        for (int i = 0; i < inputs.size(); i++) {
            (i < middle ? first : second).add(inputs.get(i));
        }
        outcomes.addAll(write(first, creating));
        outcomes.addAll(write(second, creating));
        return outcomes;
    }

    private static List<WriteOutcome> repeated(ArrayNode inputs, WriteOutcome outcome) {
        List<WriteOutcome> outcomes = new ArrayList<>();
        inputs.forEach(input -> outcomes.add(outcome));
        return outcomes;
    }

    private TargetRecord stored(JsonNode result) {
        Contact contact = Contact.of(result);
        return record(contact, contact.properties().keySet());
    }

    @Override
    public Optional<TargetRecord> findCreated(NewRecord request, Set<String> fields) {
        if (linkProperty == null) {
            return Optional.empty();
        }
        return api.batchRead(List.of(request.sourceId()), select(fields), linkProperty).stream()
                .map(contact -> record(contact, fields))
                .filter(record -> request.sourceId().equals(record.linkKey()))
                .findFirst();
    }

    @Override
    public boolean conditionalWrites() {
        return false;
    }

    @Override
    public long fingerprint(String field, Object value) {
        return values.fingerprint(field, value);
    }

    private static <T> List<List<T>> chunks(List<T> all) {
        List<List<T>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += HubSpotApi.BATCH) {
            chunks.add(all.subList(from, Math.min(all.size(), from + HubSpotApi.BATCH)));
        }
        return chunks;
    }

    @Override
    public void close() {
        api.close();
    }
}
