package io.github.crmsync.sandbox.hubspot;

import java.util.List;

/** Which scopes a call needs. The scope {@code oauth} is every app's. */
final class Scopes {
    private static final String READ = "crm.objects.contacts.read";
    private static final String WRITE = "crm.objects.contacts.write";
    private static final String READ_LISTS = "crm.lists.read";
    private static final String WRITE_LISTS = "crm.lists.write";
    private static final String READ_SCHEMAS = "crm.schemas.contacts.read";
    private static final String WRITE_SCHEMAS = "crm.schemas.contacts.write";

    private Scopes() {}

    /** Groups of scopes, of each of which one is enough. */
    static List<List<String>> needed(String method, String path) {
        boolean read = method.equals("GET") || path.endsWith("/search") || path.endsWith("/batch/read");
        if (path.contains("/objects/")) {
            return List.of(List.of(read ? READ : WRITE));
        }
        if (path.contains("/lists")) {
            return ofLists(method, path, read);
        }
        if (path.contains("/properties/")) {
            return List.of(read ? List.of(READ_SCHEMAS, WRITE_SCHEMAS, READ, WRITE) : List.of(WRITE_SCHEMAS));
        }
        return List.of();
    }

    private static List<List<String>> ofLists(String method, String path, boolean read) {
        if (read || path.endsWith("/idmapping")) {
            return List.of(List.of(READ_LISTS));
        }
        boolean create = method.equals("POST");
        return create ? List.of(List.of(WRITE_LISTS)) : List.of(List.of(READ_LISTS), List.of(WRITE_LISTS));
    }
}
