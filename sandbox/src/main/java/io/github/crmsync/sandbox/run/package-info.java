/** The launcher: broker, worker, simulators and connectors as one command, and the check that both sides agree. */
package io.github.crmsync.sandbox.run;
