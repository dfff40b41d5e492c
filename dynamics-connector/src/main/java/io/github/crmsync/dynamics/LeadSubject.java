package io.github.crmsync.dynamics;

import io.github.crmsync.core.record.Blanks;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The topic of a lead, which its form requires though the API does not. */
final class LeadSubject {
    private static final int LONGEST = 300;

    private LeadSubject() {}

    /** Sets it to the full name, or else the e-mail address, where it is missing. */
    static void fill(Map<String, Object> values, String email) {
        if (!text(values.get("subject")).isEmpty()) {
            return;
        }
        String subject = Stream.of("firstname", "lastname")
                .map(name -> text(values.get(name)))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
        if (subject.isEmpty()) {
            subject = text(email == null ? values.get("emailaddress1") : email);
        }
        if (!subject.isEmpty()) {
            values.put("subject", subject.substring(0, Math.min(LONGEST, subject.length())));
        }
    }

    private static String text(Object value) {
        return Blanks.strip(value);
    }
}
