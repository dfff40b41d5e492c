package io.github.crmsync.sandbox.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Failures ordered from outside: answers that never come, error statuses, delays and refused values. */
public final class Faults {
    /** What happens to a request that a rule fits. */
    public enum Kind {
        /** Answer with the rule's status instead of doing the work. */
        STATUS,
        /** Answer with the rule's status and an HTML page, as an edge or a proxy does that never asks the service. */
        PAGE,
        /** Drop the connection before doing the work. */
        RESET_BEFORE,
        /** Do the work, then drop the connection without an answer. */
        RESET_AFTER,
        /** Do the work, then break off in the middle of the answer. */
        CUT,
        /** Wait, then carry on normally. */
        DELAY;

        static Kind of(String text) {
            return valueOf(text.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        }
    }

    /** One fault that is due now; {@code retryAfter} is null when no such header is wanted. */
    public record Fault(Kind kind, int status, Integer retryAfter, long delayMs) {}

    private static final class Rule {
        private final Pattern match;
        private final Fault fault;
        private int left;

        Rule(Pattern match, Fault fault, int left) {
            this.match = match;
            this.fault = fault;
            this.left = left;
        }
    }

    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, Set<String>> rejected = new HashMap<>();
    private final Map<String, Consumer<JsonNode>> vendorRules = new HashMap<>();
    private final List<Runnable> vendorResets = new ArrayList<>();

    /**
     * Adds a kind of rule that one vendor's simulator knows.
     *
     * @param member name of the JSON member that marks the rule; its value goes to the handler
     */
    public synchronized void on(String member, Consumer<JsonNode> handler) {
        vendorRules.put(member, handler);
    }

    /** Runs something whenever all rules are taken back. */
    public synchronized void onReset(Runnable reset) {
        vendorResets.add(reset);
    }

    /** Adds the rules of a JSON array (or a single object). */
    public synchronized void add(JsonNode node) {
        if (node.isArray()) {
            node.forEach(this::addOne);
        } else {
            addOne(node);
        }
    }

    private void addOne(JsonNode node) {
        for (Map.Entry<String, Consumer<JsonNode>> vendorRule : vendorRules.entrySet()) {
            if (node.has(vendorRule.getKey())) {
                vendorRule.getValue().accept(node.get(vendorRule.getKey()));
                return;
            }
        }
        JsonNode value = node.path("rejectValue");
        if (value.isObject()) {
            rejected.computeIfAbsent(value.path("property").asText(), key -> new HashSet<>())
                    .add(value.path("value").asText());
            return;
        }
        Kind kind = Kind.of(node.path("kind").asText("status"));
        Integer retryAfter =
                node.hasNonNull("retryAfter") ? node.get("retryAfter").asInt() : null;
        Fault fault = new Fault(
                kind,
                node.path("status").asInt(503),
                retryAfter,
                node.path("delayMs").asLong(0));
        rules.add(new Rule(
                Pattern.compile(node.path("match").asText(".*")),
                fault,
                node.path("times").asInt(1)));
    }

    /** Takes the next fault due for {@code "METHOD path"}, using up one of its times. */
    public synchronized Optional<Fault> take(String methodAndPath) {
        for (Rule rule : rules) {
            if (rule.left > 0 && rule.match.matcher(methodAndPath).find()) {
                rule.left--;
                return Optional.of(rule.fault);
            }
        }
        return Optional.empty();
    }

    /** Rules about calls, and how often each is still to be applied. */
    public synchronized List<Map<String, Object>> ordered() {
        return rules.stream()
                .map(rule -> Map.<String, Object>of("match", rule.match.pattern(), "left", rule.left))
                .toList();
    }

    /** Whether writes that set this property (column) to this value are to be refused. */
    public synchronized boolean rejects(String property, String value) {
        return rejected.getOrDefault(property, Set.of()).contains(value);
    }

    public synchronized void reset() {
        rules.clear();
        rejected.clear();
        vendorResets.forEach(Runnable::run);
    }
}
