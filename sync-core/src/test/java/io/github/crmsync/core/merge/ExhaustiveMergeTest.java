package io.github.crmsync.core.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.merge.FieldDecision.Base;
import io.github.crmsync.core.merge.FieldDecision.Winner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One pair, two fields, and every combination of values, agreements, conflict rules and arrival orders: both sinks take turns
 * until nothing changes any more.
 */
class ExhaustiveMergeTest {
    private static final long EMPTY = 0;
    private static final long[] VALUES = {EMPTY, 1, 2, 3};

    /** Which app wins conflicts; with NOBODY the field is never written again. */
    private enum Policy {
        HUBSPOT,
        DYNAMICS,
        NOBODY;

        Winner forSinkOf(String target) {
            if (this == NOBODY) {
                return Winner.NOBODY;
            }
            return name().equalsIgnoreCase(target) ? Winner.TARGET : Winner.SOURCE;
        }
    }

    /** A field on both sides, and what was agreed: null, or a pair of fingerprints. */
    private record Field(long hubspot, long dynamics, Base agreed) {}

    private record Setting(Policy policy, boolean clears) {}

    private static List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        for (long hubspot : VALUES) {
            for (long dynamics : VALUES) {
                fields.add(new Field(hubspot, dynamics, null));
                for (long agreed : VALUES) {
                    fields.add(new Field(hubspot, dynamics, new Base(agreed, agreed)));
                }
            }
        }
        return fields;
    }

    private static List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        for (Policy policy : Policy.values()) {
            settings.add(new Setting(policy, false));
            settings.add(new Setting(policy, true));
        }
        return settings;
    }

    /** What a sink makes of a field; the base is (HubSpot, Dynamics). */
    private static Field step(Field field, Setting setting, boolean towardsDynamics) {
        long source = towardsDynamics ? field.hubspot : field.dynamics;
        long target = towardsDynamics ? field.dynamics : field.hubspot;
        Base base = field.agreed == null || towardsDynamics
                ? field.agreed
                : new Base(field.agreed.target(), field.agreed.source());
        Winner winner = setting.policy.forSinkOf(towardsDynamics ? "dynamics" : "hubspot");
        return switch (FieldDecision.of(base, source, source, target, winner, setting.clears)) {
            case AGREE -> new Field(field.hubspot, field.dynamics, new Base(field.hubspot, field.dynamics));
            case WRITE -> new Field(source, source, new Base(source, source));
            case NOTHING, HELD_CLEAR, LEAVE, TARGET_WINS -> field;
        };
    }

    /** Both sinks in turn until nothing moves. */
    private static Field[] settle(Field[] start, Setting setting, boolean dynamicsFirst) {
        Field[] now = start.clone();
        boolean towardsDynamics = dynamicsFirst;
        for (int quiet = 0, steps = 0; quiet < 2; steps++) {
            assertThat(steps).as("terminates").isLessThan(8);
            boolean moved = false;
            for (int i = 0; i < now.length; i++) {
                Field next = step(now[i], setting, towardsDynamics);
                moved |= !next.equals(now[i]);
                now[i] = next;
            }
            quiet = moved ? 0 : quiet + 1;
            towardsDynamics = !towardsDynamics;
        }
        return now;
    }

    private static void check(Field before, Field after, Setting setting) {
        String what = before + " -> " + after + " under " + setting;
        if (setting.policy == Policy.NOBODY) {
            assertThat(after.hubspot).as(what).isEqualTo(before.hubspot);
            assertThat(after.dynamics).as(what).isEqualTo(before.dynamics);
            return;
        }
        if (!setting.clears) {
            assertThat(before.hubspot == EMPTY || after.hubspot != EMPTY)
                    .as("erased: " + what)
                    .isTrue();
            assertThat(before.dynamics == EMPTY || after.dynamics != EMPTY)
                    .as("erased: " + what)
                    .isTrue();
        }
        boolean heldClear = before.agreed != null
                && (before.hubspot == EMPTY) != (before.dynamics == EMPTY)
                && before.agreed.source() == Math.max(before.hubspot, before.dynamics)
                && !setting.clears;
        if (heldClear) {
            assertThat(after).as("held: " + what).isEqualTo(before);
            return;
        }
        assertThat(after.hubspot).as("converges: " + what).isEqualTo(after.dynamics);
        assertThat(after.hubspot).as("right value: " + what).isEqualTo(expected(before, setting));
    }

    private static long expected(Field field, Setting setting) {
        boolean hubspotChanged = field.agreed == null || field.hubspot != field.agreed.source();
        boolean dynamicsChanged = field.agreed == null || field.dynamics != field.agreed.target();
        if (hubspotChanged != dynamicsChanged) {
            return hubspotChanged ? field.hubspot : field.dynamics;
        }
        long preferred = setting.policy == Policy.HUBSPOT ? field.hubspot : field.dynamics;
        long other = setting.policy == Policy.HUBSPOT ? field.dynamics : field.hubspot;
        return preferred != EMPTY ? preferred : other;
    }

    @Test
    void everyCombinationSettlesOnTheRightValueInEitherOrder() {
        int combinations = 0;
        for (Setting setting : settings()) {
            for (Field first : fields()) {
                for (Field second : fields()) {
                    Field[] start = {first, second};
                    Field[] dynamicsFirst = settle(start, setting, true);
                    Field[] hubspotFirst = settle(start, setting, false);
                    check(first, dynamicsFirst[0], setting);
                    check(second, dynamicsFirst[1], setting);
                    assertThat(values(hubspotFirst)).isEqualTo(values(dynamicsFirst));
                    combinations++;
                }
            }
        }
        assertThat(combinations).isEqualTo(6 * 80 * 80);
    }

    private static List<Long> values(Field[] fields) {
        return List.of(fields[0].hubspot, fields[0].dynamics, fields[1].hubspot, fields[1].dynamics);
    }
}
