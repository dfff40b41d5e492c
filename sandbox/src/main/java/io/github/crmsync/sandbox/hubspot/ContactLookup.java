package io.github.crmsync.sandbox.hubspot;

/** Finds the contact a caller means. */
final class ContactLookup {
    private final ContactStore store;
    private final PropertyCatalog catalog;

    ContactLookup(ContactStore store, PropertyCatalog catalog) {
        this.store = store;
        this.catalog = catalog;
    }

    /** The live contact, or null; {@code idProperty} null or empty means the record id. */
    Contact find(String key, String idProperty) {
        if (idProperty == null || idProperty.isEmpty() || idProperty.equals("hs_object_id")) {
            return store.byId(Bodies.id(key));
        }
        if (idProperty.equals("email")) {
            return store.byEmail(key);
        }
        requireUnique(idProperty);
        return store.byUnique(idProperty, key);
    }

    Contact require(String key, String idProperty) {
        Contact found = find(key, idProperty);
        if (found == null) {
            throw missing(key);
        }
        return found;
    }

    static ApiException missing(String key) {
        if (Bodies.id(key) >= 0) {
            return ApiException.noSuchRecord();
        }
        return new ApiException(404, "OBJECT_NOT_FOUND", "Object not found. objectId are usually numeric.")
                .context("id", key);
    }

    void requireUnique(String property) {
        PropertyDefinition definition = catalog.live(property);
        if (!property.equals("email") && (definition == null || !definition.unique())) {
            throw ApiException.validation(
                    "Unable to perform update/upsert by non-unique 0-1 property '" + property + "'");
        }
    }
}
