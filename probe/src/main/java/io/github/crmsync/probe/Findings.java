package io.github.crmsync.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run has found.
 *
 * @param left records of the probe's own that could not be deleted
 */
public record Findings(String app, List<Finding> findings, List<String> left) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public Optional<Finding> of(String fact) {
        return findings.stream()
                .filter(finding -> finding.fact().name().equals(fact))
                .findFirst();
    }

    /** A table for people. */
    public String table() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"FACT", "FOUND", "COMPARED", "SWITCH"});
        for (Finding finding : findings) {
            rows.add(new String[] {
                finding.fact().name(),
                finding.reading() == null ? finding.problem() : finding.reading(),
                finding.verdict().toString(),
                finding.setting()
            });
        }
        int[] widths = new int[4];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        left.forEach(
                record -> text.append("Could not be deleted: ").append(record).append('\n'));
        return text.toString();
    }

    /** Everything, with requests and answers. */
    public String json() throws JsonProcessingException {
        List<Map<String, Object>> facts = new ArrayList<>();
        for (Finding finding : findings) {
            Map<String, Object> fact = new LinkedHashMap<>();
            fact.put("fact", finding.fact().name());
            fact.put("question", finding.fact().question());
            fact.put("simulated", finding.fact().byDefault());
            fact.put("found", finding.reading());
            fact.put("problem", finding.problem());
            fact.put("compared", finding.verdict().toString());
            fact.put("switch", finding.setting());
            fact.put("exchanges", finding.exchanges());
            facts.add(fact);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("app", app);
        all.put("facts", facts);
        all.put("notDeleted", left);
        return JSON.writeValueAsString(all);
    }
}
