package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.Blanks;
import io.github.crmsync.core.record.Emails;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Text that means something to URLs, filters, JSON, MIME or SQL travels unchanged, in both directions. */
class HostileValuesTest {
    private static final String[] FRAGMENTS = {
        "'",
        "''",
        "\"",
        "';--",
        "\r\n",
        "\r\n\r\nHTTP/1.1 500 Internal Server Error\r\n",
        "\r\n--batch_x--\r\n",
        "--batchresponse_",
        "\n",
        "\t",
        "%",
        "%27",
        "%00",
        "+",
        "&$filter=",
        "#",
        "?",
        "@p2",
        "=",
        "<b>&amp;",
        "\\",
        "\\u0000",
        "[a-z]",
        "[",
        "_",
        "*",
        ",",
        ")",
        "/",
        "null",
        "\uD83D\uDE00",
        "\uD835\uDD38",
        "\u05E9\u05DC\u05D5\u05DD",
        "\u202E",
        "e\u0301",
        "\u00DF",
        "\u4E2D",
        "Ann",
        "O'Brien",
        " "
    };
    private static Environment environment;
    private static SinkRun sink;
    private static int used;

    @BeforeContainer
    static void open() {
        environment = Environment.open();
        sink = new SinkRun(environment);
    }

    @AfterContainer
    static void close() {
        sink.close();
        environment.close();
    }

    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.of(FRAGMENTS)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(parts -> String.join("", parts))
                .filter(text -> !Blanks.isBlank(text) && text.length() <= 80)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
    void textsArriveAsTheyWereSentAndComeBackSo(@ForAll("texts") List<String> texts) {
        List<Work> works = new ArrayList<>();
        Map<String, String> sent = new HashMap<>();
        for (String text : texts) {
            String id = "h" + used++;
            sent.put(id, text);
            works.add(sink.image(id, Map.of("emailaddress1", id + "@example.com", "description", text)));
        }
        Map<String, Outcome> outcomes = sink.process(works);
        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Kind.CREATED);
        outcomes.forEach((id, outcome) ->
                assertThat(environment.value(outcome.targetId(), "description")).isEqualTo(sent.get(id)));
        // The same again, with a look at each row: nothing differs.
        assertThat(sink.process(works, outcomes.keySet()).values())
                .extracting(Outcome::kind)
                .containsOnly(Kind.UNCHANGED);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
    void rowsAreFoundByWhateverStandsInTheirAddress(@ForAll("texts") List<String> texts) {
        Map<String, String> rows = new HashMap<>();
        for (String text : texts) {
            String email = Blanks.strip(text) + "." + used++ + "@example.com";
            rows.put(Emails.canonical(email), environment.create(Map.of("emailaddress1", email)));
        }
        List<TargetRecord> found = sink.target.findByEmail(rows.keySet(), Set.of("emailaddress1"));
        Map<String, String> ids = new HashMap<>();
        found.forEach(record -> record.emails().forEach(email -> ids.put(email, record.id())));
        assertThat(ids).isEqualTo(rows);
    }

    @Property(tries = 20, shrinking = ShrinkingMode.BOUNDED)
    void theSourceDeliversTextsAsTheyAreStored(@ForAll("texts") List<String> texts) {
        Map<String, String> stored = new HashMap<>();
        try (SourceRun source =
                new SourceRun(environment, Map.of(DynamicsSourceConfig.COLUMNS, "description"), null).snapshot()) {
            source.forget();
            texts.forEach(text -> stored.put(environment.create(Map.of("description", text)), text));
            source.until(() -> source.delivered().size() >= stored.size());
            source.delivered()
                    .forEach(record ->
                            assertThat(SourceRun.value(record, "description")).isEqualTo(stored.get(record.key())));
        }
    }
}
