package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.record.Blanks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Active accounts by name, for companies that the source knows by name only. Names are compared without regard to case, as
 * the service compares them. Accounts are only looked for, never created.
 */
final class Accounts {
    private static final int INACTIVE = 1;

    private final Map<String, List<String>> idsByName = new HashMap<>();
    /** Why the service did not look for them; null if it did. */
    private String refusal;

    /** Asks for all accounts with one of the names. */
    static Accounts named(DataverseApi api, Collection<?> names) {
        Accounts accounts = new Accounts();
        Set<String> asked = new TreeSet<>();
        for (Object name : names) {
            String text = key(name);
            if (!text.isEmpty()) {
                asked.add(text);
                // Where the value is read as a pattern, only the escaped form finds a name with a bracket.
                asked.add(OData.escapeLike(text));
            }
        }
        if (!asked.isEmpty()) {
            accounts.ask(new RowQueries(api, "accounts", "accountid"), asked);
        }
        return accounts;
    }

    /** A refusal concerns the company's column only: the rows themselves can be written all the same. */
    private void ask(RowQueries accounts, Set<String> names) {
        try {
            accounts.select("accountid,name,statecode", OData.in("name", names, RowQueries.VALUES_PER_FILTER))
                    .forEach(this::add);
        } catch (DataverseException | SettingException e) {
            refusal = e.getMessage();
        }
    }

    private void add(JsonNode account) {
        if (account.path("statecode").asInt() != INACTIVE) {
            idsByName
                    .computeIfAbsent(key(account.path("name").asText()), name -> new ArrayList<>())
                    .add(Ids.plain(account.path("accountid").asText()));
        }
    }

    /** Why the name leads to no account; null if it leads to exactly one, or is empty. */
    String problem(Object name) {
        if (key(name).isEmpty()) {
            return null;
        }
        if (refusal != null) {
            return "accounts cannot be looked for: " + refusal;
        }
        return switch (found(name).size()) {
            case 1 -> null;
            case 0 -> "no active account has this name";
            default -> found(name).size() + " active accounts have this name";
        };
    }

    /** Id of the account; null for an empty name. */
    String id(Object name) {
        return found(name).isEmpty() ? null : found(name).get(0);
    }

    private List<String> found(Object name) {
        return idsByName.getOrDefault(key(name), List.of());
    }

    private static String key(Object name) {
        return Blanks.strip(name).toLowerCase(Locale.ROOT);
    }
}
