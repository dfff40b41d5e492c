package io.github.crmsync.sandbox.dynamics;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Position within a paged result, as carried by $skiptoken.
 *
 * @param page number of the page to come
 * @param last values of the last row delivered, as text; an absent name stands for null
 * @param tracked version from which the delta link of a tracked read counts, or -1
 */
record Cookie(int page, Map<String, String> last, long tracked) {
    private static final Pattern OUTER =
            Pattern.compile("<cookie pagenumber=\"(\\d{1,9})\" pagingcookie=\"([^\"]*)\" istracking=\"(False|True)\""
                    + "(?: version=\"(\\d{1,18})\")? />");
    private static final Pattern ENTRY = Pattern.compile("<(\\w+) last=\"([^\"]*)\"(?: first=\"[^\"]*\")? />");

    String encode() {
        return escape(xml());
    }

    /** The token before it is escaped for an address. */
    String xml() {
        StringBuilder inner = new StringBuilder("<cookie page=\"" + (page - 1) + "\">");
        last.forEach((name, value) -> inner.append('<')
                .append(name)
                .append(" last=\"")
                .append(escape(value))
                .append("\" />"));
        inner.append("</cookie>");
        return "<cookie pagenumber=\"" + page + "\" pagingcookie=\"" + escape(escape(inner.toString()))
                + "\" istracking=\"" + (tracked < 0 ? "False\"" : "True\" version=\"" + tracked + "\"") + " />";
    }

    /** Reads a token after the one decoding every query option gets. */
    static Cookie decode(String token) {
        Matcher outer = OUTER.matcher(token);
        if (!outer.matches()) {
            throw malformed();
        }
        String inner = ApiRequest.decode(ApiRequest.decode(outer.group(2)));
        if (!inner.startsWith("<cookie page=\"")) {
            throw malformed();
        }
        Map<String, String> last = new LinkedHashMap<>();
        Matcher entry = ENTRY.matcher(inner);
        while (entry.find()) {
            last.put(entry.group(1), ApiRequest.decode(entry.group(2)));
        }
        long tracked = outer.group(4) == null ? -1 : Long.parseLong(outer.group(4));
        return new Cookie(Integer.parseInt(outer.group(1)), last, tracked);
    }

    static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static ServiceException malformed() {
        return ServiceException.badRequest("0x80040203", "Malformed XML in the Paging Cookie");
    }
}
