package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RetryLaterException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.StreamSupport;
import org.apache.kafka.connect.errors.ConnectException;

/** The calls that the connectors make, typed. Safe for use by several threads. */
final class HubSpotApi implements AutoCloseable, ContactFeed {
    /** Most records of one batch call and of one page of the list. */
    static final int BATCH = 100;
    /** Most records of one batch call that reads histories. */
    static final int HISTORY_BATCH = 50;
    /** Most records of one page of search results. */
    static final int SEARCH_PAGE = 200;

    private static final int MEMBERS_PAGE = 250;
    /** HubSpot refuses addresses above 8 KB; below this the property names fit into one. */
    private static final int LONGEST_URI = 6_000;

    private final HubSpotPaths paths;
    private final HubSpotTransport transport;

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
        this(config, http, runtime::millis, runtime);
    }

    /** @param clock local time in ms, which tells when a token is to be renewed */
    HubSpotApi(HubSpotConfig config, HttpSettings http, LongSupplier clock) {
        this(config, http, clock, HttpRuntime.SYSTEM);
    }

    private HubSpotApi(HubSpotConfig config, HttpSettings http, LongSupplier clock, HttpRuntime runtime) {
        paths = new HubSpotPaths(config.url(), config.apiVersion());
        transport = new HubSpotTransport(config, paths, http, clock, runtime);
    }

    @Override
    public long now() {
        return transport.now();
    }

    /** Which portal the credentials belong to; the cheapest proof that address and token are right. */
    Account accountInfo() {
        ApiResponse response = transport.get(paths.accountInfo());
        if (response.status() == 404) {
            response = transport.get(paths.accountInfoV3());
        }
        if (response.status() == 403) {
            // The call needs a scope that a token for contacts alone does not have.
            return new Account("");
        }
        JsonNode account =
                HubSpotErrors.require(response, "Reading the account").json();
        transport.timeZone(account.path("timeZone").asText(""));
        return new Account(account.path("portalId").asText(""));
    }

    @Override
    public Map<String, PropertyInfo> properties() {
        Map<String, PropertyInfo> result = new LinkedHashMap<>();
        JsonNode definitions = HubSpotErrors.require(
                        transport.get(paths.properties()), "Reading the contact properties")
                .json()
                .path("results");
        if (!definitions.isArray()) {
            throw new RetryLaterException("HubSpot's answer is no list of properties", 5_000, null);
        }
        definitions.forEach(node -> result.put(node.path("name").asText(), PropertyInfo.of(node)));
        return result;
    }

    /** Creates a property; the caller judges the answer. */
    ApiResponse createProperty(ObjectNode definition) {
        return transport.post(paths.properties(), definition);
    }

    /** What stands against a list of contacts that is to limit the scope; null if nothing does. */
    String listProblem(String listId) {
        ApiResponse response = HubSpotErrors.check(transport.get(paths.lists("/" + listId, Map.of())));
        if (response.status() == 404) {
            return "HubSpot has no list with the id " + listId;
        }
        JsonNode list = HubSpotErrors.require(response, "Reading the list " + listId)
                .json()
                .path("list");
        return list.path("objectTypeId").asText("0-1").equals("0-1") ? null : "List " + listId + " is none of contacts";
    }

    @Override
    public Members members(String listId, String after) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("limit", Integer.toString(MEMBERS_PAGE));
        if (after != null) {
            query.put("after", after);
        }
        ApiResponse response = HubSpotErrors.check(transport.get(paths.lists("/" + listId + "/memberships", query)));
        if (response.status() == 404) {
            throw new ConnectException("The list " + listId
                    + " does not exist in HubSpot (any more): correct the setting " + HubSpotSourceConfig.LIST_IDS);
        }
        JsonNode body = HubSpotErrors.require(response, "Reading the members of list " + listId)
                .json();
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
        JsonNode body =
                HubSpotErrors.require(transport.get(uri), "Listing contacts").json();
        return new Page(
                contacts(body), body.path("paging").path("next").path("after").asText(null));
    }

    @Override
    public Contact find(String id) {
        Map<String, String> query = Map.of("properties", Contact.MODIFIED + "," + Contact.MERGED_IDS);
        ApiResponse response = transport.get(paths.contacts("/" + id, query));
        if (response.status() == 404 && response.json().has("status")) {
            return null;
        }
        return Contact.of(
                HubSpotErrors.require(response, "Reading the contact " + id).json());
    }

    @Override
    public List<Contact> readArchived(Collection<String> ids) {
        URI uri = paths.contacts("/batch/read", Map.of("archived", "true"));
        ApiResponse response = transport.post(uri, readBody(ids, List.of(Contact.MODIFIED), List.of(), null));
        return contacts(
                HubSpotErrors.require(response, "Reading archived contacts").json());
    }

    /**
     * Up to 100 live contacts; those that do not exist are missing in the answer, and one that was merged away may come
     * under its survivor's id.
     *
     * @param idProperty unique property that the ids are values of; null for the record id
     */
    @Override
    public List<Contact> batchRead(Collection<String> ids, Collection<String> properties, String idProperty) {
        return contacts(HubSpotErrors.require(tryBatchRead(ids, properties, idProperty), "Reading contacts")
                .json());
    }

    /** As {@link #batchRead}, the answer as it is: one malformed key fails the whole call. */
    ApiResponse tryBatchRead(Collection<String> ids, Collection<String> properties, String idProperty) {
        return HubSpotErrors.check(transport.post(
                paths.contacts("/batch/read", Map.of()), readBody(ids, properties, List.of(), idProperty)));
    }

    /** Up to 50 live contacts with the histories of properties, newest values first, as JSON objects. */
    JsonNode histories(Collection<String> ids, Collection<String> properties) {
        JsonNode body = HubSpotErrors.require(
                        transport.post(
                                paths.contacts("/batch/read", Map.of()),
                                readBody(ids, List.of(Contact.MODIFIED), properties, null)),
                        "Reading histories of contacts")
                .json();
        return body.path("results");
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
        return HubSpotErrors.check(transport.write(paths.contacts(path, Map.of()), body, deadline));
    }

    @Override
    public Found search(Query query) {
        JsonNode body = HubSpotErrors.require(
                        transport.search(paths.contacts("/search", Map.of()), SearchBody.of(query)),
                        "Searching for changed contacts")
                .json();
        List<Hit> hits = contacts(body).stream()
                .map(contact -> new Hit(contact.id(), contact.updatedAt()))
                .toList();
        JsonNode total = body.path("total");
        boolean more = total.isNumber() ? hits.size() < total.asLong() : hits.size() >= SEARCH_PAGE;
        return new Found(hits, more && !hits.isEmpty());
    }

    static List<Contact> contacts(JsonNode body) {
        if (!body.path("results").isArray()) {
            throw new RetryLaterException("HubSpot's answer is no list of contacts", 5_000, null);
        }
        List<Contact> contacts = new ArrayList<>();
        body.path("results").forEach(node -> contacts.add(Contact.of(node)));
        return contacts;
    }

    @Override
    public void close() {
        transport.close();
    }
}
