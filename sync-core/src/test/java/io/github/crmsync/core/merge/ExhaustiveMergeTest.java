package io.github.crmsync.core.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.merge.FieldDecision.Base;
import io.github.crmsync.core.merge.FieldDecision.Sides;
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
    /** The most restrictive of the values, where that matters. */
    private static final long STRICT = 2;
    /** Means the same as 1, in another spelling. */
    private static final long ONE_AGAIN = 4;

    private static final long[] VALUES = {EMPTY, 1, 2, 3};
    private static final long[] SPELLINGS = {EMPTY, 1, 2, 3, ONE_AGAIN};

    /** Which app wins conflicts; with NOBODY the field is never written again. */
    private enum Policy {
        HUBSPOT,
        DYNAMICS,
        HUBSPOT_ALWAYS,
        DYNAMICS_ALWAYS,
        PERSON,
        /** HubSpot where neither has the strict value. */
        RESTRICTIVE,
        NOBODY;

        boolean always() {
            return this == HUBSPOT_ALWAYS || this == DYNAMICS_ALWAYS;
        }

        boolean prefersHubspot() {
            return this != DYNAMICS && this != DYNAMICS_ALWAYS;
        }

        /** As the sink of one direction sees it. */
        Winner winner(long source, long target, boolean towardsDynamics) {
            boolean sourcePreferred = prefersHubspot() == towardsDynamics;
            return switch (this) {
                case NOBODY -> Winner.NOBODY;
                case HUBSPOT_ALWAYS, DYNAMICS_ALWAYS -> sourcePreferred ? Winner.SOURCE_ALWAYS : Winner.TARGET_ALWAYS;
                case PERSON ->
                    source != EMPTY && target != EMPTY
                            ? Winner.PERSON
                            : sourcePreferred ? Winner.SOURCE : Winner.TARGET;
                case RESTRICTIVE ->
                    target == STRICT
                            ? Winner.TARGET
                            : source == STRICT || sourcePreferred ? Winner.SOURCE : Winner.TARGET;
                default -> sourcePreferred ? Winner.SOURCE : Winner.TARGET;
            };
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

    /** Every spelling on either side, and every agreement, that on a difference of style or of a held conflict included. */
    private static List<Field> spelledFields() {
        List<Field> fields = new ArrayList<>();
        for (long hubspot : SPELLINGS) {
            for (long dynamics : SPELLINGS) {
                fields.add(new Field(hubspot, dynamics, null));
                for (long inHubspot : SPELLINGS) {
                    for (long inDynamics : SPELLINGS) {
                        fields.add(new Field(hubspot, dynamics, new Base(inHubspot, inDynamics)));
                    }
                }
            }
        }
        return fields;
    }

    private static boolean same(long one, long other) {
        return (one == ONE_AGAIN ? 1 : one) == (other == ONE_AGAIN ? 1 : other);
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
        Winner winner = setting.policy.winner(source, target, towardsDynamics);
        Sides sides = new Sides(source, source, target, same(source, target));
        return switch (FieldDecision.of(base, sides, winner, setting.clears).decision()) {
            case AGREE, HOLD -> new Field(field.hubspot, field.dynamics, new Base(field.hubspot, field.dynamics));
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
        if (!setting.clears) {
            assertThat(before.hubspot == EMPTY || after.hubspot != EMPTY)
                    .as("erased: " + what)
                    .isTrue();
            assertThat(before.dynamics == EMPTY || after.dynamics != EMPTY)
                    .as("erased: " + what)
                    .isTrue();
        }
        long[] expected = expected(before, setting);
        assertThat(after.hubspot).as("HubSpot: " + what).isEqualTo(expected[0]);
        assertThat(after.dynamics).as("Dynamics: " + what).isEqualTo(expected[1]);
    }

    /** The values of HubSpot and Dynamics in the end, told from the rules as a user reads them. */
    private static long[] expected(Field field, Setting setting) {
        long[] asTheyAre = {field.hubspot, field.dynamics};
        boolean hubspotChanged = field.agreed == null || field.hubspot != field.agreed.source();
        boolean dynamicsChanged = field.agreed == null || field.dynamics != field.agreed.target();
        boolean agreedDifference = !hubspotChanged && !dynamicsChanged;
        if (setting.policy == Policy.NOBODY || same(field.hubspot, field.dynamics) || agreedDifference) {
            return asTheyAre;
        }
        long preferred = setting.policy.prefersHubspot() ? field.hubspot : field.dynamics;
        long other = setting.policy.prefersHubspot() ? field.dynamics : field.hubspot;
        if (setting.policy.always() && preferred != EMPTY) {
            return both(preferred);
        }
        if (hubspotChanged != dynamicsChanged) {
            long edited = hubspotChanged ? field.hubspot : field.dynamics;
            return edited == EMPTY && !setting.clears ? asTheyAre : both(edited);
        }
        if (field.hubspot == EMPTY || field.dynamics == EMPTY) {
            return both(Math.max(field.hubspot, field.dynamics));
        }
        return switch (setting.policy) {
            case PERSON -> asTheyAre;
            case RESTRICTIVE -> both(other == STRICT ? other : preferred);
            default -> both(preferred);
        };
    }

    private static long[] both(long value) {
        return new long[] {value, value};
    }

    @Test
    void everySpellingAndAgreementSettlesOnTheRightValueInEitherOrder() {
        int combinations = 0;
        for (Setting setting : settings()) {
            for (Field field : spelledFields()) {
                for (boolean dynamicsFirst : new boolean[] {true, false}) {
                    check(field, settle(new Field[] {field}, setting, dynamicsFirst)[0], setting);
                    combinations++;
                }
            }
        }
        assertThat(combinations).isEqualTo(2 * 7 * 2 * 650);
    }

    /** A held conflict is at rest, and the next edit on either side, alone, settles it as any other. */
    @Test
    void theNextEditSettlesAHeldConflict() {
        Setting setting = new Setting(Policy.PERSON, false);
        Field held = settle(new Field[] {new Field(1, 2, new Base(3, 3))}, setting, true)[0];
        assertThat(held).isEqualTo(new Field(1, 2, new Base(1, 2)));
        Field edited = new Field(3, 2, held.agreed);
        assertThat(settle(new Field[] {edited}, setting, false)[0]).isEqualTo(new Field(3, 3, new Base(3, 3)));
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
        assertThat(combinations).isEqualTo(2 * 7 * 80 * 80);
    }

    private static List<Long> values(Field[] fields) {
        return List.of(fields[0].hubspot, fields[0].dynamics, fields[1].hubspot, fields[1].dynamics);
    }
}
