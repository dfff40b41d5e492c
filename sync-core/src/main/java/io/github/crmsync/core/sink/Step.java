package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.LinkView;
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

    String targetId() {
        return target == null ? null : target.id();
    }

    boolean isEmail(Object value) {
        return image.email() != null && image.email().equals(Emails.canonical(value));
    }
}
