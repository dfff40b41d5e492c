package io.github.crmsync.sandbox.dynamics;

/** Makes equal texts the same object where that comes cheap: one place per hash, the latest text stays. */
final class StringPool {
    private static final int SIZE = 1 << 14;

    private final String[] places = new String[SIZE];

    String share(String text) {
        int hash = text.hashCode();
        int place = (hash ^ hash >>> 16) & SIZE - 1;
        if (text.equals(places[place])) {
            return places[place];
        }
        places[place] = text;
        return text;
    }
}
