package io.github.crmsync.sandbox.http;

import java.util.Optional;

/** What differs between vendors around the routes: admission, error bodies and common headers. */
public interface Protocol {
    /** Checked before routing (credentials, quotas, size limits); an answer here ends the request. */
    Optional<Response> refuse(Request request);

    /** The answer for a path or method nobody serves. */
    Response notFound(Request request);

    /** The answer for an exception thrown by a route. */
    Response failed(Request request, Exception failure);

    /** The answer for an ordered fault of kind {@link Faults.Kind#STATUS}. */
    Response fault(Request request, Faults.Fault fault);

    /** Adds the headers every answer carries. */
    Response decorate(Request request, Response response);
}
