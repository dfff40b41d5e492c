package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Agreement;
import io.github.crmsync.core.ledger.Intent.Change;
import io.github.crmsync.core.merge.FieldDecision;
import io.github.crmsync.core.merge.FieldDecision.Base;
import io.github.crmsync.core.merge.FieldDecision.Winner;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.MergePolicy;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The decisions for all fields of one pair.
 *
 * @param writes values by target field name
 * @param changes what is written and what is only agreed, by canonical name
 * @param won canonical names that the target won: the image has to wait
 * @param held canonical names of held clears
 * @param conflicts fields that both sides had changed, by canonical name, with the app whose value wins
 * @param differs whether a difference stands without an agreement once this plan is carried out
 * @param unsettled whether the image differs from what was agreed before this plan
 */
record FieldPlan(
        Map<String, Object> writes,
        Map<String, Change> changes,
        Set<String> won,
        Set<String> held,
        Map<String, String> conflicts,
        boolean differs,
        boolean unsettled) {

    boolean isEmpty() {
        return writes.isEmpty() && changes.isEmpty();
    }

    /**
     * Decides every mapped field.
     *
     * @param skip target fields that the app refused for this record
     */
    static FieldPlan of(
            Image image, TargetRecord target, Map<String, Agreement> base, TargetClient client, Set<String> skip) {
        boolean fromHubspot = image.sourceApp().equals("hubspot");
        Map<String, Object> writes = new LinkedHashMap<>();
        Map<String, Change> changes = new LinkedHashMap<>();
        Set<String> won = new LinkedHashSet<>();
        Set<String> held = new LinkedHashSet<>();
        Map<String, String> conflicts = new LinkedHashMap<>();
        boolean differs = false;
        boolean unsettled = false;
        for (MappedField field : image.mapping()) {
            String name = field.canonical(image.sourceApp());
            Object value = image.values().get(field.target());
            long source = image.fingerprint(field);
            long converted = client.fingerprint(field.target(), value);
            long now = client.fingerprint(field.target(), target.values().get(field.target()));
            Base agreed = base(base.get(name), fromHubspot);
            FieldDecision decision = FieldDecision.of(
                    agreed,
                    source,
                    converted,
                    now,
                    winner(image, target, name),
                    image.policy().propagateClears().contains(name));
            if (decision != FieldDecision.AGREE && skip.contains(field.target())) {
                decision = FieldDecision.LEAVE;
            }
            boolean offBase = agreed == null || agreed.source() != source;
            unsettled |= offBase;
            switch (decision) {
                case AGREE -> changes.put(name, new Change(source, now, now));
                case WRITE -> {
                    writes.put(field.target(), value);
                    changes.put(name, new Change(source, converted, now, yields(image, name)));
                    boolean both = agreed == null ? now != 0 : offBase && agreed.target() != now;
                    if (both) {
                        conflicts.put(name, image.sourceApp());
                    }
                }
                case TARGET_WINS -> {
                    won.add(name);
                    if (agreed != null || source != 0) {
                        conflicts.put(name, client.app());
                    }
                    differs |= offBase;
                }
                case HELD_CLEAR -> {
                    held.add(name);
                    differs |= offBase;
                }
                case LEAVE, NOTHING -> differs |= offBase;
            }
        }
        if (image.stage() != null
                && image.stage().promotes(target.values().get(image.stage().field()))) {
            writes.put(image.stage().field(), image.stage().value());
        }
        return new FieldPlan(writes, changes, won, held, conflicts, differs, unsettled);
    }

    private static Base base(Agreement agreement, boolean fromHubspot) {
        if (agreement == null) {
            return null;
        }
        return fromHubspot
                ? new Base(agreement.hubspot(), agreement.dynamics())
                : new Base(agreement.dynamics(), agreement.hubspot());
    }

    /** Whether a value that slips into the target while the source's is being written stands, as in any other conflict. */
    private static boolean yields(Image image, String name) {
        MergePolicy policy = image.policy();
        MergePolicy.Rule rule = policy.rule(name);
        return policy.twoWay()
                && rule != MergePolicy.Rule.NEVER
                && (rule == MergePolicy.Rule.NEWEST
                        || !preferredApp(policy, rule).equals(image.sourceApp()));
    }

    private static Winner winner(Image image, TargetRecord target, String name) {
        MergePolicy policy = image.policy();
        MergePolicy.Rule rule = policy.rule(name);
        if (rule == MergePolicy.Rule.NEVER) {
            return Winner.NOBODY;
        }
        if (!policy.twoWay()) {
            return Winner.SOURCE_ONLY;
        }
        // Both sinks compare the same two times, so they agree on who was last. Neither app tells a field's own time
        // cheaply.
        if (rule == MergePolicy.Rule.NEWEST && image.modified() != target.modified()) {
            return image.modified() > target.modified() ? Winner.SOURCE : Winner.TARGET;
        }
        return preferredApp(policy, rule).equals(image.sourceApp()) ? Winner.SOURCE : Winner.TARGET;
    }

    private static String preferredApp(MergePolicy policy, MergePolicy.Rule rule) {
        return switch (rule) {
            case HUBSPOT -> "hubspot";
            case DYNAMICS -> "dynamics";
            default -> policy.defaultApp();
        };
    }
}
