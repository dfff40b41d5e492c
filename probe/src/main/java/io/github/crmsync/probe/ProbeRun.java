package io.github.crmsync.probe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Asks all questions, one after the other, and cleans up. */
public final class ProbeRun {
    private final Service service;
    private final Cleanup cleanup;
    private final Consumer<Fact> progress;

    /** @param progress told of each question before it is asked */
    public ProbeRun(Service service, Cleanup cleanup, Consumer<Fact> progress) {
        this.service = service;
        this.cleanup = cleanup;
        this.progress = progress;
    }

    public Findings ask(String app, List<Fact> facts) {
        List<Finding> findings = new ArrayList<>();
        List<String> left;
        try {
            for (Fact fact : facts) {
                progress.accept(fact);
                findings.add(ask(fact));
            }
        } finally {
            left = cleanup.run();
        }
        return new Findings(app, findings, left);
    }

    private Finding ask(Fact fact) {
        service.takeExchanges();
        try {
            return new Finding(fact, fact.check().observe(), null, service.takeExchanges());
        } catch (Inconclusive e) {
            return new Finding(fact, null, e.getMessage(), service.takeExchanges());
        } catch (IOException e) {
            return new Finding(fact, null, "no answer: " + e.getMessage(), service.takeExchanges());
        }
    }
}
