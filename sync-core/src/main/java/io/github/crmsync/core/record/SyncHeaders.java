package io.github.crmsync.core.record;

import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;

/**
 * Names of all record headers, and the only way to write and read them.
 *
 * <p>Every header is a STRING that starts with {@code =}: a worker's default header converter would otherwise turn
 * {@code 00123} into a number and an ISO time into a timestamp.
 */
public final class SyncHeaders {
    private static final String MARK = "=";

    /** App that the record comes from: {@code hubspot} or {@code dynamics}. Set by sources. */
    public static final String APP = "crmsync.app";
    /** Object type in that app: {@code contacts}, {@code contact}, {@code lead}. Set by sources. */
    public static final String OBJECT = "crmsync.object";
    /** Account that the record was read from: HubSpot's portal id, or the id of the Dynamics organization. Set by sources. */
    public static final String ACCOUNT = "crmsync.account";
    /** Record id in that app. Set by sources. */
    public static final String ID = "crmsync.id";
    /** Version that only grows: HubSpot {@code updatedAt} in ms, Dynamics {@code versionnumber}. Set by sources. */
    public static final String VERSION = "crmsync.version";
    /** Modification time in ms since the epoch. Set by sources. */
    public static final String MODIFIED = "crmsync.modified";
    /** Why the record was sent, an {@link Origin} in lower case. Set by sources. */
    public static final String ORIGIN = "crmsync.origin";
    /** Fingerprints of the app's native values, see {@link Fingerprints#pack}. Set by sources. */
    public static final String FINGERPRINTS = "crmsync.fingerprints";
    /** Id of the other app's record that this record carries in its link property, if any. Set by sources. */
    public static final String LINK_KEY = "crmsync.linkkey";

    /**
     * On a tombstone: id of the record, of the same app, that took this one's place, as the winner of a merge or the contact
     * of a qualified lead. Set by sources.
     */
    public static final String MOVED_TO = "crmsync.movedto";

    /** Number of the topic's partitions, on the marks at the end of a snapshot. Set by sources. */
    public static final String PARTITIONS = "crmsync.partitions";

    /** Reason why the record takes no part in the sync. Directive. */
    public static final String EXCLUDED = "crmsync.excluded";

    /** Value of {@link #EXCLUDED}: another record with this address is to be linked before this one. A link goes on. */
    public static final String STANDS_BACK = "stands-back";
    /** Normalised e-mail address that unlinked records are matched on. Directive. */
    public static final String EMAIL = "crmsync.email";
    /** {@code create}: a record without a valid e-mail address is created without being matched. Directive. */
    public static final String WITHOUT_EMAIL = "crmsync.withoutemail";
    /** Target fields to set on creation only, as a JSON object. Directive. */
    public static final String ON_CREATE = "crmsync.oncreate";
    /** Forward-only target fields, as a JSON object: see {@link StageDirective}. Directive. */
    public static final String ON_UPDATE = "crmsync.onupdate";
    /** Source and target names of the mapped fields, see {@link MappedField#parse}. Directive. */
    public static final String MAPPING = "crmsync.mapping";
    /** Mapped fields that are left out because their values cannot be converted, see {@link RefusedField#parse}. Directive. */
    public static final String REFUSED = "crmsync.refused";
    /** Conflict rules, see {@link MergePolicy#parse}. Directive. */
    public static final String MERGE = "crmsync.merge";

    private SyncHeaders() {}

    /** Sets a header, replacing an earlier one of that name; null removes it. */
    public static void set(Headers headers, String name, String value) {
        headers.remove(name);
        if (value != null) {
            headers.add(name, MARK + value, Schema.STRING_SCHEMA);
        }
    }

    /** Value of the header, without its mark. */
    public static Optional<String> get(Headers headers, String name) {
        Header header = headers.lastWithName(name);
        if (header == null || header.value() == null) {
            return Optional.empty();
        }
        String text = header.value().toString();
        return Optional.of(text.startsWith(MARK) ? text.substring(MARK.length()) : text);
    }
}
