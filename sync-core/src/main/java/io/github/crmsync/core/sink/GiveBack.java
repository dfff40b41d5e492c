package io.github.crmsync.core.sink;

import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.ledger.Intent.Change;
import io.github.crmsync.core.record.Fingerprints;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.sink.TargetClient.RecordChange;
import io.github.crmsync.core.sink.WriteOutcome.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives back what someone typed between our reading and our write, where an unconditional write could not see it and the
 * conflict is the target's to win. The value then travels to the other app as any other edit.
 */
final class GiveBack {
    private static final int MAX_ROUNDS = 5;

    /**
     * A record and the values that it is to get back, by field; none when it is done.
     *
     * @param underWay whether a request without an answer may still give them back: sent again, it might arrive after all, and
     *     replace something newer
     */
    record Slip(TargetRecord written, Map<String, Object> values, boolean underWay) {
        boolean open() {
            return !values.isEmpty();
        }
    }

    private final TargetClient client;

    GiveBack(TargetClient client) {
        this.client = client;
    }

    /** Filled values that were replaced although their field yields. */
    Slip slip(TargetRecord written, Map<String, Object> overwritten, Map<String, Change> changes) {
        Map<String, Object> values = new HashMap<>();
        changes.forEach((name, change) -> {
            String field = MappedField.nameIn(client.app(), name);
            if (change.yields() && isFilled(field, overwritten.get(field))) {
                values.put(field, overwritten.get(field));
            }
        });
        return new Slip(written, values, false);
    }

    private boolean isFilled(String field, Object value) {
        return client.fingerprint(field, value) != Fingerprints.EMPTY;
    }

    /** Writes them back until nothing slips in any more; answers in the order given, with what could not be given back. */
    List<Slip> restore(List<Slip> slips, Deadline deadline) {
        List<Slip> now = new ArrayList<>(slips);
        for (int round = 0; round < MAX_ROUNDS; round++) {
            List<Integer> open = new ArrayList<>();
            for (int i = 0; i < now.size(); i++) {
                if (now.get(i).open() && !now.get(i).underWay()) {
                    open.add(i);
                }
            }
            if (open.isEmpty() || deadline.late()) {
                break;
            }
            List<WriteOutcome> outcomes = client.update(
                    open.stream()
                            .map(now::get)
                            .map(slip -> new RecordChange(
                                    slip.written().id(), slip.written().etag(), slip.values()))
                            .toList(),
                    deadline);
            for (int i = 0; i < open.size(); i++) {
                now.set(open.get(i), next(now.get(open.get(i)), outcomes.get(i)));
            }
        }
        return now;
    }

    private Slip next(Slip slip, WriteOutcome outcome) {
        if (outcome instanceof Written written) {
            Map<String, Object> values = new HashMap<>(written.overwritten());
            values.entrySet().removeIf(value -> !isFilled(value.getKey(), value.getValue()));
            return new Slip(written.stored(), values, false);
        }
        if (outcome instanceof WriteOutcome.Ambiguous) {
            return new Slip(slip.written(), slip.values(), true);
        }
        boolean later = outcome instanceof WriteOutcome.TryLater || outcome instanceof WriteOutcome.Failed;
        return later ? slip : new Slip(slip.written(), Map.of(), false);
    }
}
