package io.github.crmsync.sandbox.hubspot;

import io.github.crmsync.sandbox.http.Exchange;
import io.github.crmsync.sandbox.http.Faults;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import io.github.crmsync.sandbox.http.SimulatorServer;
import io.github.crmsync.sandbox.http.Stats;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A HubSpot portal on a local port, as strict as the service about contacts, properties, lists and tokens. */
public final class HubSpotSimulator implements AutoCloseable {
    /** What the token endpoint accepts in a refresh_token grant. */
    public static final String CLIENT_ID = Tokens.CLIENT_ID;

    public static final String CLIENT_SECRET = Tokens.CLIENT_SECRET;
    public static final String REFRESH_TOKEN = Tokens.REFRESH_TOKEN;
    /** Good for one authorization_code grant. */
    public static final String AUTHORIZATION_CODE = Tokens.CODE;

    private static final long LOAD_STEP_MS = 500;

    private final HubSpotOptions options;
    private final ContactStore store;
    private final ListBook lists;
    private final SimulatorServer server;

    /** Binds the port; requests are answered after {@link #start()}. */
    public HubSpotSimulator(HubSpotOptions options) throws IOException {
        this.options = options;
        Stats stats = new Stats();
        Faults faults = new Faults();
        PropertyCatalog catalog = new PropertyCatalog();
        store = new ContactStore(options, catalog);
        Tokens tokens = new Tokens(options);
        Desk desk = new Desk(
                options,
                catalog,
                store,
                new ContactLookup(store, catalog),
                new WriteRules(catalog, store, faults, options),
                new ContactView(store, catalog, options.has(Quirk.OMIT_UNSET), Desk.PORTAL_ID),
                tokens,
                stats,
                new StandingFaults(faults));
        faults.on(
                "recalculate",
                rule -> recalculate(
                        rule.path("id").asText(),
                        Map.of(
                                rule.path("property").asText(),
                                rule.path("value").asText())));
        faults.on(
                "process",
                rule -> process(rule.path("list").asText(), rule.path("ms").asLong()));
        Router router = new Router();
        new TokenRoutes(options, tokens).addTo(router);
        BatchAnswers answers = new BatchAnswers(desk);
        new BatchReadRoutes(desk, answers).addTo(router);
        new BatchRoutes(desk, answers).addTo(router);
        new SearchRoutes(desk).addTo(router);
        new ContactRoutes(desk).addTo(router);
        lists = new ListBook(store, catalog, options);
        new PropertyRoutes(desk, lists).addTo(router);
        new MembershipRoutes(desk, lists).addTo(router);
        new ListRoutes(desk, lists).addTo(router);
        for (String version : List.of("v3", "2026-03", "2026-09")) {
            router.add(
                    "GET",
                    "/account-info/" + version + "/details",
                    "/account-info/{v}/details",
                    (request, path) -> Response.json(200, account()));
        }
        HubSpotProtocol protocol = new HubSpotProtocol(options, tokens, new RateLimits(options));
        server = new SimulatorServer(options.port(), options.latencyMs(), router, protocol, stats, faults);
    }

    private Map<String, Object> account() {
        Map<String, Object> account = new LinkedHashMap<>();
        account.put("portalId", Desk.PORTAL_ID);
        account.put("accountType", "STANDARD");
        account.put(
                "timeZone",
                options.timeZone().equals(ZoneOffset.UTC)
                        ? "Etc/UTC"
                        : options.timeZone().getId());
        account.put("companyCurrency", "EUR");
        account.put("additionalCurrencies", List.of());
        ZoneOffset offset =
                options.timeZone().getRules().getOffset(options.clock().instant());
        account.put("utcOffset", offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId());
        account.put("utcOffsetMilliseconds", offset.getTotalSeconds() * 1000);
        account.put("uiDomain", "app.hubspot.com");
        account.put("dataHostingLocation", "na1");
        return account;
    }

    /**
     * Adds contacts as if they had always been there, made one after the other over the past; not counted as written.
     * Returns their ids in order.
     */
    public List<String> load(List<Map<String, String>> contacts) {
        synchronized (store) {
            return load(contacts, store.now() - contacts.size() * LOAD_STEP_MS, LOAD_STEP_MS);
        }
    }

    /** As above, the first made at {@code firstMs}; a step of 0 gives all of them the same modification time. */
    public List<String> load(List<Map<String, String>> contacts, long firstMs, long stepMs) {
        synchronized (store) {
            List<String> ids = new ArrayList<>(contacts.size());
            long at = firstMs;
            for (Map<String, String> properties : contacts) {
                ids.add(Long.toString(store.load(properties, at).id()));
                at += stepMs;
            }
            return ids;
        }
    }

    /**
     * What a user does in the recycle bin: brings an archived contact back under its id.
     *
     * @return false if another contact has one of its addresses by now: then it cannot be restored
     */
    public boolean restore(String id) {
        synchronized (store) {
            return store.restore(Long.parseLong(id));
        }
    }

    /** What a user does on a contact's page: the history names the user instead of the app. */
    public void edit(String id, Map<String, String> values) {
        synchronized (store) {
            store.edit(Long.parseLong(id), values);
        }
    }

    /** What happens by itself: a calculated property has another value, and the modification time stays as it was. */
    public void recalculate(String id, Map<String, String> values) {
        synchronized (store) {
            store.recalculate(Long.parseLong(id), values);
        }
    }

    /** Lets the service evaluate an active list from scratch: for so many ms its members are missing. */
    public void process(String list, long ms) {
        synchronized (store) {
            lists.process(list, ms);
        }
    }

    /** Answers a request of this JVM without a connection, see {@link SimulatorServer#call}. */
    public Response call(Request request) throws IOException {
        return server.call(request);
    }

    /** The live contacts, each with its properties and its id as {@code hs_object_id}. */
    public List<Map<String, String>> contacts() {
        synchronized (store) {
            List<Map<String, String>> contacts = new ArrayList<>();
            for (Contact contact : store.contacts(false).values()) {
                Map<String, String> properties =
                        new LinkedHashMap<>(contact.bag().toMap());
                properties.put("hs_object_id", Long.toString(contact.id()));
                contacts.add(properties);
            }
            return contacts;
        }
    }

    public HubSpotSimulator start() {
        server.start();
        return this;
    }

    public String url() {
        return server.url();
    }

    public String accessToken() {
        return options.accessToken();
    }

    /** Lets somebody see every request and its answer; called by several threads at a time. */
    public void observe(Consumer<Exchange> observer) {
        server.observe(observer);
    }

    public Stats stats() {
        return server.stats();
    }

    public Faults faults() {
        return server.faults();
    }

    @Override
    public void close() {
        server.close();
    }
}
