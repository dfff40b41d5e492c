package io.github.crmsync.core.http;

/** What an answer of a service means for the operation that it answers. Each connector decides it in one table. */
public enum AnswerKind {
    /** The service will not take this record, whatever is left out of it. */
    REFUSED_RECORD,
    /** The service will not take some of the fields; it takes the record without them. */
    REFUSED_FIELDS,
    /** The record does not exist, or no longer. */
    GONE,
    /** Another record owns a unique value, or the record has changed since it was read. */
    CONFLICT,
    /** Not carried out; the same request may succeed later. */
    TRY_LATER,
    /** The service does not accept the connector's credentials. */
    CREDENTIALS,
    /** Only a change of a setting, or of a privilege, can help. */
    CONFIGURATION,
    /** The request may have been carried out. */
    AMBIGUOUS,
    /** Not an answer of the API's own, or one that it does not document. */
    UNKNOWN
}
