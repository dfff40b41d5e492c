package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Path HOME = Path.of("..");
    private final String readme = read("README.md");

    @Test
    void theConnectorInFullIsTheOneOfTheExamples() throws IOException {
        Matcher block = Pattern.compile("`([^`]+\\.json)`[^`]*```json\\n(.*?)```", Pattern.DOTALL)
                .matcher(readme);

        assertThat(block.find()).isTrue();
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(block.group(2))).isEqualTo(json.readTree(read(block.group(1))));
    }

    @Test
    void everyLinkLeadsSomewhere() {
        Matcher link = Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(readme);
        while (link.find()) {
            assertThat(HOME.resolve(link.group(1))).exists();
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(HOME.resolve(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
