package io.github.crmsync.dynamics;

import io.github.crmsync.core.record.Blanks;
import java.util.Locale;
import java.util.regex.Pattern;

/** Row ids: GUIDs in lower case without braces. */
final class Ids {
    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private Ids() {}

    static String plain(String id) {
        String text = Blanks.strip(id).toLowerCase(Locale.ROOT);
        return text.startsWith("{") && text.endsWith("}") ? text.substring(1, text.length() - 1) : text;
    }

    static boolean valid(String id) {
        return GUID.matcher(id).matches();
    }
}
