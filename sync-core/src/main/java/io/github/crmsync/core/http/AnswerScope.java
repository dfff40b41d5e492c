package io.github.crmsync.core.http;

/** How much of a request an answer is about. */
public enum AnswerScope {
    /** The whole call. */
    CALL,
    /** One record of a batch: never its neighbours. */
    PART,
    /** One field of a record. */
    FIELD
}
