package io.github.crmsync.sandbox.dynamics;

/** A refusal by the service: HTTP status, error code and message of the JSON error body. */
final class ServiceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    ServiceException(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static ServiceException badRequest(String code, String message) {
        return new ServiceException(400, code, message);
    }

    static ServiceException badQuery(String message) {
        return new ServiceException(400, "0x80060888", message);
    }

    static ServiceException unknownSegment(String segment) {
        return new ServiceException(404, "0x8006088a", "Resource not found for the segment '" + segment + "'.");
    }

    static ServiceException notFound(Table table, Object id) {
        return new ServiceException(404, "0x80040217", table.logicalName() + " With Id = " + id + " Does Not Exist");
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
