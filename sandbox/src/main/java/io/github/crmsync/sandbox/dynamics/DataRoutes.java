package io.github.crmsync.sandbox.dynamics;

import io.github.crmsync.sandbox.http.Router;
import java.util.ArrayList;
import java.util.List;

/** The addresses under the service root, by the names that statistics count them under. All lead to one handler. */
final class DataRoutes {
    private static final List<String> METHODS = List.of("GET", "POST", "PATCH", "PUT", "DELETE");

    private DataRoutes() {}

    static void add(Router router, Model model, Router.Handler data) {
        String root = ApiRequest.ROOT;
        List<String> sets = new ArrayList<>(List.of(MetadataModel.ENTITIES));
        model.stores().forEach(store -> sets.add(store.table().entitySet()));
        router.add("GET", root + "$metadata", data);
        router.add("GET", root + "WhoAmI", data);
        router.add("GET", root + "WhoAmI()", data);
        router.add("GET", root + "RetrieveTotalRecordCount({names})", data);
        router.add("POST", root + "AddListMembersList", data);
        for (String set : sets) {
            for (String action : Operations.BULK_ACTIONS) {
                router.add("POST", root + set + "/" + Table.NAMESPACE + action, data);
            }
            router.add("GET", root + set + "/$count", data);
        }
        Operations.ROW_ACTIONS.forEach((action, table) -> router.add(
                "POST", root + model.named(table).table().entitySet() + "({id})/" + Table.NAMESPACE + action, data));
        for (String set : sets) {
            for (String method : METHODS) {
                router.add(method, root + set, data);
                router.add(method, root + set + "({id})", data);
                router.add(method, root + set + "/{name}", data);
                router.add(method, root + set + "({id})/{name}", data);
                router.add(method, root + set + "({id})/{name}/{part}", data);
            }
        }
    }
}
