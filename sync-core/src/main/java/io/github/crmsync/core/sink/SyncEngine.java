package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Agreement;
import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.LinkView;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.core.sink.Recovery.Unsettled;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;

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
    private final WriteDeadlines deadlines;
    private final GiveBack giveBack;
    private final Recovery recovery;
    private final ToldRefusals told = new ToldRefusals();
    private Predicate<Work> again = work -> false;

    /**
     * @param report called for each decision that ends or parks an image
     */
    public SyncEngine(TargetClient client, Ledger ledger, BiConsumer<Work, Outcome> report) {
        this(
                client,
                ledger,
                report,
                new LoopBreaker(0, 0, () -> 0),
                new WriteCaps(ledger, client.app(), 0, 1, 0, 0, () -> 0),
                new WriteDeadlines(0, () -> 0));
    }

    SyncEngine(
            TargetClient client,
            Ledger ledger,
            BiConsumer<Work, Outcome> report,
            LoopBreaker loops,
            WriteCaps caps,
            WriteDeadlines deadlines) {
        this.deadlines = deadlines;
        this.loops = loops;
        this.caps = caps;
        this.client = client;
        this.ledger = ledger;
        this.report = report;
        this.owner = client.app();
        this.giveBack = new GiveBack(client);
        this.recovery = new Recovery(client, ledger, giveBack, deadlines);
    }

    /** Tells images that were decided on before with other settings: what kept their record out counts no more. */
    void decidesAnew(Predicate<Work> decidedBefore) {
        again = decidedBefore;
    }

    /** Takes a partition over: nobody else can record an intent for it any more. Comes before its first image. */
    public void take(TopicPartition partition) {
        ledger.take(partition);
        deadlines.taken(partition);
    }

    /** Ends what {@link #take} began. */
    public void release(TopicPartition partition) {
        ledger.release(partition);
        deadlines.released(partition);
    }

    /**
     * Closes the open intents whose image came from one of the partitions that this task holds now, if their requests can be
     * under way no more. Until then the images of their records wait.
     *
     * @return whether none is left
     */
    public boolean recover(Predicate<Intent> mine) {
        return recover(mine, false).isEmpty();
    }

    /**
     * As {@link #recover(Predicate)}.
     *
     * @param force whether those that the app fails on are closed as well, as if nothing had been carried out
     * @return the others
     */
    List<Unsettled> recover(Predicate<Intent> mine, boolean force) {
        ledger.catchUp();
        List<Unsettled> found = ledger.open().stream()
                .filter(stored -> stored.entry().owner().equals(owner)
                        && mine.test(stored.entry().intent())
                        && !isUnreadable(stored.entry()))
                .map(stored -> new Unsettled(stored, stored.entry().intent().images()))
                .toList();
        Set<String> givenUp =
                force ? found.stream().map(open -> open.entry().sourceId()).collect(Collectors.toSet()) : Set.of();
        return recovery.close(found, givenUp);
    }

    /**
     * Carries out the protocol for a batch.
     *
     * @param unfinished source ids of which an image was parked before, or replaced by a newer one before it was handled: rule
     *     V3 remembers the version of the image that ends this
     */
    public Map<Work, Outcome> process(Collection<Work> batch, Set<String> unfinished) {
        return process(batch, unfinished, Map.of(), work -> Retries.ANY);
    }

    /**
     * Carries out the protocol for a batch, as above.
     *
     * @param hopeless images for which nothing more is sent, with the app's last message: whatever the ledger and the target's
     *     record alone cannot decide ends as FAILED, with no intent left open
     * @param together number of records that each may be written in one request with
     */
    public Map<Work, Outcome> process(
            Collection<Work> batch, Set<String> unfinished, Map<Work, String> hopeless, ToIntFunction<Work> together) {
        batch.forEach(this::checkMapping);
        Round round = new Round(client, ledger, report, unfinished, told);
        List<Work> pending = new ArrayList<>(batch);
        for (int i = 0; i < MAX_ROUNDS && !pending.isEmpty(); i++) {
            run(round, pending, hopeless, together);
            pending = round.takeRetries();
        }
        pending.forEach(round::exhausted);
        return round.outcomes();
    }

    private void checkMapping(Work work) {
        String operations = client.operationField();
        if (operations != null
                && work.image().mapping().stream()
                        .anyMatch(field -> field.target().equals(operations))) {
            throw new ConnectException(
                    "Field " + operations
                            + " is set aside for the sink's own operation ids; take it out of the mapping, or set another field aside");
        }
    }

    /** Number of the next agreement of the image's pair, as the ledger was last read. */
    public long nextAgreement(Work work) {
        return LinkView.of(ledger, owner, work.image().id(), null).nextSeq();
    }

    private void run(Round round, List<Work> pending, Map<Work, String> hopeless, ToIntFunction<Work> together) {
        ledger.catchUp();
        Map<String, Unsettled> unsettled = recoverOf(pending, hopeless);
        Deletions deletions = new Deletions(round, ledger, owner);
        Classification images = new Classification(round, ledger, owner, deletions, again);
        for (Work work : pending) {
            Unsettled open = unsettled.get(work.image().id());
            if (open != null && open.failure() != null) {
                round.park(work, Outcome.Trouble.FAILED, open.entry().targetId(), open.failure());
                continue;
            }
            if (open != null) {
                round.finish(work, Kind.PARKED, null, "an earlier request for this record may still be under way");
                continue;
            }
            Step step = new Step(work);
            step.view = LinkView.of(ledger, owner, step.image.id(), null);
            if (step.view.unreadable()) {
                round.finish(
                        work,
                        Kind.PARKED,
                        step.view.targetId(),
                        "a newer version of this connector has written its entry in the ledger");
                continue;
            }
            if (step.view.own().intent() != null) {
                // Recorded while others were judged, by the task that has another partition with images of the record.
                round.finish(work, Kind.PARKED, null, "another task is writing this record");
                continue;
            }
            round.read(work, step.view.position());
            images.classify(step);
        }
        deletions.reopen(images.restored);
        round.flush();
        deletions.move(deadlines);
        Planning planning = new Planning(round, client, ledger, loops);
        List<Step> plans = new ArrayList<>(planning.planLinked(images.linked));
        plans.addAll(planning.planUnlinked(images.unlinked));
        plans.removeIf(step -> giveUp(round, step, hopeless.get(step.work)));
        round.flush();
        List<Step> granted = new Locking(round, client, ledger, caps, deadlines).lock(plans);
        new Writing(round, client, giveBack, loops, caps, together).carryOut(granted);
        round.over().forEach(deadlines::over);
    }

    /** Whether an image ends here, because nothing more is to be sent for it. */
    private static boolean giveUp(Round round, Step step, String message) {
        boolean sends = step.creation != null || !step.plan.writes().isEmpty();
        if (message != null && sends) {
            round.finish(step.work, Kind.FAILED, step.targetId(), message);
        }
        return message != null && sends;
    }

    /**
     * Closes the open intents of these records. One that came from another partition, as before partitions were added, is left
     * to the holder of that: it may be alive, and writing.
     *
     * @return those that cannot be judged yet, by source id
     */
    private Map<String, Unsettled> recoverOf(List<Work> pending, Map<Work, String> hopeless) {
        List<Unsettled> found = new ArrayList<>();
        Map<String, Unsettled> unsettled = new HashMap<>();
        for (Work work : pending) {
            Ledger.Stored stored =
                    ledger.get(new LedgerEntry.Key(owner, work.image().id()));
            if (stored == null || stored.entry().intent() == null || isUnreadable(stored.entry())) {
                continue;
            }
            Unsettled open = new Unsettled(stored, work.partition());
            if (deadlines.isElsewhere(stored.entry().intent())) {
                unsettled.put(stored.entry().sourceId(), open);
            } else {
                found.add(open);
            }
        }
        Set<String> givenUp =
                hopeless.keySet().stream().map(work -> work.image().id()).collect(Collectors.toSet());
        recovery.close(found, givenUp)
                .forEach(open -> unsettled.put(open.entry().sourceId(), open));
        return unsettled;
    }

    /** What a newer version has begun, or has to do with, is left to it. */
    private boolean isUnreadable(LedgerEntry entry) {
        return LinkView.of(ledger, owner, entry.sourceId(), entry.targetId()).unreadable();
    }

    static Agreement agreement(
            boolean fromHubspot, long source, long target, long seq, long sourceVersion, long targetVersion) {
        return fromHubspot
                ? new Agreement(source, target, seq, sourceVersion, targetVersion)
                : new Agreement(target, source, seq, targetVersion, sourceVersion);
    }
}
