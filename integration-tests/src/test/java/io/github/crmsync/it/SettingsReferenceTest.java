package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.sink.SyncSinkConfig;
import io.github.crmsync.dynamics.DynamicsSinkConnector;
import io.github.crmsync.dynamics.DynamicsSourceConnector;
import io.github.crmsync.hubspot.HubSpotSinkConnector;
import io.github.crmsync.hubspot.HubSpotSourceConnector;
import io.github.crmsync.transforms.ConflictMerge;
import io.github.crmsync.transforms.EmailDedup;
import io.github.crmsync.transforms.FieldMapping;
import io.github.crmsync.transforms.LifecycleStage;
import io.github.crmsync.transforms.SyncFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.junit.jupiter.api.Test;

/** Keeps the reference of all settings, docs/configuration.md, equal to the definitions in the code. */
class SettingsReferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final String WRITE =
            "mvn -pl integration-tests -am -DskipITs -Dtest=SettingsReferenceTest -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Ddocs.write=true verify";
    private static final Pattern RANGE = Pattern.compile("\\[(-?\\d+),\\.\\.\\.(?:,(-?\\d+))?]");
    private static final Pattern CHOICE = Pattern.compile("\\[([^\\[\\]]+)]");

    private static final ConfigDef SINKS = SyncSinkConfig.define(new ConfigDef());
    private static final ConfigDef HTTP = HttpSettings.define(new ConfigDef());

    private static final String HEAD = """
            # Settings

            All settings of the connectors and transforms. This page is generated from the code; do not edit it. To write it
            anew:

            ```
            %s
            ```

            Settings that Kafka Connect itself has for every connector, such as `tasks.max`, `transforms`, `errors.tolerance` or
            `topic.creation.default.partitions`, are in Kafka's documentation. How to run a sync is in
            [operations.md](operations.md).

            "required" means that there is no default. "none" means that the setting is not set unless you set it.
            Secrets have the type password; give them through a config provider.
            """;

    private static final String SOURCES_NOTE = """
            The source also reads Connect's own `topic.creation.default.partitions`: it puts a mark at the end of the snapshot
            into that many partitions of the topic, or into one if it is not set. It must be the number of partitions that the
            topic really has.
            """;

    @Test
    void thePageOfSettingsIsAsTheCodeDefinesThem() throws IOException {
        String page = page();
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("docs/configuration.md differs from the settings in the code; write it anew with: " + WRITE)
                .isEqualTo(page);
    }

    @Test
    void sharedSettingsAreTheSameInEveryConnectorThatHasThem() {
        List<ConfigDef> sinks = List.of(new HubSpotSinkConnector().config(), new DynamicsSinkConnector().config());
        List<ConfigDef> all = new ArrayList<>(sinks);
        all.add(new HubSpotSourceConnector().config());
        all.add(new DynamicsSourceConnector().config());

        assertThat(sinks).allSatisfy(sink -> assertThat(rows(sink)).containsAll(rows(SINKS)));
        assertThat(all).allSatisfy(connector -> assertThat(rows(connector)).containsAll(rows(HTTP)));
    }

    private static String page() {
        StringBuilder page = new StringBuilder(HEAD.formatted(WRITE));
        page.append("\n## Connectors\n");
        connector(page, "HubSpotSourceConnector", new HubSpotSourceConnector().config(), "hubspot");
        page.append('\n').append(SOURCES_NOTE);
        connector(page, "HubSpotSinkConnector", new HubSpotSinkConnector().config(), "hubspot");
        connector(page, "DynamicsSourceConnector", new DynamicsSourceConnector().config(), "dynamics");
        page.append('\n').append(SOURCES_NOTE);
        connector(page, "DynamicsSinkConnector", new DynamicsSinkConnector().config(), "dynamics");
        section(page, "Both sinks", """
                The settings that `HubSpotSinkConnector` and `DynamicsSinkConnector` share.
                """, SINKS);
        page.append("""

                Further settings `ledger.client.<name>` go to the Kafka clients of ledger and report, for example
                `ledger.client.security.protocol`.
                """);
        section(page, "HTTP, all four connectors", """
                How calls to either app are made.
                """, HTTP);
        page.append("""

                ## Transforms

                Each name below is preceded by the transform's place in the connector's configuration: with `"transforms": "email"`
                the setting `on.invalid` is written `transforms.email.on.invalid`.
                """);
        transform(page, "SyncFilter", new SyncFilter<>().config());
        transform(page, "EmailDedup", new EmailDedup<>().config());
        transform(page, "LifecycleStage", new LifecycleStage<>().config());
        transform(page, "FieldMapping", new FieldMapping<>().config());
        page.append("""

                Further settings `options.<hubspotProperty>` translate the values of an option set, each
                `hubspotValue=dynamicsValue`, divided by semicolons.
                """);
        transform(page, "ConflictMerge", new ConflictMerge<>().config());
        return page.toString();
    }

    private static void connector(StringBuilder page, String name, ConfigDef def, String module) {
        boolean sink = name.contains("Sink");
        ConfigDef own = new ConfigDef();
        def.configKeys().values().stream()
                .filter(key -> !HTTP.configKeys().containsKey(key.name)
                        && !(sink && SINKS.configKeys().containsKey(key.name)))
                .forEach(own::define);
        section(page, name, """
                `"connector.class": "io.github.crmsync.%s.%s"`. Further settings: %s[HTTP](#http-all-four-connectors).
                """.formatted(module, name, sink ? "[both sinks](#both-sinks), " : ""), own);
    }

    private static void transform(StringBuilder page, String name, ConfigDef def) {
        section(page, name, """
                `"type": "io.github.crmsync.transforms.%s"`
                """.formatted(name), def);
    }

    private static void section(StringBuilder page, String title, String intro, ConfigDef def) {
        page.append("\n### ").append(title).append("\n\n").append(intro).append("""

                | name | type | default | valid values | what it does |
                |---|---|---|---|---|
                """);
        rows(def).forEach(row -> page.append(row).append('\n'));
    }

    private static List<String> rows(ConfigDef def) {
        return def.configKeys().values().stream()
                .filter(key -> !key.internalConfig)
                .map(key -> "| `" + key.name + "` | " + key.type.name().toLowerCase(Locale.ROOT) + " | "
                        + defaultOf(key) + " | " + valid(key) + " | " + text(key.documentation) + " |")
                .toList();
    }

    private static String defaultOf(ConfigKey key) {
        if (!key.hasDefault()) {
            return "required";
        }
        if (key.defaultValue == null) {
            return "none";
        }
        String value = ConfigDef.convertToString(key.defaultValue, key.type);
        return value.isEmpty() ? "empty" : code(value.replace(",", ", "));
    }

    private static String valid(ConfigKey key) {
        if (key.validator == null) {
            return key.type == ConfigDef.Type.BOOLEAN ? "`true`, `false`" : "any";
        }
        String valid = key.validator.toString();
        Matcher range = RANGE.matcher(valid);
        if (range.matches()) {
            return range.group(2) == null ? range.group(1) + " or more" : range.group(1) + " to " + range.group(2);
        }
        Matcher choice = CHOICE.matcher(valid);
        if (choice.matches()) {
            return String.join(
                    ", ",
                    List.of(choice.group(1).split(", ")).stream()
                            .map(SettingsReferenceTest::code)
                            .toList());
        }
        return text(valid);
    }

    /** In a table a bar ends the cell even within code. */
    private static String code(String text) {
        return "`" + text.replace("|", "\\|") + "`";
    }

    /** Text in which no character is taken for markup. */
    private static String text(String text) {
        String result = text;
        for (Map.Entry<String, String> mark : Map.of(
                        "<", "&lt;", "|", "\\|", "*", "\\*", "_", "\\_", "~", "\\~", "[", "\\[", "]", "\\]")
                .entrySet()) {
            result = result.replace(mark.getKey(), mark.getValue());
        }
        return result;
    }
}
