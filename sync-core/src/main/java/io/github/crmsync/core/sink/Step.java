package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.LedgerEntry.State;
import io.github.crmsync.core.ledger.LinkView;
import io.github.crmsync.core.ledger.Place;
import io.github.crmsync.core.record.Emails;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.sink.TargetClient.NewRecord;

/** An image on its way through one round. */
final class Step {
    final Work work;
    final Image image;
    /** What the ledger said when it was last looked at for this image. */
    LinkView view;
    /** The target's record as it was read, or written; null if there is none. */
    TargetRecord target;
    /** Id of the deleted record whose place this one takes; null if it takes none. */
    String replaces;
    /** What is to be done with an existing record. */
    FieldPlan plan;
    /** What is to be created instead. */
    NewRecord creation;
    /** What was recorded of it before anything is written; null if nothing was. */
    Intent intent;

    Step(Work work) {
        this.work = work;
        this.image = work.image();
    }

    /** Where the image stands relative to the one on which the own entry was decided. */
    Place.Order order() {
        return work.place().relativeTo(view.own().place());
    }

    /** Newest version of the source that was handled. */
    long handledVersion() {
        return Math.max(view.agreedVersion(), view.own().seen());
    }

    /** Whether the image was sent after the one on which the own entry was decided. */
    boolean isNewer() {
        return switch (order()) {
            case AFTER -> true;
            case BEFORE, SAME -> false;
            // A pair whose other side was deleted may be restored without a new version of this one.
            case UNKNOWN ->
                image.deleted()
                        || image.version() > handledVersion()
                        || image.version() == handledVersion() && view.own().state() == State.TOMBSTONED;
        };
    }

    /** Whether the own entry, which keeps the record out, was decided on this image or on a later one. */
    boolean handledBefore() {
        return switch (order()) {
            case BEFORE, SAME -> true;
            case AFTER -> false;
            // What was kept out is decided once more, as on each sweep; what was deleted needs a newer version to be
            // alive.
            case UNKNOWN -> view.own().state() == State.GONE && !isNewer();
        };
    }

    String targetId() {
        return target == null ? null : target.id();
    }

    boolean isEmail(Object value) {
        return image.email() != null && image.email().equals(Emails.canonical(value));
    }
}
