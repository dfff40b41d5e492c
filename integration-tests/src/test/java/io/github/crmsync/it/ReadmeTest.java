package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    @Test
    void everyTestThatThePagesNameExists() throws IOException {
        String sources;
        try (Stream<Path> files = Files.walk(HOME)) {
            sources = files.filter(file -> file.toString().matches(".*/src/test/java/.*\\.java"))
                    .map(file -> read(HOME.relativize(file).toString()))
                    .collect(Collectors.joining());
        }
        for (String page : List.of("docs/sync-semantics.md", "docs/hubspot.md")) {
            Matcher named = Pattern.compile("`(\\w+(?:Test|IT))(?:\\.(\\w+))?`").matcher(read(page));
            while (named.find()) {
                assertThat(sources).as(page).contains("class " + named.group(1));
                if (named.group(2) != null) {
                    assertThat(sources).as(page).contains("void " + named.group(2) + "(");
                }
            }
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
