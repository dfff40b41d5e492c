package io.github.crmsync.hubspot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.http.ApiClient;
import io.github.crmsync.core.http.ApiRequest;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RateLimiter;
import io.github.crmsync.core.http.RetryLaterException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.errors.ConnectException;

/** The calls that the connectors make, typed. Safe for use by several threads. */
final class HubSpotApi implements AutoCloseable, ContactFeed {
    /** Most records of one batch call and of one page of the list. */
    static final int BATCH = 100;
    /** Most records of one page of search results. */
    static final int SEARCH_PAGE = 200;

    /** HubSpot refuses addresses above 8 KB; below this the property names fit into one. */
    private static final int LONGEST_URI = 6_000;

    /** Longer waits are asked for by HubSpot. */
    private static final long LONGEST_OWN_WAIT_MS = 10_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HubSpotPaths paths;
    private final ApiClient client;
    private final ApiClient tokenClient;
    private final RateLimiter searchLimiter;
    private volatile long clockSkewMs;
    private volatile long closedUntil;

    /** A page of the list of contacts; {@code next} is null on the last one. */
    record Page(List<Contact> contacts, String next) {}

    /** The portal; the id is empty where the token may not see it. */
    record Account(String portalId) {}

    HubSpotApi(HubSpotConfig config, HttpSettings http) {
        this(config, http, System::currentTimeMillis);
    }

    /** @param clock local time in ms, which tells when a token is to be renewed */
    HubSpotApi(HubSpotConfig config, HttpSettings http, LongSupplier clock) {
        paths = new HubSpotPaths(config.url(), config.apiVersion());
        searchLimiter = config.searchLimiter();
        boolean oauth = config.usesOauth();
        tokenClient = oauth ? new ApiClient(http, RateLimiter.NONE) : null;
        HubSpotAuth auth = new HubSpotAuth(config, paths, tokenClient, clock);
        client = new ApiClient(http, config.burstLimiter(), auth, oauth ? auth::forget : null);
    }

    /** HubSpot's clock in ms since the epoch, to a second: the workers' own may be wrong. */
    @Override
    public long now() {
        return System.currentTimeMillis() + clockSkewMs;
    }

    /** Which portal the credentials belong to; the cheapest proof that address and token are right. */
    Account accountInfo() {
        ApiResponse response = send(ApiRequest.get(paths.accountInfo()), RateLimiter.NONE);
        if (response.status() == 404) {
            response = send(ApiRequest.get(paths.accountInfoV3()), RateLimiter.NONE);
        }
        if (response.status() == 403) {
            // The call needs a scope that a token for contacts alone does not have.
            return new Account("");
        }
        return new Account(HubSpotErrors.require(response, "Reading the account")
                .json()
                .path("portalId")
                .asText(""));
    }

    /** Definitions of all contact properties, by name. */
    Map<String, PropertyInfo> properties() {
        Map<String, PropertyInfo> result = new LinkedHashMap<>();
        JsonNode definitions = HubSpotErrors.require(
                        send(ApiRequest.get(paths.properties()), RateLimiter.NONE), "Reading the contact properties")
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
        return send(ApiRequest.json("POST", paths.properties(), bytes(definition), true), RateLimiter.NONE);
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
        JsonNode body = HubSpotErrors.require(send(ApiRequest.get(uri), RateLimiter.NONE), "Listing contacts")
                .json();
        return new Page(
                contacts(body), body.path("paging").path("next").path("after").asText(null));
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
        ObjectNode body = JSON.createObjectNode();
        ArrayNode inputs = body.putArray("inputs");
        ids.forEach(id -> inputs.addObject().put("id", id));
        ArrayNode names = body.putArray("properties");
        properties.forEach(names::add);
        body.putArray("propertiesWithHistory");
        if (idProperty != null) {
            body.put("idProperty", idProperty);
        }
        return HubSpotErrors.check(send(
                ApiRequest.json("POST", paths.contacts("/batch/read", Map.of()), bytes(body), true), RateLimiter.NONE));
    }

    /** Creates up to 100 contacts; the answer tells the outcome of each input. Never repeated by itself. */
    ApiResponse batchCreate(ArrayNode inputs) {
        return batchWrite("/batch/create", inputs);
    }

    /**
     * Changes up to 100 contacts by id; the answer tells the outcome of each input. Not repeated by itself either: seconds
     * later it could overwrite what somebody has entered since.
     */
    ApiResponse batchUpdate(ArrayNode inputs) {
        return batchWrite("/batch/update", inputs);
    }

    private ApiResponse batchWrite(String path, ArrayNode inputs) {
        ObjectNode body = JSON.createObjectNode();
        body.set("inputs", inputs);
        return HubSpotErrors.check(
                send(ApiRequest.json("POST", paths.contacts(path, Map.of()), bytes(body), false), RateLimiter.NONE));
    }

    @Override
    public Found search(Query query) {
        JsonNode body = HubSpotErrors.require(
                        send(
                                ApiRequest.json("POST", paths.contacts("/search", Map.of()), bytes(body(query)), true),
                                searchLimiter),
                        "Searching for changed contacts")
                .json();
        List<Hit> hits = contacts(body).stream()
                .map(contact -> new Hit(contact.id(), contact.updatedAt()))
                .toList();
        JsonNode total = body.path("total");
        boolean more = total.isNumber() ? hits.size() < total.asLong() : hits.size() >= SEARCH_PAGE;
        return new Found(hits, more && !hits.isEmpty());
    }

    /** The query in the API's form; times are ms as text, the one form that every search accepts. */
    static ObjectNode body(Query query) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode groups = body.putArray("filterGroups");
        boolean split = !query.known().isEmpty();
        ArrayNode filters = window(groups, query.fromMs() + (split ? 1 : 0), query.toMs());
        if (query.afterId() != null) {
            filter(filters, "hs_object_id", "GT", query.afterId());
        }
        if (split) {
            ArrayNode first = window(groups, query.fromMs(), query.fromMs());
            query.known().forEach(id -> filter(first, "hs_object_id", "NEQ", id));
        }
        body.putArray("sorts")
                .addObject()
                .put("propertyName", query.byId() ? "hs_object_id" : Contact.MODIFIED)
                .put("direction", "ASCENDING");
        body.putArray("properties").add(Contact.MODIFIED);
        body.put("limit", SEARCH_PAGE);
        return body;
    }

    private static ArrayNode window(ArrayNode groups, long fromMs, long toMs) {
        ArrayNode filters = groups.addObject().putArray("filters");
        filter(filters, Contact.MODIFIED, "GTE", Long.toString(fromMs));
        filter(filters, Contact.MODIFIED, "LTE", Long.toString(toMs));
        return filters;
    }

    private static void filter(ArrayNode filters, String property, String operator, String value) {
        filters.addObject()
                .put("propertyName", property)
                .put("operator", operator)
                .put("value", value);
    }

    private ApiResponse send(ApiRequest request, RateLimiter extra) {
        long closedFor = closedUntil - System.currentTimeMillis();
        if (closedFor > 0) {
            throw new RetryLaterException("HubSpot has asked to wait", closedFor, null);
        }
        ApiResponse response;
        try {
            response = client.send(request, extra);
        } catch (RetryLaterException e) {
            if (e.waitMs() > LONGEST_OWN_WAIT_MS) {
                // A portal that is being moved asks for hours (477): callers that come back earlier are not sent on.
                closedUntil = System.currentTimeMillis() + e.waitMs();
            }
            throw e;
        }
        String date = response.headers().get("date");
        if (date != null) {
            try {
                clockSkewMs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant()
                                .toEpochMilli()
                        - System.currentTimeMillis();
            } catch (DateTimeException e) {
                // A proxy's odd header: the last known difference stays.
                return response;
            }
        }
        return response;
    }

    static List<Contact> contacts(JsonNode body) {
        if (!body.path("results").isArray()) {
            throw new RetryLaterException("HubSpot's answer is no list of contacts", 5_000, null);
        }
        List<Contact> contacts = new ArrayList<>();
        body.path("results").forEach(node -> contacts.add(Contact.of(node)));
        return contacts;
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new ConnectException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        if (tokenClient != null) {
            tokenClient.close();
        }
    }
}
