package io.github.crmsync.sandbox.hubspot;

import java.util.List;
import java.util.Set;

/**
 * Rules that an administrator of the portal set; only the API from version 2026-09 on holds writers to them.
 *
 * @param requiredOnCreate properties that the form for new contacts requires
 * @param conditional properties that a value of another property requires
 */
public record PortalRules(Set<String> requiredOnCreate, List<Conditional> conditional) {
    static final PortalRules NONE = new PortalRules(Set.of(), List.of());
    private static final String FIRST_ENFORCING = "2026-09";

    /** {@code required} must have a value while {@code property} has {@code value}. */
    public record Conditional(String property, String value, String required) {
        /** Reads {@code property=value:required}. */
        static Conditional of(String text) {
            String[] parts = text.split("[=:]", 3);
            if (parts.length != 3) {
                throw new IllegalArgumentException("expected property=value:required instead of " + text);
            }
            return new Conditional(parts[0], parts[1], parts[2]);
        }
    }

    public PortalRules {
        requiredOnCreate = Set.copyOf(requiredOnCreate);
        conditional = List.copyOf(conditional);
    }

    /** Whether a version of the API, as it stands in paths, enforces such rules. */
    static boolean enforcedBy(String version) {
        return version.matches("\\d{4}-\\d{2}") && version.compareTo(FIRST_ENFORCING) >= 0;
    }
}
