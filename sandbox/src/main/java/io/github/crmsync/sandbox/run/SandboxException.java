package io.github.crmsync.sandbox.run;

/** The sandbox cannot go on; the message is meant for its user. */
final class SandboxException extends RuntimeException {
    SandboxException(String message) {
        super(message);
    }

    SandboxException(String message, Throwable cause) {
        super(message, cause);
    }
}
