package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.Intent.Change;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.StageDirective;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;

class SyncEngineTest {
    private static final List<MappedField> FIELDS = List.of(
            new MappedField("email", "email"), new MappedField("name", "name"), new MappedField("phone", "phone"));

    private final FakeApp hubspot = new FakeApp("hubspot");
    private final FakeApp dynamics = new FakeApp("dynamics");
    private final MemoryLedger ledger = new MemoryLedger();
    private SyncEngine toHubspot = new SyncEngine(hubspot, ledger, (work, outcome) -> {});
    private SyncEngine toDynamics = new SyncEngine(dynamics, ledger, (work, outcome) -> {});
    private String defaultApp = "hubspot";
    private Map<String, MergePolicy.Rule> rules = Map.of();
    private String excluded;
    private StageDirective stage;
    private boolean needsEmail = true;
    private String movedTo;
    /** Deletions need not have a version: the offset, which may be any number, stands for it. */
    private long deletedVersion = 1_000_000;

    private long offset;

    private Work image(FakeApp source, String id) {
        TargetRecord record = source.get(id);
        boolean deleted = record == null;
        Map<String, Object> values = deleted ? Map.of() : record.values();
        Object email = values.get("email");
        Image image = new Image(
                source.app(),
                id,
                deleted ? deletedVersion : record.version(),
                deleted ? 0 : record.modified(),
                Origin.LIVE,
                deleted,
                deleted ? movedTo : null,
                values,
                FIELDS,
                Map.of(),
                email == null || email.toString().isEmpty() ? null : email.toString(),
                deleted || source == dynamics ? null : record.linkKey(),
                excluded,
                Map.of(),
                stage,
                new MergePolicy(defaultApp, true, rules, Set.of()),
                needsEmail);
        return new Work(image, new TopicPartition(source.app(), 0), offset++);
    }

    private Kind sync(FakeApp source, String id) {
        return process(image(source, id));
    }

    private Kind process(Work work) {
        SyncEngine engine = work.image().sourceApp().equals("hubspot") ? toDynamics : toHubspot;
        return engine.process(List.of(work), Set.of()).get(work).kind();
    }

    private static Map<String, Object> person(String email, String name, String phone) {
        return new java.util.HashMap<>(Map.of("email", email, "name", name, "phone", phone));
    }

    /** A linked pair with equal values. */
    private String[] pair() {
        String h = hubspot.add(person("a@x.org", "Dave", "1"));
        assertThat(sync(hubspot, h)).isEqualTo(Kind.CREATED);
        String d = dynamics.createdFor.get(h);
        assertThat(sync(dynamics, d)).isEqualTo(Kind.UNCHANGED);
        return new String[] {h, d};
    }

    @Test
    void aNewRecordIsCreatedOnceAndItsEchoWritesNothing() {
        String h = hubspot.add(person("a@x.org", "Dave", "1"));
        assertThat(sync(hubspot, h)).isEqualTo(Kind.CREATED);
        assertThat(sync(dynamics, dynamics.createdFor.get(h))).isEqualTo(Kind.UNCHANGED);
        assertThat(sync(hubspot, h)).isEqualTo(Kind.UNCHANGED);
        assertThat(dynamics.writes).isEqualTo(1);
        assertThat(hubspot.writes).isZero();
    }

    @Test
    void anImageThatEqualsTheAgreementCostsNoCall() {
        String[] pair = pair();
        int reads = hubspot.reads + dynamics.reads;
        sync(hubspot, pair[0]);
        sync(dynamics, pair[1]);
        assertThat(hubspot.reads + dynamics.reads).isEqualTo(reads);
    }

    @Test
    void davidAndDaveBecomeTheDefaultAppsNameOnBothSides() {
        String h = hubspot.add(person("a@x.org", "Dave", "1"));
        String d = dynamics.add(person("a@x.org", "David", "1"));
        assertThat(sync(dynamics, d)).isEqualTo(Kind.PARKED_CONFLICT);
        assertThat(sync(hubspot, h)).isEqualTo(Kind.UPDATED);
        assertThat(dynamics.value(d, "name")).isEqualTo("Dave");
        assertThat(sync(dynamics, d)).isEqualTo(Kind.UNCHANGED);
        assertThat(hubspot.value(h, "name")).isEqualTo("Dave");
    }

    @Test
    void editsOfDifferentFieldsOnBothSidesBothSurvive() {
        String[] pair = pair();
        hubspot.edit(pair[0], "name", "Eve");
        dynamics.edit(pair[1], "phone", "2");
        sync(hubspot, pair[0]);
        sync(dynamics, pair[1]);
        sync(hubspot, pair[0]);
        assertThat(hubspot.get(pair[0]).values())
                .isEqualTo(dynamics.get(pair[1]).values());
        assertThat(hubspot.value(pair[0], "phone")).isEqualTo("2");
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Eve");
    }

    @Test
    void anEmptiedFieldErasesNothingAndIsNotRefilled() {
        String[] pair = pair();
        hubspot.edit(pair[0], "phone", "");
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.HELD);
        dynamics.edit(pair[1], "name", "Eve");
        sync(dynamics, pair[1]);
        assertThat(dynamics.value(pair[1], "phone")).isEqualTo("1");
        assertThat(hubspot.value(pair[0], "phone")).isEqualTo("");
    }

    @Test
    void aDeletedRecordStaysOnTheOtherSideAndIsNeverCreatedAgain() {
        String[] pair = pair();
        dynamics.delete(pair[1]);
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.TOMBSTONED);
        hubspot.edit(pair[0], "name", "Eve");
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.TOMBSTONED);
        assertThat(dynamics.ids()).isEmpty();
        assertThat(hubspot.ids()).containsExactly(pair[0]);
    }

    @Test
    void ofTwoRowsWithOneAddressOnlyTheFirstLinkedOneSyncs() {
        String d1 = dynamics.add(person("a@x.org", "Dave", "1"));
        String d2 = dynamics.add(person("a@x.org", "Impostor", "2"));
        Work first = image(dynamics, d1);
        Work second = image(dynamics, d2);
        Map<Work, Outcome> outcomes = toHubspot.process(List.of(first, second), Set.of());
        assertThat(outcomes.get(first).kind()).isEqualTo(Kind.CREATED);
        assertThat(outcomes.get(second).kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(hubspot.ids()).hasSize(1);
        assertThat(dynamics.writes).isZero();
    }

    @Test
    void anActiveRowIsLinkedBeforeAnOlderInactiveOne() {
        String inactive = dynamics.add(person("a@x.org", "Dave", "1"));
        String active = dynamics.add(person("a@x.org", "Dave", "1"));
        dynamics.deactivate(inactive);
        String h = hubspot.add(person("a@x.org", "Dave", "1"));
        Work image = image(hubspot, h);

        assertThat(toDynamics.process(List.of(image), Set.of()).get(image).targetId())
                .isEqualTo(active);
    }

    @Test
    void aDuplicateIsFiledOnceUntilItChanges() {
        pair();
        String d2 = dynamics.add(person("a@x.org", "Impostor", "2"));
        assertThat(sync(dynamics, d2)).isEqualTo(Kind.DUPLICATE);
        long filed = ledger.size();

        assertThat(sync(dynamics, d2)).isEqualTo(Kind.DUPLICATE);
        assertThat(sync(dynamics, d2)).isEqualTo(Kind.DUPLICATE);
        assertThat(ledger.size()).isEqualTo(filed);

        dynamics.edit(d2, "name", "Somebody");
        assertThat(sync(dynamics, d2)).isEqualTo(Kind.DUPLICATE);
        assertThat(ledger.size()).isEqualTo(filed + 1);
    }

    @Test
    void aDuplicateThatIsReadAgainGoesOnOnceItsAddressIsFree() {
        String[] pair = pair();
        String d2 = dynamics.add(person("a@x.org", "Impostor", "2"));
        assertThat(sync(dynamics, d2)).isEqualTo(Kind.DUPLICATE);
        assertThat(sync(dynamics, d2)).isEqualTo(Kind.DUPLICATE);

        hubspot.edit(pair[0], "email", "b@x.org");

        assertThat(sync(dynamics, d2)).isEqualTo(Kind.CREATED);
    }

    @Test
    void anOldImageOfADuplicateCreatesNothingOnceItIsOutOfScope() {
        String[] pair = pair();
        String d2 = dynamics.add(person("a@x.org", "Impostor", "2"));
        assertThat(sync(dynamics, d2)).isEqualTo(Kind.DUPLICATE);
        Work swept = image(dynamics, d2);
        assertThat(process(swept)).isEqualTo(Kind.DUPLICATE);
        excluded = "filter";
        dynamics.edit(d2, "name", "Somebody");
        assertThat(sync(dynamics, d2)).isEqualTo(Kind.EXCLUDED);
        hubspot.edit(pair[0], "email", "b@x.org");

        assertThat(process(swept)).isEqualTo(Kind.STALE);

        assertThat(hubspot.ids()).containsExactly(pair[0]);
    }

    @Test
    void anOldImageOfADuplicateCreatesNothingOnceItHasNoAddress() {
        String[] pair = pair();
        String d2 = dynamics.add(person("a@x.org", "Impostor", "2"));
        assertThat(sync(dynamics, d2)).isEqualTo(Kind.DUPLICATE);
        Work swept = image(dynamics, d2);
        assertThat(process(swept)).isEqualTo(Kind.DUPLICATE);
        dynamics.edit(d2, "email", "");
        assertThat(sync(dynamics, d2)).isEqualTo(Kind.EXCLUDED);
        hubspot.edit(pair[0], "email", "b@x.org");

        assertThat(process(swept)).isEqualTo(Kind.STALE);

        assertThat(hubspot.ids()).containsExactly(pair[0]);
    }

    @Test
    void aContactWhoseLinkPropertyNamesAGoneRowIsFiledOnce() {
        String[] pair = pair();
        MemoryLedger anew = new MemoryLedger();
        toDynamics = new SyncEngine(dynamics, anew, (work, outcome) -> {});
        hubspot.linkKey(pair[0], pair[1]);
        dynamics.delete(pair[1]);
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.TOMBSTONED);
        long filed = anew.size();

        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.TOMBSTONED);

        assertThat(anew.size()).isEqualTo(filed);
    }

    @Test
    void whoComesBackUnderANewIdIsLinkedWithTheRowOfTheDeletedContact() {
        String[] pair = pair();
        hubspot.delete(pair[0]);
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.TOMBSTONED);
        String h2 = hubspot.add(person("a@x.org", "Dave", "1"));

        Work back = image(hubspot, h2);
        Outcome outcome = toDynamics.process(List.of(back), Set.of()).get(back);

        assertThat(outcome.kind()).isEqualTo(Kind.UNCHANGED);
        assertThat(outcome.targetId()).isEqualTo(pair[1]);
        assertThat(outcome.detail()).contains(pair[0]).contains("deleted");
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.UNCHANGED);
        dynamics.edit(pair[1], "name", "David");
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.UPDATED);
        assertThat(hubspot.value(h2, "name")).isEqualTo("David");
        hubspot.edit(h2, "name", "Eve");
        assertThat(sync(hubspot, h2)).isEqualTo(Kind.UPDATED);
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Eve");
        assertThat(dynamics.ids()).containsExactly(pair[1]);
    }

    @Test
    void aRowThatComesBackUnderANewIdIsLinkedWithTheContactOfTheDeletedOne() {
        String[] pair = pair();
        dynamics.delete(pair[1]);
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.TOMBSTONED);
        String d2 = dynamics.add(person("a@x.org", "Dave", "1"));

        assertThat(sync(dynamics, d2)).isEqualTo(Kind.UNCHANGED);

        hubspot.edit(pair[0], "phone", "2");
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.UPDATED);
        assertThat(dynamics.value(d2, "phone")).isEqualTo("2");
        assertThat(hubspot.ids()).containsExactly(pair[0]);
    }

    @Test
    void aRowIsNotGivenAwayWhileItsContactMayBeAlive() {
        String[] pair = pair();
        // The row is deleted, not the contact, and comes back.
        dynamics.delete(pair[1]);
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.TOMBSTONED);
        hubspot.edit(pair[0], "name", "Eve");
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.TOMBSTONED);
        dynamics.restore(pair[1]);
        String h2 = hubspot.add(person("a@x.org", "Impostor", "2"));

        assertThat(sync(hubspot, h2)).isEqualTo(Kind.DUPLICATE);

        assertThat(sync(dynamics, pair[1])).isIn(Kind.UPDATED, Kind.UNCHANGED);
        assertThat(sync(hubspot, pair[0])).isIn(Kind.UPDATED, Kind.UNCHANGED);
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Eve");
    }

    @Test
    void aRowThatWasMissingItselfIsNotGivenAway() {
        String[] pair = pair();
        dynamics.delete(pair[1]);
        hubspot.edit(pair[0], "name", "Eve");
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.TOMBSTONED);
        dynamics.restore(pair[1]);
        String h2 = hubspot.add(person("a@x.org", "Impostor", "2"));

        assertThat(sync(hubspot, h2)).isEqualTo(Kind.DUPLICATE);

        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.UPDATED);
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Eve");
    }

    @Test
    void aRestoredContactWhoseRowHasPassedOnIsNotLinkedAgain() {
        String[] pair = pair();
        hubspot.delete(pair[0]);
        sync(hubspot, pair[0]);
        String h2 = hubspot.add(person("a@x.org", "Dave", "1"));
        assertThat(sync(hubspot, h2)).isEqualTo(Kind.UNCHANGED);

        hubspot.restore(pair[0]);
        hubspot.edit(pair[0], "name", "Old");
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.DUPLICATE);
        hubspot.edit(pair[0], "email", "old@x.org");
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.DUPLICATE);

        assertThat(dynamics.ids()).containsExactly(pair[1]);
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Dave");
        hubspot.edit(h2, "name", "Eve");
        assertThat(sync(hubspot, h2)).isEqualTo(Kind.UPDATED);
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Eve");
    }

    @Test
    void anOldImageOfARestoredContactIsNotMatchedWhenItComesAgain() {
        String[] pair = pair();
        hubspot.delete(pair[0]);
        sync(hubspot, pair[0]);
        String h2 = hubspot.add(person("a@x.org", "Dave", "1"));
        assertThat(sync(hubspot, h2)).isEqualTo(Kind.UNCHANGED);
        hubspot.restore(pair[0]);
        Work old = image(hubspot, pair[0]);
        assertThat(process(old)).isEqualTo(Kind.DUPLICATE);
        hubspot.delete(h2);
        assertThat(sync(hubspot, h2)).isEqualTo(Kind.TOMBSTONED);
        hubspot.edit(pair[0], "email", "other@x.org");
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.DUPLICATE);

        assertThat(process(old)).isEqualTo(Kind.STALE);

        assertThat(process(image(hubspot, pair[0]))).isEqualTo(Kind.DUPLICATE);
        assertThat(dynamics.value(pair[1], "email")).isEqualTo("a@x.org");
    }

    @Test
    void aMergeToldAfterTheRowHasPassedOnHandsOverNothing() {
        String[] pair = pair();
        dynamics.edit(pair[1], "phone", "2");
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.UPDATED);
        hubspot.delete(pair[0]);
        sync(hubspot, pair[0]);
        String h2 = hubspot.add(person("a@x.org", "Dave", "2"));
        assertThat(sync(hubspot, h2)).isEqualTo(Kind.UNCHANGED);
        String survivor = hubspot.add(person("b@x.org", "Bea", "3"));
        assertThat(sync(hubspot, survivor)).isEqualTo(Kind.CREATED);

        movedTo = survivor;
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.TOMBSTONED);

        movedTo = null;
        hubspot.edit(survivor, "name", "Beatrix");
        assertThat(sync(hubspot, survivor)).isEqualTo(Kind.UPDATED);
        assertThat(dynamics.ids()).hasSize(2);
    }

    @Test
    void whatKeptTheDeletedContactsRowOutKeepsItOutForWhoComesBack() {
        String[] pair = pair();
        excluded = "filter";
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.EXCLUDED);
        excluded = null;
        hubspot.delete(pair[0]);
        sync(hubspot, pair[0]);
        String h2 = hubspot.add(person("a@x.org", "Dave", "1"));
        sync(hubspot, h2);
        excluded = "filter";
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.EXCLUDED);
        excluded = null;

        hubspot.edit(h2, "name", "Eve");
        assertThat(sync(hubspot, h2)).isEqualTo(Kind.EXCLUDED);
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Dave");
    }

    @Test
    void aDeletionThatIsToldAgainIsFiledOnce() {
        String[] pair = pair();
        hubspot.delete(pair[0]);
        sync(hubspot, pair[0]);
        long filed = ledger.size();

        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.TOMBSTONED);

        assertThat(ledger.size()).isEqualTo(filed);
    }

    @Test
    void aRecordWithoutAnAddressIsExcludedUntilItHasOne() {
        String h = hubspot.add(person("", "Dave", "1"));
        assertThat(sync(hubspot, h)).isEqualTo(Kind.EXCLUDED);
        hubspot.edit(h, "email", "a@x.org");
        assertThat(sync(hubspot, h)).isEqualTo(Kind.CREATED);
    }

    @Test
    void aRecordWithoutAnAddressIsCreatedOnceWhereThatIsAllowed() {
        needsEmail = false;
        String h = hubspot.add(person("", "Dave", "1"));
        String other = hubspot.add(person("", "Dave", "1"));
        dynamics.loseNextAnswer = true;
        assertThatThrownBy(() -> sync(hubspot, h)).isInstanceOf(RetriableException.class);
        sync(hubspot, h);
        assertThat(sync(hubspot, other)).isEqualTo(Kind.CREATED);
        assertThat(dynamics.ids()).hasSize(2);
        assertThat(sync(dynamics, dynamics.createdFor.get(h))).isEqualTo(Kind.UNCHANGED);
        assertThat(hubspot.ids()).hasSize(2);
    }

    @Test
    void withoutALinkPropertyARecordWithoutAnAddressIsNeverCreated() {
        needsEmail = false;
        hubspot.linkProperty = false;
        String d = dynamics.add(person("", "Dave", "1"));
        assertThat(sync(dynamics, d)).isEqualTo(Kind.EXCLUDED);
        assertThat(hubspot.ids()).isEmpty();
    }

    @Test
    void anOldImageIsStaleAndWritesNothing() {
        String[] pair = pair();
        Work old = image(hubspot, pair[0]);
        hubspot.edit(pair[0], "name", "Eve");
        sync(hubspot, pair[0]);
        assertThat(process(old)).isEqualTo(Kind.STALE);
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Eve");
    }

    @Test
    void aRowThatAUserChangesBetweenReadAndWriteIsDecidedAnew() {
        String[] pair = pair();
        hubspot.edit(pair[0], "name", "Eve");
        dynamics.beforeWrite = () -> dynamics.edit(pair[1], "phone", "2");
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.UPDATED);
        assertThat(dynamics.value(pair[1], "phone")).isEqualTo("2");
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Eve");
    }

    @Test
    void aCreationWhoseAnswerWasLostIsRecognisedAfterARestart() {
        String h = hubspot.add(person("a@x.org", "Dave", "1"));
        dynamics.loseNextAnswer = true;
        Work work = image(hubspot, h);
        assertThatThrownBy(() -> process(work)).isInstanceOf(RetriableException.class);
        toDynamics = new SyncEngine(dynamics, ledger, (w, outcome) -> {});
        toDynamics.recover(intent -> true);
        assertThat(ledger.open()).isEmpty();
        assertThat(process(work)).isEqualTo(Kind.UNCHANGED);
        assertThat(dynamics.ids()).hasSize(1);
    }

    @Test
    void anUpdateWhoseAnswerWasLostDoesNotUndoALaterEdit() {
        String[] pair = pair();
        hubspot.edit(pair[0], "name", "Eve");
        dynamics.loseNextAnswer = true;
        Work work = image(hubspot, pair[0]);
        assertThatThrownBy(() -> process(work)).isInstanceOf(RetriableException.class);
        dynamics.edit(pair[1], "name", "Frank");
        toDynamics = new SyncEngine(dynamics, ledger, (w, outcome) -> {});
        toDynamics.recover(intent -> true);
        process(work);
        sync(dynamics, pair[1]);
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Frank");
        assertThat(hubspot.value(pair[0], "name")).isEqualTo("Frank");
    }

    /** An update that is not carried out, without an answer that says so; then somebody edits every field of it. */
    private String[] editedAfterAnUpdateThatNeverArrived() {
        String[] pair = pair();
        hubspot.edit(pair[0], "name", "Eve");
        dynamics.changesUntilSilence = 1;
        Work work = image(hubspot, pair[0]);
        assertThat(process(work)).isEqualTo(Kind.PARKED);
        dynamics.edit(pair[1], "name", "Frank");
        process(work);
        sync(dynamics, pair[1]);
        return pair;
    }

    @Test
    void withoutAnOperationFieldAnUpdateOfWhichNothingTellsCountsAsCarriedOut() {
        String[] pair = editedAfterAnUpdateThatNeverArrived();
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Frank");
    }

    @Test
    void withAnOperationFieldTheDefaultAppWinsTheConflictWithAnUpdateThatNeverArrived() {
        dynamics.operationField = "operation";
        String[] pair = editedAfterAnUpdateThatNeverArrived();
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Eve");
        assertThat(hubspot.value(pair[0], "name")).isEqualTo("Eve");
    }

    @Test
    void withAnOperationFieldAnEditThatTakesAnUpdateBackStands() {
        dynamics.operationField = "operation";
        String[] pair = pair();
        hubspot.edit(pair[0], "name", "Eve");
        dynamics.loseNextAnswer = true;
        Work work = image(hubspot, pair[0]);
        assertThatThrownBy(() -> process(work)).isInstanceOf(RetriableException.class);
        dynamics.edit(pair[1], "name", "Dave");
        process(work);
        sync(dynamics, pair[1]);
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Dave");
        assertThat(hubspot.value(pair[0], "name")).isEqualTo("Dave");
    }

    @Test
    void anOperationFieldTakesNoMappedValue() {
        dynamics.operationField = "name";
        String h = hubspot.add(person("a@x.org", "Dave", "1"));
        assertThatThrownBy(() -> sync(hubspot, h))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("name");
        assertThat(dynamics.ids()).isEmpty();
    }

    @Test
    void theOtherDirectionWaitsWhileAnIntentIsOpen() {
        String[] pair = pair();
        hubspot.edit(pair[0], "name", "Eve");
        dynamics.loseNextAnswer = true;
        assertThatThrownBy(() -> sync(hubspot, pair[0])).isInstanceOf(RetriableException.class);
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.PARKED);
    }

    @Test
    void oneRefusedRecordFailsAloneWithTheAppsMessage() {
        String[] pair = pair();
        String h2 = hubspot.add(person("b@x.org", "Zoe", "3"));
        hubspot.edit(pair[0], "name", "refused");
        Work bad = image(hubspot, pair[0]);
        Work good = image(hubspot, h2);
        Map<Work, Outcome> outcomes = toDynamics.process(List.of(bad, good), Set.of());
        assertThat(outcomes.get(bad).kind()).isEqualTo(Kind.FAILED);
        assertThat(outcomes.get(bad).detail()).isEqualTo("name is not acceptable");
        assertThat(outcomes.get(good).kind()).isEqualTo(Kind.CREATED);
        assertThat(ledger.open()).isEmpty();
    }

    @Test
    void aRecordWhoseAddressTheAppRefusesIsNotCreatedWithoutIt() {
        String h = hubspot.add(person("bad@x.org", "Ann", "1"));
        assertThat(sync(hubspot, h)).isEqualTo(Kind.FAILED);
        assertThat(dynamics.ids()).isEmpty();
    }

    @Test
    void anImageFromBeforeARecordLeftTheScopeDoesNotBringItBack() {
        String[] pair = pair();
        hubspot.edit(pair[0], "phone", "7");
        Work before = image(hubspot, pair[0]);
        hubspot.edit(pair[0], "name", "Eve");
        excluded = "filter";
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.EXCLUDED);

        assertThat(process(before)).isEqualTo(Kind.STALE);

        assertThat(dynamics.value(pair[1], "phone")).isEqualTo("1");
    }

    @Test
    void anImageThatWasReplacedWhileItsRecordWasOutOfScopeDoesNotBringItBackWhenItIsReplayed() {
        String[] pair = pair();
        excluded = "filter";
        sync(hubspot, pair[0]);
        hubspot.edit(pair[0], "name", "Eve");
        excluded = null;
        Work replaced = image(hubspot, pair[0]);
        hubspot.edit(pair[0], "name", "Dave");
        excluded = "filter";
        toDynamics.process(List.of(image(hubspot, pair[0])), Set.of(pair[0]));

        assertThat(process(replaced)).isEqualTo(Kind.STALE);

        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Dave");
    }

    @Test
    void anEditThatWasTakenBackWhileTheOtherSideWasOutOfScopeIsNotCarriedOverWhenItIsReplayed() {
        String[] pair = pair();
        excluded = "filter";
        sync(dynamics, pair[1]);
        excluded = null;
        hubspot.edit(pair[0], "name", "Eve");
        Work edited = image(hubspot, pair[0]);
        assertThat(process(edited)).isEqualTo(Kind.EXCLUDED);
        hubspot.edit(pair[0], "name", "Dave");
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.EXCLUDED);
        sync(dynamics, pair[1]);

        assertThat(process(edited)).isEqualTo(Kind.STALE);

        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Dave");
    }

    @Test
    void anEditMadeWhileTheOtherSideWasOutOfScopeIsCarriedOverWithTheNextSweep() {
        String[] pair = pair();
        excluded = "filter";
        sync(dynamics, pair[1]);
        excluded = null;
        hubspot.edit(pair[0], "name", "Eve");
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.EXCLUDED);
        sync(dynamics, pair[1]);

        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.UPDATED);

        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Eve");
    }

    @Test
    void aStageThatTheSourceHasTakenBackIsNotSetAgainWhenItsImageIsReplayed() {
        String[] pair = pair();
        List<String> stages = List.of("lead", "customer");
        stage = new StageDirective("stage", "customer", stages);
        dynamics.edit(pair[1], "phone", "2");
        Work customer = image(dynamics, pair[1]);
        assertThat(process(customer)).isEqualTo(Kind.UPDATED);
        assertThat(hubspot.value(pair[0], "stage")).isEqualTo("customer");
        stage = new StageDirective("stage", "lead", stages);
        dynamics.edit(pair[1], "unmapped", "x");
        sync(dynamics, pair[1]);
        hubspot.edit(pair[0], "stage", "lead");

        assertThat(process(customer)).isEqualTo(Kind.STALE);

        assertThat(hubspot.value(pair[0], "stage")).isEqualTo("lead");
    }

    @Test
    void aRowThatIsLinkedToAnotherContactIsNotCreatedOnceMore() {
        String[] pair = pair();
        // After the ledger was lost, the row is matched to another contact; then it is deleted without a notice.
        MemoryLedger anew = new MemoryLedger();
        toHubspot = new SyncEngine(hubspot, anew, (work, outcome) -> {});
        toDynamics = new SyncEngine(dynamics, anew, (work, outcome) -> {});
        hubspot.linkKey(pair[0], null);
        hubspot.edit(pair[0], "email", "b@x.org");
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.CREATED);
        dynamics.delete(pair[1]);

        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.DUPLICATE);

        assertThat(dynamics.ids()).isEmpty();
    }

    @Test
    void aPairOfWhichBothSidesWereOutOfScopeOpensAgainWhenBothAreBack() {
        String[] pair = pair();
        excluded = "filter";
        sync(hubspot, pair[0]);
        sync(dynamics, pair[1]);
        excluded = null;
        hubspot.edit(pair[0], "name", "Eve");

        assertThat(sync(hubspot, pair[0])).as("the other side is still out").isEqualTo(Kind.EXCLUDED);
        sync(dynamics, pair[1]);

        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.UPDATED);
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Eve");
    }

    @Test
    void aRecordThatComesBackIntoScopeAsItWasOpensTheOtherDirectionAgain() {
        String[] pair = pair();
        excluded = "filter";
        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.EXCLUDED);
        excluded = null;
        dynamics.edit(pair[1], "phone", "7");
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.EXCLUDED);

        sync(hubspot, pair[0]);

        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.UPDATED);
        assertThat(hubspot.value(pair[0], "phone")).isEqualTo("7");
    }

    @Test
    void underTheRuleNewestTheSideModifiedLastWinsWhateverTheDefaultApp() {
        rules = Map.of("phone~phone", MergePolicy.Rule.NEWEST);
        String[] pair = pair();
        hubspot.edit(pair[0], "phone", "2");
        hubspot.modifiedAt(pair[0], 1_000);
        dynamics.edit(pair[1], "phone", "3");
        dynamics.modifiedAt(pair[1], 2_000);

        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.PARKED_CONFLICT);
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.UPDATED);

        assertThat(hubspot.value(pair[0], "phone")).isEqualTo("3");
        assertThat(dynamics.value(pair[1], "phone")).isEqualTo("3");
    }

    @Test
    void aFieldThatTheAppRefusesHoldsBackNoOtherField() {
        List<Outcome> reported = new ArrayList<>();
        toDynamics = new SyncEngine(dynamics, ledger, (work, outcome) -> reported.add(outcome));
        String h = hubspot.add(person("a@x.org", "too long", "1"));
        assertThat(sync(hubspot, h)).isEqualTo(Kind.CREATED);
        String d = dynamics.createdFor.get(h);
        assertThat(dynamics.value(d, "phone")).isEqualTo("1");
        assertThat(dynamics.value(d, "name")).isNull();
        assertThat(reported).singleElement().satisfies(decision -> {
            assertThat(decision.kind()).isEqualTo(Kind.CREATED);
            assertThat(decision.leftOut())
                    .containsExactly(new LeftOut(Set.of("name"), LeftOut.Why.REFUSED, "'name' is too long", false));
        });
        sync(dynamics, d);
        assertThat(hubspot.value(h, "name")).isEqualTo("too long");

        hubspot.edit(h, "phone", "2");
        assertThat(sync(hubspot, h)).isEqualTo(Kind.UPDATED);
        assertThat(dynamics.value(d, "phone")).isEqualTo("2");

        hubspot.edit(h, "name", "Eve");
        sync(hubspot, h);
        assertThat(dynamics.value(d, "name")).isEqualTo("Eve");
    }

    @Test
    void aRowThatTheOtherSinkIsCreatingIsNotCreatedBack() {
        String h = hubspot.add(person("a@x.org", "Dave", "1"));
        dynamics.loseNextAnswer = true;
        assertThatThrownBy(() -> sync(hubspot, h)).isInstanceOf(RetriableException.class);
        String d = dynamics.createdFor.get(h);
        dynamics.edit(d, "email", "other@x.org");

        assertThat(sync(dynamics, d)).isEqualTo(Kind.PARKED);

        assertThat(hubspot.ids()).containsExactly(h);
    }

    @Test
    void aContactWhoseLinkPropertyNamesARowThatIsGoneIsNotCreatedAnew() {
        String h = hubspot.add(person("a@x.org", "Dave", "1"));
        hubspot.linkKey(h, "d-gone");

        assertThat(sync(hubspot, h)).isEqualTo(Kind.TOMBSTONED);

        assertThat(dynamics.ids()).isEmpty();
    }

    @Test
    void aContactThatAnotherTaskIsCreatingForADuplicateIsNotMatched() {
        String d1 = dynamics.add(person("a@x.org", "Dave", "1"));
        String d2 = dynamics.add(person("a@x.org", "Impostor", "2"));
        hubspot.loseNextAnswer = true;
        assertThatThrownBy(() -> sync(dynamics, d1)).isInstanceOf(RetriableException.class);

        SyncEngine otherTask = new SyncEngine(hubspot, ledger, (work, outcome) -> {});
        Work duplicate = image(dynamics, d2);

        assertThat(otherTask
                        .process(List.of(duplicate), Set.of())
                        .get(duplicate)
                        .kind())
                .isEqualTo(Kind.PARKED);
        assertThat(sync(dynamics, d1)).isEqualTo(Kind.UNCHANGED);
        assertThat(otherTask
                        .process(List.of(duplicate), Set.of())
                        .get(duplicate)
                        .kind())
                .isEqualTo(Kind.DUPLICATE);
    }

    /** A request of which nothing is known but that it was about to be sent. */
    private void open(Intent.Kind kind, String row, String contact) {
        long sent = hubspot.fingerprint("name", dynamics.value(row, "name"));
        long before = contact == null ? 0 : hubspot.fingerprint("name", hubspot.value(contact, "name"));
        Intent intent = new Intent(
                kind,
                "intent for " + row,
                Map.of("name~name", new Change(sent, sent, before, false)),
                1,
                1,
                "dynamics",
                0,
                0,
                null,
                null,
                0);
        ledger.append(List.of(LedgerEntry.blank("hubspot", row).withIntent(contact, intent)));
    }

    private List<String> rowsOf(String contact) {
        return ledger.touching(contact, null).stream()
                .map(stored -> stored.entry().sourceId())
                .toList();
    }

    @Test
    void ofTwoRequestsForOneContactOnlyTheFirstCanHaveBeenSent() {
        String h = hubspot.add(person("a@x.org", "Before", "1"));
        String d1 = dynamics.add(person("a@x.org", "One", "1"));
        String d2 = dynamics.add(person("a@x.org", "Two", "1"));
        open(Intent.Kind.LINK, d1, h);
        open(Intent.Kind.LINK, d2, h);
        hubspot.edit(h, "name", "Later");

        toHubspot.recover(intent -> true);

        assertThat(ledger.open()).isEmpty();
        assertThat(rowsOf(h)).containsExactly(d1);
    }

    @Test
    void aContactThatWasCreatedAndMergedIntoOneThatIsBeingLinkedIsNotLinkedTwice() {
        String h = hubspot.add(person("a@x.org", "Before", "1"));
        String d1 = dynamics.add(person("a@x.org", "One", "1"));
        String d2 = dynamics.add(person("b@x.org", "Two", "1"));
        open(Intent.Kind.CREATE, d2, null);
        open(Intent.Kind.LINK, d1, h);
        hubspot.edit(h, "name", "One");
        hubspot.linkKey(h, d2);

        toHubspot.recover(intent -> true);

        assertThat(ledger.open()).isEmpty();
        assertThat(rowsOf(h)).containsExactly(d1);
    }

    @Test
    void aContactThatWasCreatedAndMergedIntoOneThatIsGettingAnothersLinkIsNotLinkedTwice() {
        String[] pair = pair();
        String winner = hubspot.add(person("b@x.org", "Dave", "1"));
        String created = dynamics.add(person("c@x.org", "Carol", "3"));
        open(Intent.Kind.CREATE, created, null);
        hubspot.linkKey(winner, created);
        LedgerEntry link = ledger.get(new LedgerEntry.Key("dynamics", pair[0])).entry();
        Intent merge =
                new Intent(Intent.Kind.MOVE, "the intent of a merge", Map.of(), 1, 0, "hubspot", 0, 0, winner, null, 0);
        ledger.append(List.of(link.withIntent(pair[1], merge)));

        toHubspot.recover(intent -> true);

        assertThat(ledger.get(new LedgerEntry.Key("hubspot", created)).entry().isLink())
                .isFalse();
    }

    /** An image of the contact as it is now, with the version of an earlier image: two changes within one millisecond. */
    private Work tie(Work first) {
        Image last = image(hubspot, first.image().id()).image();
        Image tie = new Image(
                "hubspot",
                last.id(),
                first.image().version(),
                0,
                Origin.LIVE,
                false,
                null,
                last.values(),
                FIELDS,
                Map.of(),
                last.email(),
                null,
                null,
                Map.of(),
                null,
                last.policy());
        return new Work(tie, first.partition(), offset++);
    }

    @Test
    void ofTwoImagesOfOneMillisecondTheLaterOneStands() {
        String[] pair = pair();
        hubspot.edit(pair[0], "name", "Eve");
        Work first = image(hubspot, pair[0]);
        hubspot.edit(pair[0], "name", "Frank");
        Work second = tie(first);
        process(first);
        process(second);

        assertThat(process(first)).isEqualTo(Kind.STALE);

        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Frank");
    }

    @Test
    void ofTwoImagesOfOneMillisecondTheLaterOneStandsAlsoWhereTheAnswerToItsWriteWasLost() {
        String[] pair = pair();
        hubspot.edit(pair[0], "name", "Eve");
        Work first = image(hubspot, pair[0]);
        hubspot.edit(pair[0], "name", "Frank");
        Work second = tie(first);
        process(first);
        dynamics.loseNextAnswer = true;
        assertThatThrownBy(() -> process(second)).isInstanceOf(RetriableException.class);
        toDynamics = new SyncEngine(dynamics, ledger, (w, outcome) -> {});
        toDynamics.recover(intent -> true);

        assertThat(process(first)).isEqualTo(Kind.STALE);

        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Frank");
    }

    @Test
    void whatSomebodyTypedIntoTheDefaultAppBetweenReadingAndWritingIsGivenBack() {
        String[] pair = pair();
        dynamics.edit(pair[1], "name", "Eve");
        hubspot.beforeWrite = () -> hubspot.edit(pair[0], "name", "Frank");

        sync(dynamics, pair[1]);

        assertThat(hubspot.value(pair[0], "name")).isEqualTo("Frank");
        sync(hubspot, pair[0]);
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Frank");
    }

    @Test
    void aValueThatMayBeGivenBackAlreadyIsNotSentAgainAtOnce() {
        String[] pair = pair();
        dynamics.edit(pair[1], "name", "Eve");
        hubspot.beforeWrite = () -> hubspot.edit(pair[0], "name", "Frank");
        hubspot.changesUntilSilence = 2;
        int before = hubspot.writes;

        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.PARKED);

        assertThat(hubspot.writes).isEqualTo(before + 1);
        assertThat(ledger.open()).as("the question stays open").hasSize(1);
    }

    @Test
    void whatSomebodyTypedIntoTheOtherAppInThatMomentLosesTheConflict() {
        defaultApp = "dynamics";
        String[] pair = pair();
        dynamics.edit(pair[1], "name", "Eve");
        hubspot.beforeWrite = () -> hubspot.edit(pair[0], "name", "Frank");

        sync(dynamics, pair[1]);

        assertThat(hubspot.value(pair[0], "name")).isEqualTo("Eve");
    }

    @Test
    void theLinkOfAMergedContactGoesToTheWinner() {
        String[] pair = pair();
        String winner = hubspot.add(person("b@x.org", "Eve", "2"));
        hubspot.delete(pair[0]);
        movedTo = winner;

        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.MOVED);
        assertThat(sync(hubspot, winner)).isEqualTo(Kind.UPDATED);

        assertThat(dynamics.ids()).containsExactly(pair[1]);
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Eve");
        dynamics.edit(pair[1], "phone", "7");
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.UPDATED);
        assertThat(hubspot.value(winner, "phone")).isEqualTo("7");
    }

    @Test
    void aWinnerThatIsLinkedAtThatVeryMomentDoesNotGetASecondLink() {
        String[] pair = pair();
        String winner = hubspot.add(person("b@x.org", "Dave", "1"));
        String row = dynamics.add(person("b@x.org", "Dave", "1"));
        hubspot.delete(pair[0]);
        movedTo = winner;
        ledger.beforeAppend = () -> sync(dynamics, row);

        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.TOMBSTONED);

        assertThat(ledger.open()).isEmpty();
        assertThat(rowsOf(winner)).containsExactly(row);
    }

    @Test
    void aWinnerThatIsLinkedKeepsItsLinkAndTheLosersRowIsLeftAlone() {
        String[] pair = pair();
        String winner = hubspot.add(person("b@x.org", "Eve", "2"));
        sync(hubspot, winner);
        hubspot.delete(pair[0]);
        movedTo = winner;

        assertThat(sync(hubspot, pair[0])).isEqualTo(Kind.TOMBSTONED);

        dynamics.edit(pair[1], "phone", "7");
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.TOMBSTONED);
        assertThat(hubspot.ids()).containsExactly(winner);
        assertThat(hubspot.value(winner, "phone")).isEqualTo("2");
    }

    @Test
    void theLinkOfARestoredRecordOpensAgain() {
        String[] pair = pair();
        Work before = image(hubspot, pair[0]);
        hubspot.delete(pair[0]);
        sync(hubspot, pair[0]);
        dynamics.edit(pair[1], "phone", "7");
        assertThat(sync(dynamics, pair[1])).isEqualTo(Kind.TOMBSTONED);
        assertThat(process(before))
                .as("an old image tells of no restored record")
                .isEqualTo(Kind.TOMBSTONED);
        hubspot.restore(pair[0]);
        hubspot.edit(pair[0], "name", "Eve");

        sync(hubspot, pair[0]);
        sync(dynamics, pair[1]);

        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Eve");
        assertThat(hubspot.value(pair[0], "phone")).isEqualTo("7");
    }

    /** Somebody edits the contact while the row is deleted, and takes it back once the row is restored. */
    private void editWhileDeleted(boolean deletionIsKnown) {
        String[] pair = pair();
        hubspot.edit(pair[0], "name", "Eve");
        Work edit = image(hubspot, pair[0]);
        dynamics.delete(pair[1]);
        if (deletionIsKnown) {
            sync(dynamics, pair[1]);
        }
        assertThat(process(edit)).isEqualTo(Kind.TOMBSTONED);
        sync(dynamics, pair[1]);
        dynamics.restore(pair[1]);
        sync(dynamics, pair[1]);
        hubspot.edit(pair[0], "name", "Dave");
        sync(hubspot, pair[0]);

        process(edit);

        assertThat(dynamics.value(pair[1], "name")).isEqualTo("Dave");
    }

    @Test
    void anEditOfTheTimeInWhichItsPartnerWasDeletedIsNotWrittenOnAReplay() {
        editWhileDeleted(true);
    }

    @Test
    void anEditThatFoundItsPartnerDeletedIsNotWrittenOnAReplay() {
        editWhileDeleted(false);
    }

    @Test
    void aRecordThatWasDeletedTwiceBeforeItWasLinkedIsNotCreatedOnAReplay() {
        String d = dynamics.add(person("a@x.org", "Dave", "1"));
        dynamics.delete(d);
        Work first = image(dynamics, d);
        process(first);
        dynamics.restore(d);
        Work restored = image(dynamics, d);
        dynamics.delete(d);
        process(image(dynamics, d));

        process(first);
        assertThat(process(restored)).isEqualTo(Kind.STALE);

        assertThat(hubspot.ids()).isEmpty();
    }

    @Test
    void anEditOfAContactThatWasDeletedWhileItWasBeingLinkedIsNotWrittenOnAReplay() {
        String d = dynamics.add(person("a@x.org", "Dave", "1"));
        String h = hubspot.add(person("a@x.org", "Dave", "1"));
        hubspot.linkKey(h, d);
        open(Intent.Kind.CREATE, d, null);
        hubspot.edit(h, "phone", "2");
        Work edit = image(hubspot, h);
        assertThat(process(edit)).isEqualTo(Kind.PARKED);
        hubspot.delete(h);
        Work deletion = image(hubspot, h);
        process(deletion);
        ledger.append(List.of(LedgerEntry.blank("hubspot", d).linked(h, Map.of())));

        assertThat(process(edit)).isEqualTo(Kind.STALE);
        process(deletion);

        assertThat(ledger.get(new LedgerEntry.Key("dynamics", h)).entry().state())
                .isEqualTo(LedgerEntry.State.TOMBSTONED);
    }

    @Test
    void aFieldThatBothAppsKeepRewritingIsLeftAloneForAWhile() {
        String[] pair = pair();
        long[] now = {0};
        List<Outcome> reported = new ArrayList<>();
        toDynamics = new SyncEngine(
                dynamics,
                ledger,
                (work, outcome) -> reported.add(outcome),
                new LoopBreaker(5, 1_000, () -> now[0]),
                new WriteCaps(ledger, "dynamics", 0, 1, 0, 0, () -> now[0]),
                new WriteDeadlines(0, () -> now[0]));
        for (int i = 0; i < 9; i++) {
            hubspot.edit(pair[0], "name", "rewritten " + i);
            hubspot.edit(pair[0], "phone", "");
            sync(hubspot, pair[0]);
        }
        assertThat(dynamics.value(pair[1], "name")).isEqualTo("rewritten 4");
        assertThat(reported).hasSize(9);
        assertThat(reported.get(8).leftOut()).singleElement().satisfies(fields -> {
            assertThat(fields.why()).isEqualTo(LeftOut.Why.STOPPED);
            assertThat(fields.fields()).containsExactly("name");
        });

        now[0] = 2_000;
        sync(hubspot, pair[0]);

        assertThat(dynamics.value(pair[1], "name")).isEqualTo("rewritten 8");
    }

    @Test
    void replayOfEverythingWritesNothing() {
        String[] pair = pair();
        hubspot.edit(pair[0], "phone", "");
        sync(hubspot, pair[0]);
        dynamics.edit(pair[1], "name", "Eve");
        sync(dynamics, pair[1]);
        sync(hubspot, pair[0]);
        int writes = hubspot.writes + dynamics.writes;
        sync(hubspot, pair[0]);
        sync(dynamics, pair[1]);
        assertThat(hubspot.writes + dynamics.writes).isEqualTo(writes);
    }
}
