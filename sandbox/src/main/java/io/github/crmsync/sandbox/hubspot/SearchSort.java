package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The one sort rule of a search, by creation if none is given; what it finds equal comes in an order of the salt's. */
record SearchSort(String property, boolean descending, boolean numeric, long salt) {

    static SearchSort of(JsonNode sorts, PropertyCatalog catalog, long salt) {
        if (sorts.size() > 1) {
            throw ApiException.validation("There was a problem with the request: only one sort is supported");
        }
        if (sorts.isEmpty()) {
            return new SearchSort("createdate", false, false, salt);
        }
        JsonNode sort = sorts.get(0);
        String text = sort.asText();
        String direction = sort.path("direction").asText("ASCENDING");
        if (!direction.equals("ASCENDING") && !direction.equals("DESCENDING")) {
            throw ApiException.validation("There was a problem with the request: unknown direction " + direction);
        }
        String property = sort.isTextual()
                ? text.replaceFirst("^-", "")
                : sort.path("propertyName").asText();
        PropertyDefinition definition = catalog.live(property);
        if (definition == null) {
            throw ApiException.validation("There was a problem with the request: unknown sort property " + property);
        }
        boolean descending = sort.isTextual() ? text.startsWith("-") : direction.equals("DESCENDING");
        return new SearchSort(property, descending, definition.type().equals("number"), salt);
    }

    /** The key of the index that has this order already; null when there is none. */
    SearchIndex.Key key() {
        return property.equals("email") ? null : SearchIndex.Key.of(property);
    }

    /** The order without the salt's. */
    private Comparator<Contact> plain() {
        SearchIndex.Key key = key();
        Comparator<Contact> ascending;
        if (key != null) {
            ascending = Comparator.comparingLong(key::of);
        } else {
            Comparator<String> values =
                    numeric ? Comparator.comparingDouble(Double::parseDouble) : String.CASE_INSENSITIVE_ORDER;
            ascending = Comparator.comparing(contact -> contact.get(property), Comparator.nullsFirst(values));
        }
        return descending ? ascending.reversed() : ascending;
    }

    Comparator<Contact> order() {
        return plain().thenComparingLong(contact -> shuffled(contact.id()));
    }

    private long shuffled(long id) {
        long mixed = (id ^ salt) * 0x9E3779B97F4A7C15L;
        return (mixed ^ mixed >>> 32) * 0x9E3779B97F4A7C15L;
    }

    /** A page of contacts that are in the order of {@link #key} and need only the salt's among equal ones. */
    List<Contact> page(List<Contact> byKey, int offset, int limit) {
        List<Contact> ordered = descending ? reversed(byKey) : byKey;
        int from = Math.min(offset, ordered.size());
        int to = Math.min(ordered.size(), from + limit);
        if (from == to) {
            return List.of();
        }
        Comparator<Contact> plain = plain();
        int first = from;
        while (first > 0 && plain.compare(ordered.get(first - 1), ordered.get(from)) == 0) {
            first--;
        }
        int last = to;
        while (last < ordered.size() && plain.compare(ordered.get(last), ordered.get(to - 1)) == 0) {
            last++;
        }
        List<Contact> window = new ArrayList<>(ordered.subList(first, last));
        window.sort(order());
        return window.subList(from - first, to - first);
    }

    private static List<Contact> reversed(List<Contact> contacts) {
        return new java.util.AbstractList<>() {
            @Override
            public Contact get(int index) {
                return contacts.get(contacts.size() - 1 - index);
            }

            @Override
            public int size() {
                return contacts.size();
            }
        };
    }

    /** A page of contacts in any order. */
    List<Contact> sortedPage(List<Contact> contacts, int offset, int limit) {
        contacts.sort(order());
        int from = Math.min(offset, contacts.size());
        return contacts.subList(from, Math.min(contacts.size(), from + limit));
    }
}
