package io.github.crmsync.core.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a sink has noted in the ledger about the sync itself rather than about a record, for the other sink and for people to
 * read: whom it connects, and how. The last note of a key counts.
 *
 * @param owner sink that wrote it, named after the app that it writes to
 * @param sourceId name, which begins with {@link #PREFIX} and so is never a record's id
 * @param note what it says, in plain words; empty removes an earlier note
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Note(String owner, String sourceId, Map<String, String> note) {
    /** Begins the name of every note. */
    public static final String PREFIX = "sync/";

    public Note {
        note = note == null ? Map.of() : new TreeMap<>(note);
    }

    /** A note that removes the one of this name. */
    public static Note none(String owner, String name) {
        return new Note(owner, name, Map.of());
    }

    static boolean isName(String sourceId) {
        return sourceId.startsWith(PREFIX);
    }
}
