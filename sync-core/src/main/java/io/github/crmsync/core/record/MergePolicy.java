package io.github.crmsync.core.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Conflict rules that the ConflictMerge transform states and the sink carries out.
 *
 * @param defaultApp app that wins where both sides changed a field
 * @param twoWay false: the source's filled values always flow
 * @param rules exceptions by canonical field name, see {@link MappedField#canonical}
 * @param propagateClears canonical names of fields whose deliberate clear is carried over
 * @param restrictive of each field with the rule {@link Rule#RESTRICTIVE}: the value that wins
 */
public record MergePolicy(
        String defaultApp,
        boolean twoWay,
        Map<String, Rule> rules,
        Set<String> propagateClears,
        Map<String, Restrictive> restrictive) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What decides a conflict on one field. */
    public enum Rule {
        /** The default app. */
        DEFAULT,
        /** HubSpot, whatever the default app. */
        HUBSPOT,
        /** Dynamics, whatever the default app. */
        DYNAMICS,
        /** HubSpot, conflict or not: its filled value replaces what was entered in Dynamics. */
        HUBSPOT_ALWAYS,
        /** Dynamics, conflict or not: its filled value replaces what was entered in HubSpot. */
        DYNAMICS_ALWAYS,
        /** The side whose record was modified last, in whatever field; the default app if both at one time. */
        NEWEST,
        /** A person: neither side is written until somebody edits one of them. */
        HOLD,
        /** The side that has the more restrictive value, as for consent; the default app if neither has. */
        RESTRICTIVE,
        /** The field is filled on creation and never written again. */
        NEVER;

        /** Name in the settings. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The more restrictive value of a field, as each app has it. */
    public record Restrictive(String hubspot, String dynamics) {
        public String in(String app) {
            return app.equals("hubspot") ? hubspot : dynamics;
        }
    }

    public MergePolicy {
        // Records of earlier versions do not have it.
        restrictive = restrictive == null ? Map.of() : restrictive;
    }

    public MergePolicy(String defaultApp, boolean twoWay, Map<String, Rule> rules, Set<String> propagateClears) {
        this(defaultApp, twoWay, rules, propagateClears, Map.of());
    }

    /** Policy of a sink without a ConflictMerge transform: one way. */
    public static MergePolicy oneWay(String sourceApp) {
        return new MergePolicy(sourceApp, false, Map.of(), Set.of());
    }

    public Rule rule(String canonicalField) {
        return rules.getOrDefault(canonicalField, Rule.DEFAULT);
    }

    /** The app that a field's rule prefers; the default app if the rule names none. */
    public String preferred(String canonicalField) {
        return switch (rule(canonicalField)) {
            case HUBSPOT, HUBSPOT_ALWAYS -> "hubspot";
            case DYNAMICS, DYNAMICS_ALWAYS -> "dynamics";
            default -> defaultApp;
        };
    }

    /** Whether edits in the other app may have to be overwritten although this one's record is as it was. */
    public boolean overwritesFrom(String sourceApp) {
        return rules.containsValue(sourceApp.equals("hubspot") ? Rule.HUBSPOT_ALWAYS : Rule.DYNAMICS_ALWAYS);
    }

    public static MergePolicy parse(String text) {
        try {
            return JSON.readValue(text, MergePolicy.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a merge policy: " + e.getOriginalMessage(), e);
        }
    }

    public String format() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
