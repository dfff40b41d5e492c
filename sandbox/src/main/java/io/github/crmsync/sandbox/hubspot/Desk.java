package io.github.crmsync.sandbox.hubspot;

import io.github.crmsync.sandbox.http.Router;
import io.github.crmsync.sandbox.http.Stats;
import java.util.List;

/** What all routes share. */
record Desk(
        HubSpotOptions options,
        PropertyCatalog catalog,
        ContactStore store,
        ContactLookup lookup,
        WriteRules rules,
        ContactView view,
        Tokens tokens,
        Stats stats,
        StandingFaults faults) {

    static final int PORTAL_ID = 48_114_207;
    private static final List<String> DATES = List.of("2026-03", "2026-09");

    /** Adds a contacts route under every spelling of its path; the store's monitor is held while it works. */
    void contacts(Router router, String method, String suffix, Router.Handler handler) {
        for (String date : DATES) {
            for (String type : List.of("contacts", "0-1")) {
                add(
                        router,
                        method,
                        "/crm/objects/" + date + "/" + type + suffix,
                        "/crm/objects/{v}/contacts" + suffix,
                        handler);
            }
        }
        add(router, method, "/crm/v3/objects/contacts" + suffix, "/crm/{v}/objects/contacts" + suffix, handler);
    }

    /** Adds a route of another CRM area, such as lists. */
    void area(Router router, String area, String method, String suffix, Router.Handler handler) {
        for (String date : DATES) {
            add(router, method, "/crm/" + area + "/" + date + suffix, "/crm/" + area + "/{v}" + suffix, handler);
        }
        add(router, method, "/crm/v3/" + area + suffix, "/crm/{v}/" + area + suffix, handler);
    }

    void add(Router router, String method, String path, String countedAs, Router.Handler handler) {
        router.add(method, path, countedAs, (request, values) -> {
            synchronized (store) {
                store.tick();
                store.actAs(tokens.claimed(request).id());
                return handler.handle(request, values);
            }
        });
    }
}
