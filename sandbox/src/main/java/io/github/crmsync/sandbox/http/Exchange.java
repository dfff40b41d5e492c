package io.github.crmsync.sandbox.http;

/**
 * A request that the simulator took and the answer that it made.
 *
 * @param request as received
 * @param response as made; a fault may have kept it, or a part of it, from the caller
 */
public record Exchange(Request request, Response response) {}
