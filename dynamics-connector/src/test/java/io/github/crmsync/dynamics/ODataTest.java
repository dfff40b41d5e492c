package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class ODataTest {
    private static final URI HOME = URI.create("https://contoso.crm.dynamics.com/api/data/v9.2/");

    @Test
    void apostrophesAreDoubled() {
        assertThat(OData.literal("O'Bryan")).isEqualTo("'O''Bryan'");
    }

    @Test
    void valuesWithApostrophesAndQuotesGoThroughAnAlias() {
        String filter = OData.in("emailaddress1", List.of("o'b+x@a.b", "q\"u&o%te@a.b"), 300)
                .get(0);
        assertThat(filter).doesNotContain("'").doesNotContain("+").startsWith("$filter=Microsoft.Dynamics.CRM.In");
        assertThat(URLDecoder.decode(filter, StandardCharsets.UTF_8))
                .endsWith("&@p1='emailaddress1'&@p2=[\"o'b+x@a.b\",\"q\\\"u&o%te@a.b\"]");
    }

    @Test
    void filtersStayBelowTheUrlLimitWithRoomForTheNamesOfHundredsOfColumns() {
        int most = 32_768 - 10_000;
        List<String> ids =
                Stream.generate(() -> UUID.randomUUID().toString()).limit(1000).toList();
        assertThat(OData.in("contactid", ids, 300)).hasSize(4).allMatch(f -> f.length() < most);
        List<String> mails = Stream.generate(() -> "ü".repeat(40) + "@example.com")
                .limit(300)
                .toList();
        assertThat(OData.in("emailaddress1", mails, 300)).allMatch(f -> f.length() < most);
        assertThat(OData.in("contactid", List.of(), 300)).isEmpty();
    }

    @Test
    void bracketsAreWildcardsToEscape() {
        assertThat(OData.escapeLike("a[b]%_@x.y")).isEqualTo("a[[]b]%_@x.y");
    }

    @Test
    void linksAreFollowedUnchangedAndOnTheirOwnOriginOnly() {
        String link = "https://CONTOSO.crm.dynamics.com:443/api/data/v9.2/contacts?$deltatoken=919042%2108%2f22";
        assertThat(OData.follow(HOME, link)).hasToString(link);
        for (String other : List.of(
                "https://evil.example/api",
                "http://contoso.crm.dynamics.com/",
                "https://contoso.crm.dynamics.com:8443/")) {
            assertThatThrownBy(() -> OData.follow(HOME, other)).isInstanceOf(ConnectException.class);
        }
    }
}
