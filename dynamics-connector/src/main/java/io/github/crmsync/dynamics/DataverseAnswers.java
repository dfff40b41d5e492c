package io.github.crmsync.dynamics;

import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.http.AnswerScope;
import java.util.Locale;
import java.util.Set;

/**
 * What an answer of the Dataverse Web API that is no success means: the one place that decides it.
 *
 * <p>The error code comes before the status, because the status of an error that a plug-in throws is the plug-in's choice. A
 * body that is not the API's own - a page of a gateway, nothing at all - is never taken for the API's word. An answer to a part
 * of a batch concerns its row, unless its code speaks of the service or of the user as a whole.
 *
 * <p>Sources: Dataverse documentation, "Web service error codes", "Compose HTTP requests and handle errors", "Perform
 * conditional operations", "Service protection API limits", "Column-level security with code".
 */
final class DataverseAnswers {
    /** A plug-in threw (IsvAborted) or failed (IsvUnExpected). */
    private static final Set<String> PLUG_IN = Set.of("0x80040265", "0x80040224");
    /** A secured column that the user may not set on create, on share, on update. */
    private static final Set<String> SECURED_COLUMN = Set.of("0x8004f502", "0x8004f503", "0x8004f507");
    /** Execution time, requests and concurrent requests beyond the service protection limits. */
    private static final Set<String> THROTTLED = Set.of("0x80072321", "0x80072322", "0x80072326");
    /** SQL deadlock and SQL time-out. */
    private static final Set<String> SQL = Set.of("0x80044150", "0x80044151");

    private static final Set<String> NOT_FOUND = Set.of("0x80040217", "0x80060891");
    private static final String STATE_AND_STATUS = "0x80048408";
    /** A right on one row is missing, though the privilege for the table is there. */
    private static final String NO_RIGHT_ON_ROW = "0x80048306";

    private static final Set<String> PRIVILEGE = Set.of("0x80040220", "0x80040299");
    private static final String NOT_A_MEMBER = "0x80072560";

    /** What was asked for. */
    enum Operation {
        /** Rows or definitions. */
        READ,
        /** Rows by a link that the service gave for them: a next link or a delta link. */
        FOLLOW,
        CREATE,
        UPDATE;

        boolean writes() {
            return this == CREATE || this == UPDATE;
        }
    }

    /**
     * What an answer means.
     *
     * @param about whom it concerns: a part's answer may speak of the whole service ({@code CALL}), of the row ({@code PART}) or
     *     of a column of it ({@code FIELD})
     */
    record Answer(AnswerKind kind, AnswerScope about) {}

    private DataverseAnswers() {}

    /**
     * @param scope what was answered: a call of its own, a part of a batch, or a request that was made for the sake of one column
     * @param table which is written to; null for other requests
     */
    static Answer of(Operation operation, AnswerScope scope, ServiceError error, Table table) {
        Answer answer = error.own() ? own(operation, scope, error, table) : foreign(operation, scope, error.status());
        boolean forOneColumn = scope == AnswerScope.FIELD && answer.kind() != AnswerKind.TRY_LATER;
        return forOneColumn ? new Answer(AnswerKind.REFUSED_FIELDS, AnswerScope.FIELD) : answer;
    }

    /** An answer in which the API itself does not speak. */
    private static Answer foreign(Operation operation, AnswerScope scope, int status) {
        return passes(status) ? passing(operation, scope, status) : new Answer(AnswerKind.UNKNOWN, scope);
    }

    private static Answer own(Operation operation, AnswerScope scope, ServiceError error, Table table) {
        String code = error.code();
        if (PLUG_IN.contains(code)) {
            return plugIn(operation, scope, error);
        }
        if (THROTTLED.contains(code)) {
            return new Answer(AnswerKind.TRY_LATER, AnswerScope.CALL);
        }
        if (SECURED_COLUMN.contains(code) || code.equals(STATE_AND_STATUS) || lacksAppend(error)) {
            return operation.writes()
                    ? new Answer(AnswerKind.REFUSED_FIELDS, AnswerScope.FIELD)
                    : new Answer(AnswerKind.CONFIGURATION, scope);
        }
        if (duplicateDetected(error) || code.equals(NO_RIGHT_ON_ROW)) {
            return new Answer(AnswerKind.REFUSED_RECORD, scope);
        }
        if (!operation.writes() && trackingOff(error)) {
            return new Answer(AnswerKind.CONFIGURATION, scope);
        }
        if (!operation.writes() && expiredToken(error)) {
            return new Answer(AnswerKind.GONE, scope);
        }
        if (SQL.contains(code)) {
            return new Answer(AnswerKind.TRY_LATER, scope);
        }
        if (operation.writes() && (alternateKeyViolated(error) || keyExists(error) || versionMismatch(error))) {
            return new Answer(AnswerKind.CONFLICT, scope);
        }
        if (NOT_FOUND.contains(code)) {
            return notFound(operation, scope);
        }
        if (PRIVILEGE.contains(code) || code.equals(NOT_A_MEMBER)) {
            return privilege(operation, scope, error, table);
        }
        return byStatus(operation, scope, error);
    }

    /** Of the statuses that a plug-in may choose, those that speak of overload or of a failure may pass. */
    private static Answer plugIn(Operation operation, AnswerScope scope, ServiceError error) {
        if (error.status() == 429) {
            return new Answer(AnswerKind.TRY_LATER, scope);
        }
        if (error.status() >= 500) {
            return failed(operation, scope);
        }
        return refused(operation, scope, error);
    }

    private static Answer byStatus(Operation operation, AnswerScope scope, ServiceError error) {
        int status = error.status();
        if (passes(status)) {
            return passing(operation, scope, status);
        }
        if (scope == AnswerScope.CALL && (status == 401 || status == 403)) {
            return new Answer(status == 401 ? AnswerKind.CREDENTIALS : AnswerKind.CONFIGURATION, scope);
        }
        if (operation == Operation.FOLLOW) {
            // Whatever a link is refused for lies in the link: only a new reading helps.
            return new Answer(AnswerKind.GONE, scope);
        }
        // Pages of the documentation show both of these without a code.
        if (status == 404 && (error.code().isEmpty() || !operation.writes())) {
            return notFound(operation, scope);
        }
        if (status == 412 && error.code().isEmpty() && operation.writes()) {
            return new Answer(AnswerKind.CONFLICT, scope);
        }
        return refused(operation, scope, error);
    }

    private static boolean passes(int status) {
        return status == 408 || status == 425 || status == 429 || status >= 500;
    }

    private static Answer passing(Operation operation, AnswerScope scope, int status) {
        if (status == 429) {
            return new Answer(AnswerKind.TRY_LATER, AnswerScope.CALL);
        }
        return status >= 500 ? failed(operation, scope) : new Answer(AnswerKind.TRY_LATER, scope);
    }

    /** A part that failed was rolled back; of a batch that failed as a whole, some parts may have been carried out. */
    private static Answer failed(Operation operation, AnswerScope scope) {
        boolean partly = scope == AnswerScope.CALL && operation.writes();
        return new Answer(partly ? AnswerKind.AMBIGUOUS : AnswerKind.TRY_LATER, scope);
    }

    /** A message that quotes a column speaks of the column. */
    private static Answer refused(Operation operation, AnswerScope scope, ServiceError error) {
        return scope == AnswerScope.PART
                        && operation.writes()
                        && !error.quotedNames().isEmpty()
                ? new Answer(AnswerKind.REFUSED_FIELDS, AnswerScope.FIELD)
                : new Answer(AnswerKind.REFUSED_RECORD, scope);
    }

    /** A row that is being created cannot be missing: one that it leads to is, or one that a plug-in looks for. */
    private static Answer notFound(Operation operation, AnswerScope scope) {
        return new Answer(operation == Operation.CREATE ? AnswerKind.REFUSED_RECORD : AnswerKind.GONE, scope);
    }

    /** Without the privilege of the very operation no row can be written; any other one is what a plug-in asks for. */
    private static Answer privilege(Operation operation, AnswerScope scope, ServiceError error, Table table) {
        boolean everyRow = scope == AnswerScope.CALL
                || error.code().equals(NOT_A_MEMBER)
                || table != null
                        && names(
                                error, (operation == Operation.CREATE ? "prvCreate" : "prvWrite") + table.schemaName());
        return everyRow
                ? new Answer(AnswerKind.CONFIGURATION, AnswerScope.CALL)
                : new Answer(AnswerKind.REFUSED_RECORD, scope);
    }

    private static boolean names(ServiceError error, String privilege) {
        return error.message()
                .toLowerCase(Locale.ROOT)
                .matches("(?s).*\\b" + privilege.toLowerCase(Locale.ROOT) + "\\b.*");
    }

    /** Setting a lookup takes Append on the row's table, and AppendTo on the table that it leads to. */
    static boolean lacksAppend(ServiceError error) {
        return PRIVILEGE.contains(error.code()) && error.message().contains("prvAppend");
    }

    static boolean securedColumn(ServiceError error) {
        return SECURED_COLUMN.contains(error.code());
    }

    static boolean stateAndStatus(ServiceError error) {
        return error.code().equals(STATE_AND_STATUS);
    }

    /** A delta token older than the service keeps changes for, or invalidated by a change of the table. */
    static boolean expiredToken(ServiceError error) {
        return error.code().equals("0x80044352")
                || error.own() && error.status() == 410
                || error.message().startsWith("Version stamp associated with the client has expired");
    }

    static boolean trackingOff(ServiceError error) {
        return error.code().equals("0x80072491") || error.message().contains("isn't enabled for change tracking");
    }

    /** Status 412 in newer documentation, 500 in older. */
    static boolean duplicateDetected(ServiceError error) {
        return is(error, "0x80040333", "A record was not created or updated because a duplicate");
    }

    static boolean keyExists(ServiceError error) {
        return is(error, "0x80040237", "A record with matching key values already exists")
                || error.message().startsWith("Cannot insert duplicate key");
    }

    static boolean alternateKeyViolated(ServiceError error) {
        return is(error, "0x80060892", "Entity Key ");
    }

    static boolean versionMismatch(ServiceError error) {
        return is(error, "0x80060882", "The version of the existing record doesn't match");
    }

    /** By the code, or else by the message, which a plug-in must not imitate. */
    private static boolean is(ServiceError error, String code, String messageStart) {
        return error.code().equals(code)
                || !PLUG_IN.contains(error.code()) && error.message().startsWith(messageStart);
    }
}
