/**
 * Asks a live service about everything that its documents leave open and that the simulators had to assume.
 *
 * <p>A {@link io.github.crmsync.probe.Fact} is one question with its possible answers; {@link
 * io.github.crmsync.probe.ProbeRun} asks them all, with records of its own that it deletes in the end; {@link
 * io.github.crmsync.probe.Findings} prints what was found beside what the simulator does. Nothing here knows the
 * simulators or the connectors: only names of switches stand in the facts.
 */
package io.github.crmsync.probe;
