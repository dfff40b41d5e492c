package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The source while Dataverse throttles, fails, and breaks off its answers. */
class SourceFaultsTest {
    private final Environment environment = Environment.open();

    @AfterEach
    void close() {
        environment.close();
    }

    static List<Map<String, ?>> faults() {
        List<Map<String, ?>> faults = new ArrayList<>();
        for (int status : new int[] {429, 500, 502, 503, 504}) {
            faults.add(Map.of("status", status));
        }
        faults.add(Map.of("status", 429, "retryAfter", 1));
        faults.add(Map.of("status", 503, "retryAfter", 1));
        faults.add(Map.of("kind", "reset-before"));
        faults.add(Map.of("kind", "reset-after"));
        faults.add(Map.of("kind", "cut"));
        return faults;
    }

    @ParameterizedTest
    @MethodSource("faults")
    void noFaultLosesOrRepeatsARow(Map<String, ?> fault) {
        List<String> ids = environment.fill(250);
        for (String call : List.of("/token$", "/WhoAmI$", "/Attributes$", "GET .*/contacts$")) {
            Map<String, Object> rule = new HashMap<>(fault);
            rule.put("match", call);
            environment.fault(rule);
        }
        Map<String, String> settings = Map.of(DynamicsSourceConfig.PAGE_SIZE, "100");
        try (SourceRun source = new SourceRun(environment, settings, null).snapshot()) {
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
            source.forget();
            environment.updateAll(ids, "firstname", "Changed");
            Map<String, Object> rule = new HashMap<>(fault);
            rule.put("match", "GET .*/contacts$");
            environment.fault(rule);
            source.until(() -> source.delivered().size() >= ids.size()).rounds(2);
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void aServiceThatAsksForALongWaitIsLeftAlone() {
        environment.fault(Map.of("match", "/contacts$", "status", 429, "retryAfter", 3600, "times", 100));
        try (SourceRun source = new SourceRun(environment)) {
            source.until(() -> environment.answers(429) > 0);
            for (int i = 0; i < 3; i++) {
                source.poll();
            }
            assertThat(environment.answers(429)).isEqualTo(1);
        }
    }

    @Test
    void withTheServiceProtectionLimitsOnTheDefaultBudgetIsNeverExceeded() {
        try (Environment strict = Environment.open(options -> options.quota(true))) {
            List<String> ids = strict.fill(1_000);
            Map<String, String> defaults = Map.of(DynamicsConfig.RATE_LIMIT, "5400");
            try (SourceRun source = new SourceRun(strict, defaults, null).snapshot()) {
                source.forget();
                strict.updateAll(ids, "firstname", "Changed");
                source.until(() -> source.delivered().size() >= ids.size()).rounds(20);
                assertThat(strict.answers(429)).isZero();
            }
        }
    }
}
