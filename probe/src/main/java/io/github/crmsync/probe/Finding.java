package io.github.crmsync.probe;

import java.util.List;

/**
 * What became of one question.
 *
 * @param reading what was seen; null if it could not be told
 * @param problem why it could not be told, else null
 * @param exchanges the requests that were sent for it, with their answers
 */
public record Finding(Fact fact, String reading, String problem, List<Exchange> exchanges) {
    /** How the service and the simulator compare. */
    public enum Verdict {
        AS_SIMULATED("as simulated"),
        SWITCH("set a switch"),
        NEW("not simulated"),
        NOT_CHECKED("not checked");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public Verdict verdict() {
        if (reading == null) {
            return Verdict.NOT_CHECKED;
        }
        String setting = fact.readings().get(reading);
        if (setting == null) {
            return Verdict.NEW;
        }
        return setting.isEmpty() ? Verdict.AS_SIMULATED : Verdict.SWITCH;
    }

    /** The switch that makes the simulator behave like the service; empty if it does, or if there is none. */
    public String setting() {
        return reading == null ? "" : fact.readings().getOrDefault(reading, "");
    }
}
