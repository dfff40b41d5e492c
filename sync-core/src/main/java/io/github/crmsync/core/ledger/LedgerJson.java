package io.github.crmsync.core.ledger;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * Entries and notes as the ledger's topic has them. In a rolling upgrade an older task reads what a newer one has written:
 * properties that it does not know are left out, and for an unknown state or kind of intent the entry is
 * {@link LedgerEntry#isUnreadable unreadable}.
 */
final class LedgerJson {
    private static final ObjectMapper JSON = new ObjectMapper()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE);

    private LedgerJson() {}

    static LedgerEntry entry(byte[] value) throws IOException {
        return JSON.readValue(value, LedgerEntry.class);
    }

    static Note note(byte[] value) throws IOException {
        return JSON.readValue(value, Note.class);
    }

    /** @throws IllegalStateException for an entry that could not be read: it is the newer task's to write */
    static byte[] bytes(Object value) throws IOException {
        if (value instanceof LedgerEntry entry && entry.isUnreadable()) {
            throw new IllegalStateException("An entry of a newer version must not be replaced: " + entry.key());
        }
        return JSON.writeValueAsBytes(value);
    }
}
