package io.github.crmsync.core.sink;

import static io.github.crmsync.core.record.Fingerprints.EMPTY;

import io.github.crmsync.core.merge.FieldDecision.Sides;
import io.github.crmsync.core.merge.FieldDecision.Winner;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.MergePolicy.Restrictive;
import io.github.crmsync.core.record.MergePolicy.Rule;

/** The policy's rules for the fields of one pair, seen from the sink of one direction. */
final class ConflictRules {
    private final Image image;
    private final MergePolicy policy;
    private final TargetRecord target;
    private final TargetClient client;

    ConflictRules(Image image, TargetRecord target, TargetClient client) {
        this.image = image;
        this.policy = image.policy();
        this.target = target;
        this.client = client;
    }

    Winner winner(MappedField field, Sides sides) {
        String name = field.canonical(image.sourceApp());
        boolean twoWay = twoWay(field);
        boolean sourcePreferred = policy.preferred(name).equals(image.sourceApp());
        boolean bothFilled = sides.converted() != EMPTY && sides.target() != EMPTY;
        switch (policy.rule(name)) {
            case NEVER:
                return Winner.NOBODY;
            case HUBSPOT_ALWAYS, DYNAMICS_ALWAYS:
                if (!sourcePreferred) {
                    return Winner.TARGET_ALWAYS;
                }
                return twoWay || sides.converted() != EMPTY ? Winner.SOURCE_ALWAYS : Winner.SOURCE_ONLY;
            case HOLD:
                if (bothFilled) {
                    return Winner.PERSON;
                }
                break;
            case RESTRICTIVE:
                long restrictive = restrictive(field, name);
                if (sides.target() == restrictive) {
                    return twoWay ? Winner.TARGET : Winner.TARGET_KEEPS;
                }
                if (sides.converted() == restrictive) {
                    return twoWay ? Winner.SOURCE : Winner.SOURCE_ONLY;
                }
                break;
            case NEWEST:
                // Both sinks compare the same two times, so they agree on who was last. Neither app tells a field's own
                // time cheaply.
                if (twoWay && image.modified() != target.modified()) {
                    return image.modified() > target.modified() ? Winner.SOURCE : Winner.TARGET;
                }
                break;
            default:
                break;
        }
        if (!twoWay) {
            return Winner.SOURCE_ONLY;
        }
        return sourcePreferred ? Winner.SOURCE : Winner.TARGET;
    }

    /** Whether a value that slips into the target while the source's is being written stands, as in any other conflict. */
    boolean yields(MappedField field, Sides sides) {
        String name = field.canonical(image.sourceApp());
        Rule rule = policy.rule(name);
        if (!twoWay(field) || rule == Rule.NEVER) {
            return false;
        }
        return switch (rule) {
            case NEWEST, HOLD -> true;
            case RESTRICTIVE -> sides.converted() != restrictive(field, name);
            default -> !policy.preferred(name).equals(image.sourceApp());
        };
    }

    /** What does not flow back is decided as in a one-way sync: nobody would carry the target's value. */
    private boolean twoWay(MappedField field) {
        return policy.twoWay() && !field.oneWay();
    }

    private long restrictive(MappedField field, String name) {
        Restrictive value = policy.restrictive().get(name);
        return value == null ? EMPTY : client.fingerprint(field.target(), value.in(client.app()));
    }
}
