package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.hubspot.HubSpotAnswers.Operation;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.StreamSupport;

/** The calls that the connectors make, typed. Safe for use by several threads. */
final class HubSpotApi implements AutoCloseable, ContactFeed {
    /** Most records of one batch call and of one page of the list. */
    static final int BATCH = 100;
    /** Most records of one batch call that reads histories. */
    static final int HISTORY_BATCH = 50;
    /** Most records of one page of search results. */
    static final int SEARCH_PAGE = 200;

    private static final int MEMBERS_PAGE = 250;
    /** A refusal of the credentials is borne so many times longer than a call may wait. */
    private static final long PATIENCE_FACTOR = 2;
    /** How often a batch is read that HubSpot does not answer completely. */
    private static final int READ_ATTEMPTS = 3;

    /** How many empty pages of one search are passed over. */
    private static final int EMPTY_PAGES = 5;

    private static final String READING = "Reading contacts";
    /** HubSpot refuses addresses above 8 KB; below this the property names fit into one. */
    private static final int LONGEST_URI = 6_000;

    private final HubSpotPaths paths;
    private final HubSpotTransport transport;
    private final AnswerCheck check;

    /** A page of the list of contacts; {@code next} is null on the last one. */
    record Page(List<Contact> contacts, String next) {}

    /** A page of a list's members; {@code next} is null on the last one. */
    record Members(long[] ids, String next) {}

    /** The portal; the id is empty where the token may not see it. */
    record Account(String portalId) {}

    HubSpotApi(HubSpotConfig config, HttpSettings http) {
        this(config, http, HttpRuntime.SYSTEM);
    }

    HubSpotApi(HubSpotConfig config, HttpSettings http, HttpRuntime runtime) {
        this(config, http, runtime::millis, runtime, PATIENCE_FACTOR * http.retryMaxWaitMs());
    }

    /** For the check of a configuration: the first answer counts. */
    static HubSpotApi forValidation(HubSpotConfig config) {
        HttpRuntime runtime = HttpRuntime.SYSTEM;
        return new HubSpotApi(config, config.http().forValidation(), runtime::millis, runtime, 0);
    }

    /** @param clock local time in ms, which tells when a token is to be renewed */
    HubSpotApi(HubSpotConfig config, HttpSettings http, LongSupplier clock) {
        this(config, http, clock, HttpRuntime.SYSTEM, PATIENCE_FACTOR * http.retryMaxWaitMs());
    }

    /** @param patienceMs see {@link AnswerCheck} */
    private HubSpotApi(
            HubSpotConfig config, HttpSettings http, LongSupplier clock, HttpRuntime runtime, long patienceMs) {
        check = new AnswerCheck(patienceMs, runtime::millis);
        paths = new HubSpotPaths(config.url(), config.apiVersion());
        transport = new HubSpotTransport(config, paths, http, clock, runtime);
    }

    @Override
    public long now() {
        return transport.now();
    }

    /** Which portal the credentials belong to; the cheapest proof that address and token are right. */
    Account accountInfo() {
        String what = "Reading the account";
        ApiResponse response = transport.get(paths.accountInfo());
        try {
            if (check.refusal(Operation.LOOKUP, response, what) == AnswerKind.GONE) {
                response = transport.get(paths.accountInfoV3());
            }
            check.require(Operation.LOOKUP, response, what);
        } catch (HubSpotErrors.Forbidden e) {
            // The call needs a scope that a token for contacts alone does not have.
            return new Account("");
        }
        JsonNode account = response.json();
        transport.timeZone(account.path("timeZone").asText(""));
        return new Account(account.path("portalId").asText(""));
    }

    @Override
    public Map<String, PropertyInfo> properties() {
        Map<String, PropertyInfo> result = new LinkedHashMap<>();
        JsonNode definitions = check.require(
                        Operation.READ, transport.get(paths.properties()), "Reading the contact properties")
                .json()
                .path("results");
        if (!definitions.isArray()) {
            throw new RetryLaterException("HubSpot's answer is no list of properties", 5_000, null);
        }
        definitions.forEach(node -> result.put(node.path("name").asText(), PropertyInfo.of(node)));
        return result;
    }

    /** Creates a property; the caller judges a refusal of it. */
    ApiResponse createProperty(ObjectNode definition) {
        ApiResponse response = transport.post(paths.properties(), definition);
        check.refusal(Operation.WRITE, response, "Creating a property");
        return response;
    }

    @Override
    public ListState list(String listId) {
        String what = "Reading the list " + listId;
        ApiResponse response = transport.get(paths.lists("/" + listId, Map.of()));
        if (check.refusal(Operation.LOOKUP, response, what) == AnswerKind.GONE) {
            return ListState.ABSENT;
        }
        return ListState.of(
                check.require(Operation.LOOKUP, response, what).json().path("list"));
    }

    @Override
    public Members members(String listId, String after) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("limit", Integer.toString(MEMBERS_PAGE));
        if (after != null) {
            query.put("after", after);
        }
        String what = "Reading the members of list " + listId;
        ApiResponse response = transport.get(paths.lists("/" + listId + "/memberships", query));
        if (check.refusal(Operation.LOOKUP, response, what) == AnswerKind.GONE) {
            throw ListState.ABSENT.stop(listId);
        }
        JsonNode body = check.require(Operation.LOOKUP, response, what).json();
        if (!body.path("results").isArray()) {
            throw new RetryLaterException("HubSpot's answer is no list of members", 5_000, null);
        }
        long[] ids = StreamSupport.stream(body.path("results").spliterator(), false)
                .mapToLong(member -> member.path("recordId").asLong())
                .toArray();
        return new Members(ids, body.path("paging").path("next").path("after").asText(null));
    }

    /** A page of live contacts in the order of their ids, from the primary store. */
    @Override
    public Page listContacts(String after, Collection<String> properties) {
        URI uri = listUri(after, properties, false);
        if (uri.toString().length() <= LONGEST_URI) {
            return list(uri);
        }
        Page ids = list(listUri(after, List.of("hs_object_id"), false));
        List<String> found = ids.contacts().stream().map(Contact::id).toList();
        return new Page(found.isEmpty() ? List.of() : batchRead(found, properties, null), ids.next());
    }

    /** A page of archived contacts in the order of their ids, whenever they were archived. */
    @Override
    public Page listArchived(String after) {
        return list(listUri(after, List.of("hs_object_id"), true));
    }

    private URI listUri(String after, Collection<String> properties, boolean archived) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("limit", Integer.toString(BATCH));
        query.put("archived", Boolean.toString(archived));
        query.put("properties", String.join(",", properties));
        if (after != null && !after.isEmpty()) {
            query.put("after", after);
        }
        return paths.contacts("", query);
    }

    private Page list(URI uri) {
        JsonNode body = check.require(Operation.READ, transport.get(uri), "Listing contacts")
                .json();
        return new Page(
                contacts(body), body.path("paging").path("next").path("after").asText(null));
    }

    @Override
    public Contact find(String id) {
        Map<String, String> query = Map.of("properties", Contact.MODIFIED + "," + Contact.MERGED_IDS);
        ApiResponse response = transport.get(paths.contacts("/" + id, query));
        String what = "Reading a contact";
        if (check.refusal(Operation.LOOKUP, response, what) == AnswerKind.GONE) {
            return null;
        }
        return Contact.of(check.require(Operation.LOOKUP, response, what).json());
    }

    @Override
    public List<Contact> readArchived(Collection<String> ids) {
        URI uri = paths.contacts("/batch/read", Map.of("archived", "true"));
        return readWhole(ids, part -> {
            ApiResponse response = transport.post(uri, readBody(part, List.of(Contact.MODIFIED), List.of(), null));
            return check.require(Operation.READ, response, "Reading archived contacts");
        });
    }

    /**
     * Up to 100 live contacts; those that do not exist are missing in the answer, and one that was merged away may come
     * under its survivor's id.
     *
     * @param idProperty unique property that the ids are values of; null for the record id
     */
    @Override
    public List<Contact> batchRead(Collection<String> ids, Collection<String> properties, String idProperty) {
        return readWhole(
                ids, part -> check.require(Operation.READ, read(part, properties, List.of(), idProperty), READING));
    }

    /** As {@link #batchRead}; null where HubSpot refuses the call because of one of the keys. */
    List<Contact> tryBatchRead(Collection<String> ids, Collection<String> properties, String idProperty) {
        ApiResponse first = read(ids, properties, List.of(), idProperty);
        AnswerKind refusal = check.refusal(Operation.READ, first, READING);
        boolean spoilt = Contact.EMAIL.equals(idProperty)
                && (refusal == AnswerKind.REFUSED_RECORD || refusal == AnswerKind.REFUSED_FIELDS);
        if (spoilt || refusal == AnswerKind.GONE) {
            return null;
        }
        check.require(Operation.READ, first, READING);
        BatchReadAnswer answer = BatchReadAnswer.of(first.json());
        if (answer.complete()) {
            return answer.contacts();
        }
        return batchRead(ids, properties, idProperty);
    }

    private ApiResponse read(
            Collection<String> ids, Collection<String> properties, Collection<String> histories, String idProperty) {
        return transport.post(
                paths.contacts("/batch/read", Map.of()), readBody(ids, properties, histories, idProperty));
    }

    /**
     * Asks again for what an answer left open: only what HubSpot calls not found is gone.
     *
     * @throws RetryLaterException if some of it stays open
     */
    private static List<Contact> readWhole(Collection<String> ids, Function<Collection<String>, ApiResponse> call) {
        Map<String, Contact> found = new LinkedHashMap<>();
        Collection<String> open = ids;
        for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
            BatchReadAnswer answer = BatchReadAnswer.of(call.apply(open).json());
            answer.contacts().forEach(contact -> found.put(contact.id(), contact));
            if (answer.complete()) {
                return List.copyOf(found.values());
            }
            open = answer.open(open);
        }
        throw new RetryLaterException(READING + ": HubSpot leaves " + open.size() + " of them open", 5_000, null);
    }

    /** Up to 50 live contacts with the histories of properties, newest values first, as JSON objects. */
    JsonNode histories(Collection<String> ids, Collection<String> properties) {
        return check.require(
                        Operation.READ,
                        read(ids, List.of(Contact.MODIFIED), properties, null),
                        "Reading histories of contacts")
                .json()
                .path("results");
    }

    private static ObjectNode readBody(
            Collection<String> ids, Collection<String> properties, Collection<String> histories, String idProperty) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode inputs = body.putArray("inputs");
        ids.forEach(id -> inputs.addObject().put("id", id));
        ArrayNode names = body.putArray("properties");
        properties.forEach(names::add);
        ArrayNode past = body.putArray("propertiesWithHistory");
        histories.forEach(past::add);
        if (idProperty != null) {
            body.put("idProperty", idProperty);
        }
        return body;
    }

    /** Creates up to 100 contacts; the answer tells the outcome of each input. Never repeated by itself. */
    ApiResponse batchCreate(ArrayNode inputs, Deadline deadline) {
        return batchWrite("/batch/create", inputs, deadline);
    }

    /**
     * Changes up to 100 contacts by id; the answer tells the outcome of each input. Not repeated by itself either: seconds
     * later it could overwrite what somebody has entered since.
     */
    ApiResponse batchUpdate(ArrayNode inputs, Deadline deadline) {
        return batchWrite("/batch/update", inputs, deadline);
    }

    private ApiResponse batchWrite(String path, ArrayNode inputs, Deadline deadline) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("inputs", inputs);
        ApiResponse response = transport.write(paths.contacts(path, Map.of()), body, deadline);
        check.refusal(Operation.WRITE, response, "Writing contacts");
        return response;
    }

    @Override
    public Found search(Query query) {
        ObjectNode request = SearchBody.of(query);
        for (int page = 0; page < EMPTY_PAGES; page++) {
            JsonNode body = check.require(
                            Operation.READ,
                            transport.search(paths.contacts("/search", Map.of()), request),
                            "Searching for changed contacts")
                    .json();
            List<Hit> hits = contacts(body).stream()
                    .map(contact -> new Hit(contact.id(), contact.updatedAt()))
                    .toList();
            String after = body.path("paging").path("next").path("after").asText(null);
            if (!hits.isEmpty() || after == null) {
                JsonNode total = body.path("total");
                boolean more = total.isNumber() ? hits.size() < total.asLong() : hits.size() >= SEARCH_PAGE;
                return new Found(hits, !hits.isEmpty() && (more || after != null));
            }
            // An empty page that names a next one: the hits are behind it.
            request.put("after", after);
        }
        throw new RetryLaterException("HubSpot's search gives empty pages only", 5_000, null);
    }

    static List<Contact> contacts(JsonNode body) {
        if (!body.path("results").isArray()) {
            throw new RetryLaterException("HubSpot's answer is no list of contacts", 5_000, null);
        }
        List<Contact> contacts = new ArrayList<>();
        body.path("results").forEach(node -> contacts.add(Contact.of(node)));
        return contacts;
    }

    /** Ends waits and calls in flight; later calls are made as ever. */
    void giveUp() {
        transport.giveUp();
    }

    @Override
    public void close() {
        transport.close();
    }
}
