package io.github.crmsync.it;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keeps what the pages say of tests true: each test that they name exists, and each row of a table of tests names one. */
class DocumentedTestsTest {
    private static final Path HOME = Path.of("..");
    private static final List<String> APPS = List.of("hubspot", "dynamics");
    /** {@code SomeTest}, {@code SomeTest.method}, or {@code .method} of the class that was named last. */
    private static final Pattern NAMED = Pattern.compile("`(?:([A-Z]\\w*(?:Test|IT))(?:\\.(\\w+))?|\\.([a-z]\\w+))`");

    private static final Pattern ROW = Pattern.compile("\\|.*\\|");
    private static final Pattern HEAD = Pattern.compile("\\|.*\\| [Tt]est \\|");

    /** Source files of all modules' tests, by class name: both apps have classes of the same names. */
    private static Map<String, List<Path>> sources;

    @BeforeAll
    static void findSources() throws IOException {
        List<Path> modules;
        try (Stream<Path> directories = Files.list(HOME)) {
            modules = directories
                    .map(module -> module.resolve(Path.of("src", "test", "java")))
                    .filter(Files::isDirectory)
                    .toList();
        }
        List<Path> files = new ArrayList<>();
        for (Path module : modules) {
            try (Stream<Path> all = Files.walk(module)) {
                all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        sources = files.stream()
                .collect(groupingBy(file -> file.getFileName().toString().replace(".java", ""), toList()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hubspot", "dynamics", "sync-semantics", "simulators", "faults"})
    void everyTestThatAPageNamesExists(String page) throws IOException {
        List<String> missing = new ArrayList<>();
        for (String line : Files.readAllLines(page(page))) {
            String lastClass = null;
            Matcher named = NAMED.matcher(line);
            while (named.find()) {
                lastClass = named.group(1) == null ? lastClass : named.group(1);
                String method = named.group(1) == null ? named.group(3) : named.group(2);
                if (lastClass == null || !exists(page, lastClass, method)) {
                    missing.add(lastClass + (method == null ? "" : "." + method));
                }
            }
        }
        assertThat(missing).as("tests that docs/%s.md names", page).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hubspot", "dynamics", "sync-semantics", "faults"})
    void everyRowOfATableOfTestsNamesOne(String page) throws IOException {
        List<String> without = new ArrayList<>();
        boolean inTable = false;
        int rows = 0;
        for (String line : Files.readAllLines(page(page))) {
            if (HEAD.matcher(line).matches()) {
                inTable = true;
            } else if (!ROW.matcher(line).matches()) {
                inTable = false;
            } else if (inTable && !line.startsWith("|---")) {
                rows++;
                String tests = line.substring(line.lastIndexOf('|', line.length() - 2));
                if (!NAMED.matcher(tests).find() && !tests.contains("simulation (")) {
                    without.add(line);
                }
            }
        }
        assertThat(rows).as("rows in the tables of docs/%s.md", page).isPositive();
        assertThat(without).isEmpty();
    }

    private static Path page(String name) {
        return HOME.resolve(Path.of("docs", name + ".md"));
    }

    /** @param method null for the class alone */
    private static boolean exists(String page, String testClass, String method) throws IOException {
        for (Path file : sources.getOrDefault(testClass, List.of())) {
            String text = Files.readString(file);
            if (!ofAnotherApp(page, text) && (method == null || text.contains("\n    void " + method + "("))) {
                return true;
            }
        }
        return false;
    }

    /** On the page of one app, the other app's tests prove nothing. */
    private static boolean ofAnotherApp(String page, String source) {
        return APPS.contains(page)
                && APPS.stream()
                        .filter(app -> !app.equals(page))
                        .anyMatch(app -> source.startsWith("package io.github.crmsync." + app + ";")
                                || source.startsWith("package io.github.crmsync.sandbox." + app + ";"));
    }
}
