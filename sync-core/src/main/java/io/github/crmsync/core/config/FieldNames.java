package io.github.crmsync.core.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks the names of fields that transforms look at. A filter on a field that no record has would exclude everybody.
 *
 * <p>A connector cannot see all fields of its records: a sink's source may select fields that nothing else names. So a filter that
 * uses a field which is neither mapped nor usual has to ask for it with {@code has(record.x)} somewhere; that says that records
 * may lack it, and is what makes the expression right for those that do.
 */
final class FieldNames {
    private FieldNames() {}

    /**
     * Checks the transforms in their order.
     *
     * @param fields names that records have, as far as they are known, before the first transform
     * @param app app that records are mapped to
     */
    static void check(TransformChain chain, Set<String> fields, String app, Findings findings) {
        Set<String> known = fields;
        for (TransformChain.Step step : chain.steps()) {
            if (!step.ours()) {
                // It may rename, add or remove fields.
                return;
            }
            switch (step.type()) {
                case TransformChain.SYNC_FILTER -> filter(step, known, findings);
                case TransformChain.EMAIL_DEDUP -> {
                    String field = step.text("email.field", "");
                    if (!field.isEmpty() && Names.slip(field, known).isPresent()) {
                        findings.error(step.fullName("email.field"), unknown(field, known));
                    }
                }
                case TransformChain.LIFECYCLE_STAGE -> stage(step, known, findings);
                case TransformChain.FIELD_MAPPING -> {
                    if (!step.settings().containsKey("predicate")) {
                        known = mapped(step, app);
                    }
                }
                default -> {
                    // Looks at no field.
                }
            }
        }
    }

    private static Set<String> mapped(TransformChain.Step step, String app) {
        Set<String> names = new TreeSet<>();
        String source = app.equals("hubspot") ? "dynamics" : "hubspot";
        for (MappingItem item : step.mapping()) {
            if (item.flowsFrom(source)) {
                names.add(item.nameIn(app));
            }
        }
        return names;
    }

    private static void filter(TransformChain.Step step, Set<String> known, Findings findings) {
        FilterFields fields = FilterFields.of(step.text("filter.expression", ""));
        for (String field : fields.used()) {
            if (!known.contains(field) && !fields.asked().contains(field)) {
                findings.error(
                        step.fullName("filter.expression"),
                        unknown(field, known) + " If its source selects a field of that name, ask for it in the"
                                + " expression: has(record." + field + ") && ...");
            }
        }
    }

    private static void stage(TransformChain.Step step, Set<String> known, Findings findings) {
        List<StageRules.Rule> rules;
        try {
            rules = StageRules.rules(step.list("stage.rules", List.of()));
        } catch (IllegalArgumentException e) {
            return;
        }
        for (StageRules.Rule rule : rules) {
            if (Names.slip(rule.column(), known).isPresent()) {
                findings.error(step.fullName("stage.rules"), unknown(rule.column(), known));
            }
        }
    }

    private static String unknown(String field, Set<String> known) {
        String hint = Names.hint(field, known);
        return "No record is known to have a field '" + field + "'" + (hint.isEmpty() ? "." : hint);
    }
}
