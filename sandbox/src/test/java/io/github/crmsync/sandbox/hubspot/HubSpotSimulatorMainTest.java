package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The options of the program. */
class HubSpotSimulatorMainTest {
    private static String complaint(String... args) {
        StringWriter errors = new StringWriter();
        CommandLine line = HubSpotSimulatorMain.commandLine().setErr(new PrintWriter(errors));
        assertThat(line.execute(args)).isEqualTo(2);
        return errors.toString();
    }

    @Test
    void thePageOnTheSimulatorsNamesEveryOptionAndSwitch() throws Exception {
        String page = Files.readString(Path.of("../docs/simulators.md"));
        HubSpotSimulatorMain.commandLine().getCommandSpec().options().stream()
                .map(CommandLine.Model.OptionSpec::longestName)
                .filter(name -> !name.equals("--help") && !name.equals("--version"))
                .forEach(name -> assertThat(page).contains("`" + name + "`"));
        for (Quirk quirk : Quirk.values()) {
            assertThat(page).contains("| `" + quirk + "` |");
        }
    }

    @Test
    void mistakesAreToldWithWhatIsPossible() {
        assertThat(complaint("--quirk=nope")).contains("--quirk", "omit-unset");
        assertThat(complaint("--tier=gold")).contains("--tier", "ENTERPRISE");
        assertThat(complaint("--required-when=city")).contains("property=value:required");
        assertThat(complaint("--time-zone=Nowhere")).contains("--time-zone");
    }
}
