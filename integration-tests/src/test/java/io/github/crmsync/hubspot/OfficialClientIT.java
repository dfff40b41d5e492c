package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.sandbox.hubspot.HubSpotSimulator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * HubSpot's own Node client, {@code @hubspot/api-client} from npm and unchanged, against {@code bin/simulator hubspot}.
 * What it does there is in {@code clients/hubspot/client.test.js}. Skipped where there is no Node.
 */
class OfficialClientIT {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Path SCRIPTS = Path.of("clients/hubspot");
    private static final List<String> FILES = List.of("package.json", "package-lock.json", ".npmrc", "client.test.js");
    private static final long LIMIT_MINUTES = 5;

    @Test
    void theLockFileNamesNoDownloadAddress() throws IOException {
        JsonNode packages = new ObjectMapper()
                .readTree(Files.readString(SCRIPTS.resolve("package-lock.json")))
                .path("packages");
        assertThat(packages)
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one.has("resolved")).isFalse());
    }

    @Test
    void theOfficialNodeClientWorksUnchanged() throws Exception {
        assumeTrue(answers("node", "--version"), "there is no node on the path");
        Path work = Files.createDirectories(Path.of("target", "clients", "hubspot"));
        for (String file : FILES) {
            Files.copy(SCRIPTS.resolve(file), work.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(run(work, Map.of(), "npm", "ci")).as("npm ci").isZero();

        ProcessBuilder command = new ProcessBuilder(
                        HOME.resolve("bin/simulator").toString(),
                        "hubspot",
                        "--port=0",
                        "--contacts=300",
                        "--lag-ms=500",
                        "--quota=on")
                .redirectError(work.resolve("simulator.log").toFile());
        Process simulator = command.start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(simulator.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            assertThat(line).as("the simulator's line").isNotNull();
            JsonNode ready = new ObjectMapper().readTree(line);
            Map<String, String> environment = Map.of(
                    "HUBSPOT_URL", ready.path("url").asText(),
                    "HUBSPOT_ACCESS_TOKEN", ready.path("accessToken").asText(),
                    "HUBSPOT_CLIENT_ID", HubSpotSimulator.CLIENT_ID,
                    "HUBSPOT_CLIENT_SECRET", HubSpotSimulator.CLIENT_SECRET,
                    "HUBSPOT_REFRESH_TOKEN", HubSpotSimulator.REFRESH_TOKEN);
            assertThat(run(work, environment, "npm", "test")).as("npm test").isZero();
        } finally {
            simulator.destroy();
            if (!simulator.waitFor(30, TimeUnit.SECONDS)) {
                simulator.destroyForcibly();
            }
        }
    }

    private static boolean answers(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    /** The exit code; the output goes to the test's. */
    private static int run(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile(directory, command[0], ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        System.out.print(Files.readString(log));
        assertThat(ended)
                .as(String.join(" ", command) + " ends within " + LIMIT_MINUTES + " minutes")
                .isTrue();
        return process.exitValue();
    }
}
