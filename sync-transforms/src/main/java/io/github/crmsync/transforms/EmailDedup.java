package io.github.crmsync.transforms;

import com.sanctionco.jmail.JMail;
import io.github.crmsync.core.record.SyncHeaders;
import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;

/** States the address that unlinked records are matched on, and decides what happens without a valid one. */
public final class EmailDedup<R extends ConnectRecord<R>> extends Directive<R> {
    public static final String FIELD = "email.field";
    public static final String ON_INVALID = "on.invalid";

    private String field;
    private String onInvalid;

    public EmailDedup() {
        super(new ConfigDef()
                .define(
                        FIELD,
                        Type.STRING,
                        "",
                        Importance.MEDIUM,
                        "Field with the address; by default email or emailaddress1, whichever the record has.",
                        "E-mail",
                        1,
                        Width.MEDIUM,
                        "E-mail field")
                .define(
                        ON_INVALID,
                        Type.STRING,
                        "exclude",
                        ValidString.in("exclude", "pass", "fail"),
                        Importance.HIGH,
                        "What happens to a record without a valid address: exclude it from the sync, pass it on, or fail, which"
                                + " sends it to the dead letter queue.",
                        "E-mail",
                        2,
                        Width.SHORT,
                        "On invalid"));
    }

    @Override
    void configure(AbstractConfig config) {
        field = config.getString(FIELD);
        onInvalid = config.getString(ON_INVALID);
    }

    @Override
    R directed(R record) {
        if (record.value() == null) {
            return record;
        }
        Optional<String> email = normalise(Fields.get(record.value(), fieldOf(record)));
        if (email.isPresent()) {
            SyncHeaders.set(record.headers(), SyncHeaders.EMAIL, email.get());
        } else if (onInvalid.equals("fail")) {
            throw new DataException("The record has no valid e-mail address in " + fieldOf(record));
        } else if (onInvalid.equals("exclude")
                && SyncHeaders.get(record.headers(), SyncHeaders.EXCLUDED).isEmpty()) {
            SyncHeaders.set(record.headers(), SyncHeaders.EXCLUDED, "no-email");
        }
        return record;
    }

    private String fieldOf(R record) {
        if (!field.isEmpty()) {
            return field;
        }
        return Fields.has(record.value(), "emailaddress1") ? "emailaddress1" : "email";
    }

    /** Trimmed, lower-cased and with the domain in its ASCII form; empty if it is no valid address. */
    static Optional<String> normalise(Object value) {
        String text = value == null ? "" : value.toString().strip();
        int at = text.lastIndexOf('@');
        if (at < 1) {
            return Optional.empty();
        }
        try {
            String ascii = text.substring(0, at) + "@" + IDN.toASCII(text.substring(at + 1));
            return JMail.strictValidator()
                            .requireTopLevelDomain()
                            .disallowIpDomain()
                            .isValid(ascii)
                    ? Optional.of(ascii.toLowerCase(Locale.ROOT))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
