package io.github.crmsync.dynamics;

import io.github.crmsync.core.sink.WriteOutcome;

/** Meaning of an error answer to a write: 412 alone has four. */
final class Refusal {
    private Refusal() {}

    static WriteOutcome classify(int status, String code, String message, boolean creating) {
        if (status == 404 || code.equals("0x80040217")) {
            return new WriteOutcome.Missing();
        }
        if (status == 429
                || status >= 500 && !code.equals("0x80040333")
                || code.equals("0x80044150")
                || code.equals("0x80044151")) {
            return new WriteOutcome.TryLater(message);
        }
        if (code.equals("0x80040333") || code.equals("0x80060892") || message.startsWith("Entity Key")) {
            return new WriteOutcome.Refused(message);
        }
        if (status == 412 || code.equals("0x80060882") || code.equals("0x80040237")) {
            return creating ? new WriteOutcome.Conflict(null, message) : new WriteOutcome.VersionMoved();
        }
        return new WriteOutcome.Refused(message);
    }
}
