package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.Intent.Change;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LinkView;
import io.github.crmsync.core.ledger.TakenOverException;
import io.github.crmsync.core.record.Image;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.RetriableException;

/** Steps 7 to 9 of the protocol: intents as lock requests, second look at the ledger, second look at the target. */
final class Locking {
    private final Round round;
    private final TargetClient client;
    private final Ledger ledger;
    private final String owner;
    private final WriteCaps caps;
    private final WriteDeadlines deadlines;

    Locking(Round round, TargetClient client, Ledger ledger, WriteCaps caps, WriteDeadlines deadlines) {
        this.round = round;
        this.client = client;
        this.ledger = ledger;
        this.owner = client.app();
        this.caps = caps;
        this.deadlines = deadlines;
    }

    /** Steps 7 to 9: intents as lock requests, second look at the ledger, second look at the target. */
    List<Step> lock(List<Step> plans) {
        if (plans.isEmpty()) {
            return plans;
        }
        int creations =
                (int) plans.stream().filter(step -> step.creation != null).count();
        int updates = (int) plans.stream()
                .filter(step -> step.creation == null && !step.plan.writes().isEmpty())
                .count();
        caps.check(creations, updates);
        round.deadline(deadlines.begin());
        for (Step step : plans) {
            step.intent = intent(step);
            deadlines.recording(step.intent, round.deadline());
            round.append(step.work, step.view.own().withIntent(intendedId(step), step.intent));
        }
        try {
            round.flush();
            ledger.catchUp();
            return unmoved(granted(plans));
        } catch (RetriableException e) {
            // Nothing was sent: recovery need not guess.
            round.withdrawAll(plans, e);
            throw e;
        }
    }

    private List<Step> granted(List<Step> plans) {
        List<Step> granted = new ArrayList<>();
        for (Step step : plans) {
            LinkView now = view(step);
            Intent mine = now.own().intent();
            if (now.own().by() != null
                    && now.own().by() != step.work.partition().partition()) {
                // Another partition's task was faster with an image of this record: the request counts for nothing.
                round.retry(step.work);
                continue;
            }
            if (mine == null || !mine.id().equals(step.intent.id())) {
                // Whoever has taken the partition over has closed what was about to be done.
                throw new TakenOverException(step.work.partition(), null);
            }
            if (now.grants(step.view)) {
                granted.add(step);
            } else {
                round.withdraw(step);
                round.retry(step.work);
            }
        }
        return granted;
    }

    private LinkView view(Step step) {
        return LinkView.of(ledger, owner, step.image.id(), intendedId(step));
    }

    /** The record that is about to be written; for a creation null where the app gives out ids itself. */
    private String intendedId(Step step) {
        return step.target == null ? client.chosenId(step.image.id()) : step.target.id();
    }

    private Intent intent(Step step) {
        Image image = step.image;
        Intent.Kind kind = step.creation != null
                ? Intent.Kind.CREATE
                : step.view.targetId() != null ? Intent.Kind.WRITE : Intent.Kind.LINK;
        Map<String, Change> changes = step.creation == null ? step.plan.changes() : round.createdChanges(step);
        return Intent.of(
                kind,
                UUID.randomUUID().toString(),
                changes,
                image.version(),
                step.target == null ? 0 : step.target.version(),
                step.work.partition(),
                step.work.place(),
                null);
    }

    /** Step 9: without a conditional write, or without any write, the target must still be as it was read. */
    private List<Step> unmoved(List<Step> granted) {
        List<Step> check = granted.stream()
                .filter(step -> step.creation == null
                        && (!client.conditionalWrites() || step.plan.writes().isEmpty()))
                .toList();
        if (check.isEmpty()) {
            return granted;
        }
        Map<String, TargetRecord> again = round.read(
                check.stream().map(step -> step.target.id()).collect(Collectors.toSet()), round.fields(check));
        Set<Step> moved = new HashSet<>();
        for (Step step : check) {
            TargetRecord now = again.get(step.target.id());
            // Values count as well: two changes of a HubSpot contact in one millisecond share a version.
            if (now == null
                    || now.version() != step.target.version()
                    || !now.values().equals(step.target.values())) {
                round.withdraw(step);
                round.retry(step.work);
                moved.add(step);
            }
        }
        return granted.stream().filter(step -> !moved.contains(step)).toList();
    }
}
