package io.github.crmsync.core.record;

import java.util.Locale;
import java.util.regex.Pattern;

/** Ids of the other app's record, as people and programs write them into a link property. */
public final class LinkKeys {
    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private LinkKeys() {}

    /** The id as the other app spells it: a GUID in lower case without braces, nothing without blanks; null for none. */
    public static String canonical(Object value) {
        String text = Blanks.strip(value);
        if (text.isEmpty()) {
            return null;
        }
        String inner =
                text.startsWith("{") && text.endsWith("}") ? Blanks.strip(text.substring(1, text.length() - 1)) : text;
        String lower = inner.toLowerCase(Locale.ROOT);
        return GUID.matcher(lower).matches() ? lower : text;
    }
}
