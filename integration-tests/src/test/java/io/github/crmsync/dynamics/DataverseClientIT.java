package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.sandbox.dynamics.DynamicsOptions;
import io.github.crmsync.sandbox.dynamics.DynamicsSimulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** An independent client of the Dataverse Web API, unchanged, against the simulator. Needs Node. */
class DataverseClientIT {
    private static final Path SCRIPT = Path.of("clients", "dynamics");
    private static final Path COPY = Path.of("target", "clients", "dynamics");

    @Test
    void theClientFromNpmFindsADataverseEnvironment() throws Exception {
        Assumptions.assumeTrue(isThere("node") && isThere("npm"), "Node is not installed");
        Files.createDirectories(COPY);
        for (String file : List.of("package.json", "package-lock.json", ".npmrc", "check.js")) {
            Files.copy(SCRIPT.resolve(file), COPY.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        run(Map.of(), "npm", "ci", "--no-audit", "--no-fund");
        try (DynamicsSimulator simulator = new DynamicsSimulator(DynamicsOptions.defaults()).start()) {
            String facts = new ObjectMapper()
                    .writeValueAsString(Map.of(
                            "url", simulator.url(),
                            "tokenUrl", simulator.tokenUrl(),
                            "clientId", simulator.options().clientId(),
                            "clientSecret", simulator.options().clientSecret()));
            assertThat(run(Map.of("SIMULATOR", facts), "node", "check.js"))
                    .contains("ok change tracking")
                    .contains("ok batch");
        }
    }

    private static boolean isThere(String command) {
        try {
            Process process = new ProcessBuilder(command, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String run(Map<String, String> environment, String... command) throws Exception {
        Path log = COPY.resolve(command[0] + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(COPY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("ended in time").isTrue();
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(log, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
