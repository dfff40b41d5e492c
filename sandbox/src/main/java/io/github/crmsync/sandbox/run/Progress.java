package io.github.crmsync.sandbox.run;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far the sync is: a bar on a terminal, plain lines otherwise. Writes to the error stream only. */
final class Progress implements AutoCloseable {
    private static final long LINE_INTERVAL_NS = 5_000_000_000L;

    private final ProgressBar bar;
    private long expected;
    private long lastLine;
    private long shown = -1;

    Progress(long expected) {
        this.expected = expected;
        this.bar = System.console() == null
                ? null
                : new ProgressBarBuilder()
                        .setTaskName("Records written")
                        .setInitialMax(expected)
                        .setStyle(ProgressBarStyle.ASCII)
                        .build();
    }

    static void line(String text) {
        System.err.println(text);
    }

    /** Shows the number of records written so far; the expectation is a guess and grows with it. */
    synchronized void written(long hubspot, long dynamics) {
        long written = hubspot + dynamics;
        expected = Math.max(expected, written);
        if (bar != null) {
            bar.maxHint(expected);
            bar.stepTo(written);
        } else if (written != shown && System.nanoTime() - lastLine > LINE_INTERVAL_NS) {
            line("Records written: HubSpot %d, Dynamics %d".formatted(hubspot, dynamics));
            lastLine = System.nanoTime();
            shown = written;
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
