package io.github.crmsync.probe;

/** A request and its answer, without credentials and without other people's data. */
public record Exchange(String request, String body, int status, String answer) {}
