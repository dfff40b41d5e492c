package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Agreement;
import io.github.crmsync.core.ledger.Intent.Change;
import io.github.crmsync.core.merge.Cause;
import io.github.crmsync.core.merge.FieldDecision;
import io.github.crmsync.core.merge.FieldDecision.Base;
import io.github.crmsync.core.merge.FieldDecision.Sides;
import io.github.crmsync.core.merge.FieldDecision.Verdict;
import io.github.crmsync.core.record.Emails;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The decisions for all fields of one pair.
 *
 * @param writes values by target field name
 * @param changes what is written and what is only agreed, by canonical name
 * @param won canonical names that the target won: the image has to wait
 * @param held canonical names of held clears, and of conflicts that a person settles
 * @param conflicts fields that both sides had changed, by canonical name, with the app whose value wins
 * @param decided the grounds, for every field that is not as agreed
 * @param differs whether a difference stands without an agreement once this plan is carried out
 * @param unsettled whether the image differs from what was agreed before this plan
 */
record FieldPlan(
        Map<String, Object> writes,
        Map<String, Change> changes,
        Set<String> won,
        Set<String> held,
        Map<String, String> conflicts,
        List<Decided> decided,
        boolean differs,
        boolean unsettled) {
    /** In place of a conflict's winner: a person decides. */
    static final String PERSON = "person";

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
        ConflictRules rules = new ConflictRules(image, target, client);
        Map<String, Object> writes = new LinkedHashMap<>();
        Map<String, Change> changes = new LinkedHashMap<>();
        Set<String> won = new LinkedHashSet<>();
        Set<String> held = new LinkedHashSet<>();
        Map<String, String> conflicts = new LinkedHashMap<>();
        List<Decided> decided = new ArrayList<>();
        boolean differs = false;
        boolean unsettled = false;
        for (MappedField field : image.mapping()) {
            String name = field.canonical(image.sourceApp());
            Object value = image.values().get(field.target());
            Object current = target.values().get(field.target());
            Base agreed = base(base.get(name), fromHubspot);
            Sides sides = sides(image, field, value, current, client);
            if (agreed == null && bothAddressesOf(target, value, current)) {
                sides = new Sides(sides.source(), sides.converted(), sides.target(), true);
            }
            Verdict verdict = FieldDecision.of(
                    agreed,
                    sides,
                    rules.winner(field, sides),
                    image.policy().propagateClears().contains(name));
            if (!agrees(verdict.decision()) && skip.contains(field.target())) {
                verdict = new Verdict(FieldDecision.LEAVE, Cause.LEFT_OUT);
            }
            boolean offBase = agreed == null || agreed.source() != sides.source();
            unsettled |= offBase;
            differs |= offBase && !agrees(verdict.decision()) && verdict.decision() != FieldDecision.WRITE;
            if (verdict.cause() != Cause.AS_AGREED) {
                Decided grounds = new Decided(name, verdict.decision(), verdict.cause(), agreed, sides, value, current);
                decided.add(grounds);
                if (grounds.conflict()) {
                    conflicts.put(name, winner(verdict.decision(), image, client));
                }
            }
            switch (verdict.decision()) {
                case AGREE -> changes.put(name, new Change(sides.source(), sides.target(), sides.target()));
                case HOLD -> {
                    changes.put(name, new Change(sides.source(), sides.target(), sides.target()));
                    held.add(name);
                }
                case WRITE -> {
                    writes.put(field.target(), value);
                    changes.put(
                            name,
                            new Change(sides.source(), sides.converted(), sides.target(), rules.yields(field, sides)));
                }
                case TARGET_WINS -> won.add(name);
                case HELD_CLEAR -> held.add(name);
                case LEAVE, NOTHING -> {}
            }
        }
        if (image.stage() != null
                && image.stage().promotes(target.values().get(image.stage().field()))) {
            String stage = image.stage().field();
            Object current = target.values().get(stage);
            writes.put(stage, image.stage().value());
            long wanted = client.fingerprint(stage, image.stage().value());
            decided.add(new Decided(
                    stage,
                    FieldDecision.WRITE,
                    Cause.STAGE,
                    null,
                    new Sides(wanted, wanted, client.fingerprint(stage, current)),
                    image.stage().value(),
                    current));
        }
        return new FieldPlan(writes, changes, won, held, conflicts, decided, differs, unsettled);
    }

    /** The two sides of a field: equal for the target's app, or the same value in another spelling. */
    private static Sides sides(Image image, MappedField field, Object value, Object current, TargetClient client) {
        long converted = client.fingerprint(field.target(), value);
        long now = client.fingerprint(field.target(), current);
        boolean same = converted == now
                || converted != 0 && now != 0 && field.meaning().same(value, current);
        return new Sides(image.fingerprint(field), converted, now, same);
    }

    /** A record that was found by a secondary address keeps its primary one: both lead to it. */
    private static boolean bothAddressesOf(TargetRecord target, Object value, Object current) {
        String wanted = Emails.canonical(value);
        String kept = Emails.canonical(current);
        return wanted != null
                && kept != null
                && target.emails().contains(wanted)
                && target.emails().contains(kept);
    }

    private static boolean agrees(FieldDecision decision) {
        return decision == FieldDecision.AGREE || decision == FieldDecision.HOLD;
    }

    private static String winner(FieldDecision decision, Image image, TargetClient client) {
        return switch (decision) {
            case WRITE -> image.sourceApp();
            case HOLD -> PERSON;
            default -> client.app();
        };
    }

    private static Base base(Agreement agreement, boolean fromHubspot) {
        if (agreement == null) {
            return null;
        }
        return fromHubspot
                ? new Base(agreement.hubspot(), agreement.dynamics())
                : new Base(agreement.dynamics(), agreement.hubspot());
    }
}
