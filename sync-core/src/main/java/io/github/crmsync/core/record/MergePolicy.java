package io.github.crmsync.core.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/**
 * Conflict rules that the ConflictMerge transform states and the sink carries out.
 *
 * @param defaultApp app that wins where both sides changed a field
 * @param twoWay false: the source's filled values always flow
 * @param rules exceptions by canonical field name, see {@link MappedField#canonical}
 * @param propagateClears canonical names of fields whose deliberate clear is carried over
 */
public record MergePolicy(
        String defaultApp, boolean twoWay, Map<String, Rule> rules, java.util.Set<String> propagateClears) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What decides a conflict on one field. */
    public enum Rule {
        /** The default app. */
        DEFAULT,
        /** HubSpot, whatever the default app. */
        HUBSPOT,
        /** Dynamics, whatever the default app. */
        DYNAMICS,
        /** The side whose record was modified last, in whatever field; the default app if both at one time. */
        NEWEST,
        /** The field is filled on creation and never written again. */
        NEVER
    }

    /** Policy of a sink without a ConflictMerge transform: one way. */
    public static MergePolicy oneWay(String sourceApp) {
        return new MergePolicy(sourceApp, false, Map.of(), java.util.Set.of());
    }

    public Rule rule(String canonicalField) {
        return rules.getOrDefault(canonicalField, Rule.DEFAULT);
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
