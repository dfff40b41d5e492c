package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.Meaning;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.MergePolicy.Restrictive;
import io.github.crmsync.core.record.MergePolicy.Rule;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConflictRulesTest {
    private static final String FIELD = "field~field";

    private static Pair pair(Rule rule, boolean twoWay, Object inHubspot, Object inDynamics) {
        Map<String, Restrictive> restrictive =
                rule == Rule.RESTRICTIVE ? Map.of(FIELD, new Restrictive("true", "true")) : Map.of();
        return new Pair(
                new MappedField("field", "field"),
                new MergePolicy("hubspot", twoWay, Map.of(FIELD, rule), Set.of(), restrictive),
                inHubspot,
                inDynamics);
    }

    private static Pair agreed(Rule rule, Object value) {
        Pair pair = pair(rule, true, value, value);
        pair.settle();
        assertThat(pair.writes()).isZero();
        return pair;
    }

    private static void edit(Pair pair, Object inHubspot, Object inDynamics) {
        pair.hubspot.edit(pair.h, "field", inHubspot);
        pair.dynamics.edit(pair.d, "field", inDynamics);
    }

    // hold

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHeldConflictIsWrittenByNeitherSideAndNeverWaits(boolean hubspotFirst) {
        Pair pair = agreed(Rule.HOLD, "a");
        edit(pair, "h", "d");
        Outcome outcome = pair.process(hubspotFirst ? pair.fromHubspot() : pair.fromDynamics());
        assertThat(outcome.kind()).isEqualTo(Kind.HELD);
        assertThat(outcome.conflicts()).isEqualTo(Map.of(FIELD, "person"));
        assertThat(outcome.detail()).isEqualTo("a conflict is held for a person");
        pair.outcomes.clear();
        pair.settle();
        assertThat(pair.outcomes).extracting(Outcome::kind).containsOnly(Kind.UNCHANGED);
        assertThat(pair.values()).containsExactly("h", "d");
        assertThat(pair.writes()).isZero();
    }

    @Test
    void theNextEditOnEitherSideSettlesAHeldConflict() {
        Pair pair = pair(Rule.HOLD, true, "h", "d");
        pair.settle();
        assertThat(pair.values()).containsExactly("h", "d");
        pair.dynamics.edit(pair.d, "field", "person's choice");
        pair.settle();
        assertThat(pair.values()).containsExactly("person's choice", "person's choice");
        assertThat(pair.writes()).isEqualTo(1);
    }

    @Test
    void makingBothSidesEqualSettlesAHeldConflictWithoutAWrite() {
        Pair pair = pair(Rule.HOLD, true, "h", "d");
        pair.settle();
        pair.hubspot.edit(pair.h, "field", "d");
        pair.process(pair.fromHubspot());
        assertThat(pair.writes()).isZero();
        pair.hubspot.edit(pair.h, "field", "e");
        pair.settle();
        assertThat(pair.values()).containsExactly("e", "e");
    }

    @Test
    void editsOnBothSidesOfAHeldConflictAreHeldAgain() {
        Pair pair = pair(Rule.HOLD, true, "h", "d");
        pair.settle();
        edit(pair, "h2", "d2");
        assertThat(pair.process(pair.fromDynamics()).kind()).isEqualTo(Kind.HELD);
        pair.settle();
        assertThat(pair.values()).containsExactly("h2", "d2");
    }

    @Test
    void anEmptySideIsNoConflictForAPerson() {
        Pair pair = pair(Rule.HOLD, true, "", "d");
        pair.settle();
        assertThat(pair.values()).containsExactly("d", "d");
    }

    @Test
    void aHeldConflictOutlastsAReplayOfEveryImage() {
        Pair pair = agreed(Rule.HOLD, "a");
        List<Work> images = new ArrayList<>(List.of(pair.fromHubspot(), pair.fromDynamics()));
        edit(pair, "h", "d");
        images.addAll(List.of(pair.fromHubspot(), pair.fromDynamics()));
        pair.settle();
        for (int i = 0; i < 2; i++) {
            images.forEach(pair::process);
        }
        assertThat(pair.values()).containsExactly("h", "d");
        assertThat(pair.writes()).isZero();
    }

    @Test
    void oneWayAConflictIsHeldAsWellAndTheNextEditOfTheSourceFlows() {
        Pair pair = pair(Rule.HOLD, false, "h", "d");
        assertThat(pair.process(pair.fromHubspot()).kind()).isEqualTo(Kind.HELD);
        pair.hubspot.edit(pair.h, "field", "h2");
        assertThat(pair.process(pair.fromHubspot()).kind()).isEqualTo(Kind.UPDATED);
        assertThat(pair.values()).containsExactly("h2", "h2");
    }

    // always

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEditAgainstTheAppThatAlwaysWinsIsOverwrittenByItsNextImage(boolean twoWay) {
        Pair pair = pair(Rule.HUBSPOT_ALWAYS, twoWay, "a", "a");
        pair.process(pair.fromHubspot());
        pair.dynamics.edit(pair.d, "field", "d");
        if (twoWay) {
            assertThat(pair.process(pair.fromDynamics()).kind()).isEqualTo(Kind.UNCHANGED);
        }
        assertThat(pair.values()).containsExactly("a", "d");
        Outcome outcome = pair.process(pair.fromHubspot());
        assertThat(outcome.kind()).isEqualTo(Kind.UPDATED);
        assertThat(outcome.conflicts()).isEqualTo(Map.of(FIELD, "hubspot"));
        assertThat(pair.values()).containsExactly("a", "a");
    }

    @Test
    void theAppThatAlwaysWinsWinsWhateverTheDefaultApp() {
        Pair pair = pair(Rule.DYNAMICS_ALWAYS, true, "h", "d");
        pair.settle();
        assertThat(pair.values()).containsExactly("d", "d");
        edit(pair, "h2", "d2");
        pair.settle();
        assertThat(pair.values()).containsExactly("d2", "d2");
    }

    @Test
    void theOtherSideFillsTheAppThatAlwaysWins() {
        Pair pair = pair(Rule.HUBSPOT_ALWAYS, true, "", "d");
        pair.settle();
        assertThat(pair.values()).containsExactly("d", "d");
    }

    @Test
    void aClearInTheAppThatAlwaysWinsIsHeldAsAnyOther() {
        Pair pair = agreed(Rule.HUBSPOT_ALWAYS, "a");
        pair.hubspot.edit(pair.h, "field", "");
        pair.settle();
        assertThat(pair.values()).containsExactly("", "a");
    }

    // restrictive

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void atTheFirstMatchTheRestrictiveSideWins(boolean inHubspot) {
        Pair pair = pair(Rule.RESTRICTIVE, true, inHubspot, !inHubspot);
        pair.settle();
        assertThat(pair.values()).containsExactly(true, true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inAConflictTheRestrictiveSideWins(boolean inHubspot) {
        Pair pair = agreed(Rule.RESTRICTIVE, "unknown");
        edit(pair, inHubspot, !inHubspot);
        pair.settle();
        assertThat(pair.values()).containsExactly(true, true);
    }

    @Test
    void aLaterOptInOfOneSideFlowsLikeAnyEdit() {
        Pair pair = pair(Rule.RESTRICTIVE, true, false, true);
        pair.settle();
        assertThat(pair.values()).containsExactly(true, true);
        pair.hubspot.edit(pair.h, "field", false);
        pair.settle();
        assertThat(pair.values()).containsExactly(false, false);
    }

    @Test
    void oneWayAnOptOutInTheTargetStandsUntilTheSourceChangesItsMind() {
        Pair pair = pair(Rule.RESTRICTIVE, false, false, true);
        assertThat(pair.process(pair.fromHubspot()).conflicts()).isEqualTo(Map.of(FIELD, "dynamics"));
        pair.process(pair.fromHubspot());
        assertThat(pair.values()).containsExactly(false, true);
        pair.hubspot.edit(pair.h, "field", true);
        pair.process(pair.fromHubspot());
        pair.hubspot.edit(pair.h, "field", false);
        pair.process(pair.fromHubspot());
        assertThat(pair.values()).containsExactly(false, false);
    }

    // fields that flow one way in a two-way sync

    private static Pair oneWayField(Rule rule, String defaultApp, Object inHubspot, Object inDynamics) {
        return new Pair(
                new MappedField("field", "field", Meaning.TEXT, true),
                new MergePolicy(
                        defaultApp,
                        true,
                        Map.of(FIELD, rule),
                        Set.of(),
                        Map.of(FIELD, new Restrictive("true", "true"))),
                inHubspot,
                inDynamics);
    }

    @Test
    void aFieldThatFlowsOneWayNeverWaitsForTheOtherDirection() {
        Pair pair = oneWayField(Rule.DEFAULT, "dynamics", "h", "d");
        assertThat(pair.process(pair.fromHubspot()).kind()).isEqualTo(Kind.UPDATED);
        assertThat(pair.values()).containsExactly("h", "h");
        Pair emptied = oneWayField(Rule.DEFAULT, "dynamics", "", "d");
        assertThat(emptied.process(emptied.fromHubspot()).kind().parked()).isFalse();
        assertThat(emptied.values()).containsExactly("", "d");
    }

    @Test
    void anOptOutInTheTargetStandsWhereTheFieldFlowsOneWay() {
        Pair pair = oneWayField(Rule.RESTRICTIVE, "hubspot", false, true);
        assertThat(pair.process(pair.fromHubspot()).kind().parked()).isFalse();
        assertThat(pair.values()).containsExactly(false, true);
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void noRuleLetsAnEmptyValueEraseAFilledOne(Rule rule) {
        for (boolean twoWay : new boolean[] {true, false}) {
            Pair pair = pair(rule, twoWay, "", "true");
            pair.process(pair.fromHubspot());
            pair.hubspot.edit(pair.h, "field", " ");
            pair.process(pair.fromHubspot());
            assertThat(pair.values().get(1)).isEqualTo("true");
        }
    }
}
