package io.github.crmsync.core.record;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Telephone numbers in whatever national style. */
final class Phones {
    /**
     * A number and nothing else. The library also finds numbers within a text, but then the text means more than the number.
     */
    private static final Pattern NUMBER = Pattern.compile(
            "(tel:)?[+\\uff0b]?[\\p{Nd}\\p{Pd} ()\\[\\]./~\\u00b7\\u2212]+"
                    + "([ ,;]*(ext\\.?|ext=|extn\\.?|extension|x|#|ext:) ?[.:]? ?\\p{Nd}{1,7}#?)?",
            Pattern.CASE_INSENSITIVE);

    private Phones() {}

    static Set<String> regions() {
        return PhoneNumberUtil.getInstance().getSupportedRegions();
    }

    /**
     * The number as E.164 has it, with its extension; empty if the text is no possible number, or is a national one and the
     * region is unknown.
     */
    static Optional<String> international(String text, String region) {
        if (!NUMBER.matcher(text).matches()) {
            return Optional.empty();
        }
        PhoneNumberUtil util = PhoneNumberUtil.getInstance();
        try {
            PhoneNumber number = util.parse(text, region.isEmpty() ? null : region);
            if (!util.isPossibleNumber(number)) {
                return Optional.empty();
            }
            String digits = util.format(number, PhoneNumberFormat.E164);
            return Optional.of(number.hasExtension() ? digits + ";ext=" + number.getExtension() : digits);
        } catch (NumberParseException e) {
            return Optional.empty();
        }
    }
}
