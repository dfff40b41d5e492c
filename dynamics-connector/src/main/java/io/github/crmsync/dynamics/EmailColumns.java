package io.github.crmsync.dynamics;

import io.github.crmsync.core.config.Names;
import io.github.crmsync.core.sink.TargetRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Columns by whose addresses a row is matched. The address of the primary one is the row's own. */
final class EmailColumns {
    static final String PRIMARY = "emailaddress1";

    private EmailColumns() {}

    /** The primary column and the secondary ones. */
    static List<String> all(List<String> secondary) {
        List<String> all = new ArrayList<>(List.of(PRIMARY));
        secondary.stream().filter(column -> !all.contains(column)).forEach(all::add);
        return all;
    }

    /**
     * Checks that the secondary columns hold addresses that can be read.
     *
     * @throws SettingException if one does not
     */
    static void check(List<String> secondary, Table table, TableMetadata metadata, ColumnTypes types) {
        for (String column : secondary) {
            String problem = null;
            if (!types.unknown(List.of(column)).isEmpty()) {
                problem = "there is no such column" + Names.hint(column, types.names());
            } else if (!types.isText(column)) {
                problem = "it is no column for a single line of text";
            } else if (!metadata.masked(List.of(column)).isEmpty()) {
                problem = "its values are masked";
            }
            if (problem != null) {
                throw new SettingException(
                        DynamicsSinkConfig.EMAIL_COLUMNS,
                        "Column " + column + " of table " + table.logicalName()
                                + " holds no e-mail addresses to match: " + problem);
            }
        }
    }

    /**
     * The rows without the secondary addresses that are another row's own: then that one is meant.
     *
     * @param own primary addresses by row id
     */
    static List<TargetRecord> ownFirst(List<TargetRecord> found, Map<String, String> own) {
        return found.stream()
                .map(record -> without(record, own.get(record.id()), own.values()))
                .toList();
    }

    private static TargetRecord without(TargetRecord record, String primary, Collection<String> own) {
        Set<String> emails = new HashSet<>(record.emails());
        emails.removeIf(email -> own.contains(email) && !email.equals(primary));
        return emails.size() == record.emails().size()
                ? record
                : new TargetRecord(
                        record.id(),
                        record.version(),
                        record.etag(),
                        record.created(),
                        record.modified(),
                        record.values(),
                        emails,
                        record.linkKey(),
                        record.standsBack());
    }
}
