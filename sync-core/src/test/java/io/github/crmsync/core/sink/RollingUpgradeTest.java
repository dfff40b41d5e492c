package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LedgerEntry.Key;
import io.github.crmsync.core.ledger.LedgerEntry.State;
import io.github.crmsync.core.ledger.LedgerIndex;
import io.github.crmsync.core.ledger.Place;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** An older task beside a newer one, whose entries in the ledger say things that the older one has never heard of. */
class RollingUpgradeTest {
    private static final MappedField PHONE = new MappedField("phone", "phone");
    private static final MergePolicy POLICY = new MergePolicy("hubspot", true, Map.of(), Set.of());

    private final Pair pair = new Pair(PHONE, POLICY, "1", "1");
    private final MemoryLedger ledger = pair.ledger;

    private LedgerEntry entry(String owner, String id) {
        return ledger.get(new Key(owner, id)).entry();
    }

    private static LedgerEntry inUnknownState(LedgerEntry entry) {
        return new LedgerEntry(
                entry.owner(),
                entry.sourceId(),
                entry.targetId(),
                State.UNKNOWN,
                entry.base(),
                null,
                0,
                false,
                entry.offset(),
                null,
                0,
                null,
                null,
                0,
                null,
                null,
                null,
                null);
    }

    private static LedgerEntry withIntent(LedgerEntry entry, Intent.Kind kind, String target) {
        return entry.withIntent(
                target,
                Intent.of(kind, "op", Map.of(), 1, 1, new TopicPartition("hubspot", 0), new Place(null, 0, 0), null));
    }

    /** Nothing happens to the pair or its entry, and another record goes on. */
    private void assertHeld(LedgerEntry newer) {
        ledger.append(List.of(newer));
        pair.hubspot.edit(pair.h, "phone", "2");
        pair.dynamics.edit(pair.d, "phone", "3");
        int writes = pair.writes();
        assertThat(pair.toDynamics.recover(intent -> true)).isTrue();
        assertThat(pair.toHubspot.recover(intent -> true)).isTrue();
        Outcome outcome = pair.process(pair.fromHubspot());
        assertThat(outcome.kind()).isEqualTo(Kind.PARKED);
        assertThat(pair.process(pair.fromDynamics()).kind()).isEqualTo(Kind.PARKED);
        assertThat(outcome.detail()).contains("newer version");
        assertThat(pair.writes()).isEqualTo(writes);
        assertThat(entry(newer.owner(), newer.sourceId())).isEqualTo(newer);
        assertThat(pair.process(pair.another("b@x.org", "1")).kind()).isEqualTo(Kind.CREATED);
    }

    @Test
    void aLinkInAnUnknownStateIsHeld() {
        pair.settle();
        assertHeld(inUnknownState(entry("dynamics", pair.h)));
    }

    @Test
    void theOtherSinksUnknownEntryHoldsThePair() {
        pair.settle();
        assertHeld(inUnknownState(LedgerEntry.blank("hubspot", pair.d).linked(pair.h, Map.of())));
    }

    @Test
    void anIntentOfAnUnknownKindIsNeitherJudgedNorClosed() {
        pair.settle();
        assertHeld(withIntent(entry("dynamics", pair.h), Intent.Kind.UNKNOWN, pair.d));
    }

    @Test
    void aKnownIntentOnAnUnknownPairStaysOpen() {
        pair.settle();
        LedgerEntry own = withIntent(entry("dynamics", pair.h), Intent.Kind.WRITE, pair.d);
        ledger.append(List.of(own));
        assertHeld(inUnknownState(LedgerEntry.blank("hubspot", pair.d).linked(pair.h, Map.of())));
        assertThat(entry("dynamics", pair.h)).isEqualTo(own);
    }

    @Test
    void aRowInAnUnknownStateIsNotLinkedByItsAddress() {
        LedgerEntry newer = inUnknownState(LedgerEntry.blank("hubspot", pair.d));
        ledger.append(List.of(newer));
        assertThat(pair.process(pair.fromHubspot()).kind()).isEqualTo(Kind.PARKED);
        assertThat(ledger.open()).isEmpty();
        assertThat(pair.dynamics.ids()).hasSize(1);
    }

    @Test
    void whatAnotherSyncMayHaveLinkedCountsAsLinked() {
        LedgerIndex other = new LedgerIndex();
        other.apply(inUnknownState(LedgerEntry.blank("hubspot", "d1").linked("h1", Map.of())), 0);
        assertThat(other.links("h1")).isTrue();
    }
}
