package io.github.crmsync.transforms;

import com.sanctionco.jmail.Email;
import com.sanctionco.jmail.EmailValidator;
import com.sanctionco.jmail.JMail;
import io.github.crmsync.core.record.Emails;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Headers;

/** States the e-mail address that the sink matches unlinked records on, and what happens to records without one. */
public class EmailDedup<R extends ConnectRecord<R>> extends SyncTransform<R> {
    public static final String FIELD = "email.field";
    public static final String ON_INVALID = "on.invalid";
    public static final String REPEAT_CACHE_SIZE = "repeat.cache.size";

    /** Header with the id of the first record that had this e-mail address. */
    public static final String REPEAT = "crmsync.repeat";

    /** Reason of records without a valid e-mail address. */
    public static final String NO_EMAIL = "no-email";

    private static final String HUBSPOT_FIELD = "email";
    private static final String DYNAMICS_FIELD = "emailaddress1";
    private static final String GROUP = "E-mail";
    private static final EmailValidator VALIDATOR = JMail.validator()
            .disallowIpDomain()
            .requireTopLevelDomain()
            .disallowExplicitSourceRouting()
            .disallowQuotedIdentifiers()
            .disallowObsoleteWhitespace();

    public static final ConfigDef CONFIG = new ConfigDef()
            .define(
                    ON_INVALID,
                    ConfigDef.Type.STRING,
                    "exclude",
                    Settings.oneOf("exclude", "pass", "fail"),
                    ConfigDef.Importance.HIGH,
                    "Records without a valid e-mail address: exclude takes those that are not linked yet out of the"
                            + " sync, pass creates them in the target without matching (HubSpot's sink then needs its"
                            + " link.property), fail sends them to the dead letter queue.",
                    GROUP,
                    1,
                    ConfigDef.Width.SHORT,
                    "Without a valid e-mail")
            .define(
                    FIELD,
                    ConfigDef.Type.STRING,
                    "",
                    Settings.nameOrEmpty(),
                    ConfigDef.Importance.MEDIUM,
                    "Field with the e-mail address; empty: email for HubSpot's records and emailaddress1 for Dynamics',"
                            + " whichever the record has.",
                    GROUP,
                    2,
                    ConfigDef.Width.MEDIUM,
                    "E-mail field")
            .define(
                    REPEAT_CACHE_SIZE,
                    ConfigDef.Type.INT,
                    0,
                    ConfigDef.Range.between(0, 10_000_000),
                    ConfigDef.Importance.LOW,
                    "Number of e-mail addresses that a task remembers, so as to mark repeats under another id with the"
                            + " header crmsync.repeat; 0 marks none.",
                    GROUP,
                    3,
                    ConfigDef.Width.SHORT,
                    "Remembered addresses");

    private String field;
    private String onInvalid;
    private Repeats repeats;

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    @Override
    public void configure(Map<String, ?> settings) {
        AbstractConfig config = new AbstractConfig(CONFIG, settings, false);
        field = config.getString(FIELD).strip();
        onInvalid = config.getString(ON_INVALID);
        int size = config.getInt(REPEAT_CACHE_SIZE);
        repeats = size == 0 ? null : new Repeats(size);
    }

    @Override
    R transform(R message, Headers headers) {
        String id = SyncHeaders.get(headers, SyncHeaders.ID).orElse(RecordValue.text(message.key()));
        if (message.value() == null) {
            if (repeats != null && id != null) {
                repeats.forget(id);
            }
            return message;
        }
        Optional<String> email = normalize(address(message.value(), headers));
        if (email.isEmpty() && onInvalid.equals("fail")) {
            throw new DataException("Record " + id + " has no valid e-mail address");
        }
        SyncHeaders.set(headers, SyncHeaders.EMAIL, email.orElse(null));
        if (email.isEmpty() && onInvalid.equals("exclude")) {
            exclude(headers, NO_EMAIL);
        }
        SyncHeaders.set(
                headers, SyncHeaders.WITHOUT_EMAIL, email.isEmpty() && onInvalid.equals("pass") ? "create" : null);
        if (repeats != null && id != null) {
            SyncHeaders.set(headers, REPEAT, repeats.firstOther(id, email.orElse(null)));
        }
        return with(message, headers);
    }

    private Object address(Object value, Headers headers) {
        if (!field.isEmpty()) {
            return RecordValue.get(value, field);
        }
        boolean dynamics = SyncHeaders.get(headers, SyncHeaders.APP)
                .map("dynamics"::equals)
                .orElseGet(() -> !RecordValue.has(value, HUBSPOT_FIELD));
        String own = dynamics ? DYNAMICS_FIELD : HUBSPOT_FIELD;
        String other = dynamics ? HUBSPOT_FIELD : DYNAMICS_FIELD;
        return RecordValue.get(value, RecordValue.has(value, own) ? own : other);
    }

    /** The address in lower case, without blanks and comments, its domain in ASCII; empty if it is not valid. */
    public static Optional<String> normalize(Object address) {
        return Optional.ofNullable(Emails.canonical(address))
                .flatMap(VALIDATOR::tryParse)
                .map(EmailDedup::withoutComments);
    }

    private static String withoutComments(Email email) {
        return Emails.canonical(email.localPartWithoutComments() + "@" + email.domainWithoutComments());
    }

    /** Which id was the first with an address; the addresses used least recently are forgotten. */
    private static final class Repeats {
        private final Map<String, String> addressById = new HashMap<>();
        private final LinkedHashMap<String, String> idByAddress = new LinkedHashMap<>(16, 0.75f, true);
        private final int size;

        Repeats(int size) {
            this.size = size;
        }

        /** Id of another record that had the address first, or null. */
        String firstOther(String id, String address) {
            String earlier = addressById.get(id);
            if (earlier != null && !earlier.equals(address)) {
                forget(id);
            }
            if (address == null) {
                return null;
            }
            String first = idByAddress.putIfAbsent(address, id);
            if (first == null) {
                addressById.put(id, address);
                if (idByAddress.size() > size) {
                    var eldest = idByAddress.entrySet().iterator().next();
                    forget(eldest.getValue());
                }
                return null;
            }
            return first.equals(id) ? null : first;
        }

        void forget(String id) {
            String address = addressById.remove(id);
            if (address != null) {
                idByAddress.remove(address);
            }
        }
    }
}
