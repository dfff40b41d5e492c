package io.github.crmsync.core.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.merge.FieldDecision;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Decisions as JSON; docs/report.md and docs/report.schema.json tell what is in it. */
final class ReportJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String sync;
    private final boolean preview;
    private final boolean values;

    /** @param values whether field values are told, and not only their fingerprints */
    ReportJson(String sync, boolean preview, boolean values) {
        this.sync = sync;
        this.preview = preview;
        this.values = values;
    }

    ObjectNode decision(String targetApp, Work work, Outcome outcome, long now) {
        String sourceApp = work.image().sourceApp();
        ObjectNode node = node(now)
                .put("decision", text(outcome.kind()))
                .put("sourceApp", sourceApp)
                .put("sourceId", work.image().id())
                .put("sourceVersion", work.image().version())
                .put("targetApp", targetApp)
                .put("targetId", outcome.targetId())
                .put("detail", outcome.detail());
        if (outcome.targetVersion() != 0) {
            node.put("targetVersion", outcome.targetVersion());
        }
        outcome.fields().stream().sorted().forEach(node.putArray("fields")::add);
        ObjectNode winners = node.putObject("conflicts");
        new TreeMap<>(outcome.conflicts()).forEach(winners::put);
        if (!outcome.leftOut().isEmpty()) {
            ArrayNode leftOut = node.putArray("leftOut");
            outcome.leftOut().forEach(fields -> leftOut(leftOut.addObject(), fields));
        }
        if (!outcome.decided().isEmpty()) {
            ArrayNode reasons = node.putArray("reasons");
            outcome.decided().forEach(decided -> reason(reasons.addObject(), decided, sourceApp, targetApp));
        }
        return node;
    }

    ObjectNode plan(String targetApp, Map<Outcome.Kind, Long> counts, long now) {
        ObjectNode node = node(now).put("decision", "plan").put("targetApp", targetApp);
        ObjectNode kinds = node.putObject("counts");
        counts.forEach((kind, count) -> kinds.put(text(kind), count));
        return node;
    }

    ObjectNode held(String targetApp, String why, long now) {
        return node(now)
                .put("decision", why == null ? "released" : "waiting")
                .put("targetApp", targetApp)
                .put("detail", why == null ? "what it waited for is over" : why);
    }

    private ObjectNode node(long now) {
        ObjectNode node = JSON.createObjectNode()
                .put("sync", sync)
                .put("time", Instant.ofEpochMilli(now).toString());
        return preview ? node.put("preview", true) : node;
    }

    private static void leftOut(ObjectNode node, LeftOut leftOut) {
        leftOut.fields().stream().sorted().forEach(node.putArray("fields")::add);
        node.put("why", leftOut.why().name().toLowerCase(Locale.ROOT)).put("detail", leftOut.detail());
    }

    private void reason(ObjectNode node, Decided decided, String sourceApp, String targetApp) {
        node.put("field", decided.field())
                .put("rule", decided.cause().text())
                .put("action", action(decided.decision()));
        if (decided.base() == null) {
            node.putNull("base");
        } else {
            node.putObject("base")
                    .put(sourceApp, hex(decided.base().source()))
                    .put(targetApp, hex(decided.base().target()));
        }
        node.putObject("found")
                .put(sourceApp, hex(decided.sides().source()))
                .put(targetApp, hex(decided.sides().target()));
        if (decided.decision() == FieldDecision.WRITE) {
            node.put("written", hex(decided.sides().converted()));
        }
        if (values) {
            ObjectNode found = node.putObject("values");
            value(found, sourceApp, decided.sourceValue());
            value(found, targetApp, decided.targetValue());
        }
    }

    private static void value(ObjectNode node, String name, Object value) {
        if (value instanceof Boolean truth) {
            node.put(name, truth);
        } else if (value instanceof Number number) {
            node.set(name, JSON.valueToTree(number));
        } else {
            node.put(name, value == null ? null : value.toString());
        }
    }

    private static String action(FieldDecision decision) {
        return switch (decision) {
            case NOTHING -> "none";
            case AGREE -> "agree";
            case WRITE -> "write";
            case HELD_CLEAR, HOLD -> "hold";
            case LEAVE -> "leave";
            case TARGET_WINS -> "wait";
        };
    }

    private static String hex(long fingerprint) {
        return fingerprint == 0 ? "empty" : String.format("%016x", fingerprint);
    }

    private static String text(Outcome.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
