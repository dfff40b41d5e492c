package io.github.crmsync.simulation.stack;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.sink.Report;

/** What a sink task finds around it, besides the app that it writes to. */
public interface SinkOutside {
    Ledger ledger(String writer, String task);

    Report report();

    /** Number of records that the connector has committed. */
    long committed();

    /** The time in ms since the epoch. */
    long millis();
}
