package io.github.crmsync.sandbox.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The launcher's own view of one CRM, through its public API. */
abstract class Crm {
    protected final Http http;
    protected final Simulator simulator;
    private long ownCalls;

    private Crm(Http http, Simulator simulator) {
        this.http = http;
        this.simulator = simulator;
    }

    static Crm hubSpot(Http http, Simulator simulator) {
        return new HubSpot(http, simulator);
    }

    static Crm dynamics(Http http, Simulator simulator, String table) {
        return new Dynamics(http, simulator, table);
    }

    /** All records with the named fields. */
    abstract List<CrmRecord> records(Collection<String> fields) throws IOException, InterruptedException;

    /** The simulator's counters without what this view caused itself. */
    Stats stats() throws IOException, InterruptedException {
        Stats stats = Stats.of(http.get(simulator.url() + "/_sandbox/stats", Map.of()));
        return new Stats(stats.requests() - ownCalls, stats.recordsWritten(), stats.byOperation());
    }

    protected JsonNode call(String url, Map<String, String> headers) throws IOException, InterruptedException {
        ownCalls++;
        return http.get(url, headers);
    }

    private static CrmRecord record(String id, String created, JsonNode fields, Collection<String> names) {
        Map<String, String> values = new HashMap<>();
        for (String name : names) {
            JsonNode value = fields.path(name);
            if (!value.isNull() && !value.isMissingNode() && !value.asText().isBlank()) {
                values.put(name, value.asText());
            }
        }
        return new CrmRecord(id, created.isEmpty() ? Instant.EPOCH : Instant.parse(created), values);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static final class HubSpot extends Crm {
        private static final int PAGE = 100;
        /** The comparison shares the portal's limit (190 calls in 10 s) with the connectors. */
        private static final long PAUSE_MS = 150;

        private HubSpot(Http http, Simulator simulator) {
            super(http, simulator);
        }

        @Override
        List<CrmRecord> records(Collection<String> fields) throws IOException, InterruptedException {
            String first = simulator.url() + "/crm/v3/objects/contacts?limit=" + PAGE + "&properties="
                    + encode(String.join(",", fields));
            Map<String, String> headers = Map.of("Authorization", "Bearer " + simulator.fact("accessToken"));
            List<CrmRecord> records = new ArrayList<>();
            String after = "";
            do {
                JsonNode page = call(after.isEmpty() ? first : first + "&after=" + encode(after), headers);
                for (JsonNode contact : page.path("results")) {
                    records.add(record(
                            contact.path("id").asText(),
                            contact.path("createdAt").asText(),
                            contact.path("properties"),
                            fields));
                }
                after = page.path("paging").path("next").path("after").asText();
                Thread.sleep(PAUSE_MS);
            } while (!after.isEmpty());
            return records;
        }
    }

    private static final class Dynamics extends Crm {
        private static final Duration TOKEN_LIFE = Duration.ofMinutes(20);
        private final String table;
        private String token = "";
        private Instant tokenEnd = Instant.EPOCH;

        private Dynamics(Http http, Simulator simulator, String table) {
            super(http, simulator);
            this.table = table;
        }

        @Override
        List<CrmRecord> records(Collection<String> fields) throws IOException, InterruptedException {
            String key = table + "id";
            String next = simulator.url() + "/api/data/v9.2/" + table + "s?$select=" + key + ",createdon,"
                    + String.join(",", fields);
            Map<String, String> headers = Map.of(
                    "Authorization", "Bearer " + token(),
                    "Accept", "application/json",
                    "OData-Version", "4.0",
                    "OData-MaxVersion", "4.0",
                    "Prefer", "odata.maxpagesize=5000");
            List<CrmRecord> records = new ArrayList<>();
            while (!next.isEmpty()) {
                JsonNode page = call(next, headers);
                for (JsonNode row : page.path("value")) {
                    records.add(
                            record(row.path(key).asText(), row.path("createdon").asText(), row, fields));
                }
                next = page.path("@odata.nextLink").asText();
            }
            return records;
        }

        private String token() throws IOException, InterruptedException {
            if (Instant.now().isAfter(tokenEnd)) {
                String form = "grant_type=client_credentials&client_id=" + encode(simulator.fact("clientId"))
                        + "&client_secret=" + encode(simulator.fact("clientSecret")) + "&scope="
                        + encode(simulator.url() + "/.default");
                token = http.postForm(simulator.fact("tokenUrl"), form)
                        .path("access_token")
                        .asText();
                tokenEnd = Instant.now().plus(TOKEN_LIFE);
            }
            return token;
        }
    }
}
