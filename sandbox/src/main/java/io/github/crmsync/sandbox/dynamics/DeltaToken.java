package io.github.crmsync.sandbox.dynamics;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The position of a change feed as handed out in delta links. */
record DeltaToken(long version, Instant issued) {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,18})!(.{19})");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("MM/dd/yyyy HH:mm:ss", Locale.ROOT);

    String encode() {
        String stamp = STAMP.format(LocalDateTime.ofInstant(issued, ZoneOffset.UTC));
        return version + "%21" + stamp.replace("/", "%2f").replace(" ", "%20").replace(":", "%3a");
    }

    static DeltaToken decode(String token) {
        Matcher matcher = SHAPE.matcher(token);
        try {
            if (matcher.matches()) {
                Instant issued = LocalDateTime.parse(matcher.group(2), STAMP).toInstant(ZoneOffset.UTC);
                return new DeltaToken(Long.parseLong(matcher.group(1)), issued);
            }
        } catch (DateTimeException e) {
            throw malformed();
        }
        throw malformed();
    }

    private static ServiceException malformed() {
        return ServiceException.badRequest("0x80040203", "The delta token is not valid.");
    }
}
