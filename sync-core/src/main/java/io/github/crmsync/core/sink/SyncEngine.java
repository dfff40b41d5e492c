package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Agreement;
import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LinkView;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The sync protocol of one sink, a batch of images at a time: read ledger, read targets, decide, lock by intent, write, agree.
 *
 * <p>Single-threaded and without a clock of its own: it can be stepped by a test. Each image of a batch must belong to
 * another source record. A step that the target or the ledger cannot carry out throws; intents then stay open, and the next
 * call, here or in a restarted task, first finds out what became of them.
 */
public final class SyncEngine {
    /** Rounds after which a record that keeps moving is parked instead of tried again at once. */
    private static final int MAX_ROUNDS = 8;

    private final TargetClient client;
    private final Ledger ledger;
    private final BiConsumer<Work, Outcome> report;
    private final String owner;
    private final LoopBreaker loops;
    private final WriteCaps caps;
    private final GiveBack giveBack;
    private final Recovery recovery;

    /**
     * @param report called once for each decision that ends, or first parks, an image
     */
    public SyncEngine(TargetClient client, Ledger ledger, BiConsumer<Work, Outcome> report) {
        this(
                client,
                ledger,
                report,
                new LoopBreaker(0, 0, () -> 0),
                new WriteCaps(ledger, client.app(), 0, 1, 0, 0, () -> 0));
    }

    SyncEngine(
            TargetClient client, Ledger ledger, BiConsumer<Work, Outcome> report, LoopBreaker loops, WriteCaps caps) {
        this.loops = loops;
        this.caps = caps;
        this.client = client;
        this.ledger = ledger;
        this.report = report;
        this.owner = client.app();
        this.giveBack = new GiveBack(client);
        this.recovery = new Recovery(client, ledger, giveBack);
    }

    /** Closes all open intents whose image came from one of the partitions that this task holds now. */
    public void recover(Predicate<Intent> mine) {
        ledger.catchUp();
        List<LedgerEntry> open = ledger.open().stream()
                .map(Ledger.Stored::entry)
                .filter(entry -> entry.owner().equals(owner) && mine.test(entry.intent()))
                .toList();
        recovery.close(open);
    }

    /**
     * Carries out the protocol for a batch.
     *
     * @param unfinished source ids of which an image was parked before, or replaced by a newer one before it was handled: rule
     *     V3 remembers the version of the image that ends this
     */
    public Map<Work, Outcome> process(Collection<Work> batch, Set<String> unfinished) {
        Round round = new Round(client, ledger, report, unfinished);
        List<Work> pending = new ArrayList<>(batch);
        for (int i = 0; i < MAX_ROUNDS && !pending.isEmpty(); i++) {
            run(round, pending);
            pending = round.takeRetries();
        }
        for (Work work : pending) {
            round.finish(work, Kind.PARKED, null, "the record keeps changing");
        }
        return round.outcomes();
    }

    /** Number of the next agreement of the image's pair, as the ledger was last read. */
    public long nextAgreement(Work work) {
        return LinkView.of(ledger, owner, work.image().id(), null).nextSeq();
    }

    private void run(Round round, List<Work> pending) {
        ledger.catchUp();
        recovery.close(pending.stream()
                .map(work -> ledger.get(new LedgerEntry.Key(owner, work.image().id())))
                .filter(stored -> stored != null && stored.entry().intent() != null)
                .map(Ledger.Stored::entry)
                .toList());
        Deletions deletions = new Deletions(round, ledger, owner);
        Classification images = new Classification(round, ledger, owner, deletions);
        for (Work work : pending) {
            Step step = new Step(work);
            step.view = LinkView.of(ledger, owner, step.image.id(), null);
            images.classify(step);
        }
        deletions.reopen(images.restored);
        round.flush();
        Planning planning = new Planning(round, client, ledger, loops);
        List<Step> plans = new ArrayList<>(planning.planLinked(images.linked));
        plans.addAll(planning.planUnlinked(images.unlinked));
        round.flush();
        List<Step> granted = new Locking(round, client, ledger, caps).lock(plans);
        new Writing(round, client, giveBack, loops, caps).carryOut(granted);
    }

    static Agreement agreement(
            boolean fromHubspot, long source, long target, long seq, long sourceVersion, long targetVersion) {
        return fromHubspot
                ? new Agreement(source, target, seq, sourceVersion, targetVersion)
                : new Agreement(target, source, seq, targetVersion, sourceVersion);
    }
}
