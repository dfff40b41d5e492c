package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.SideBySide;
import io.github.crmsync.core.record.Blanks;
import io.github.crmsync.core.sink.TargetClient.Evidence;
import io.github.crmsync.core.sink.TargetClient.Question;
import io.github.crmsync.core.sink.TargetClient.RecordChange;
import io.github.crmsync.core.sink.WriteOutcome;
import io.github.crmsync.core.sink.WriteOutcome.Written;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.connect.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the histories of properties tell of the sink's own writes: values that slipped in between the reading and the write,
 * and whether a write without an answer was carried out.
 */
final class WriteHistory {
    private static final Logger LOG = LoggerFactory.getLogger(WriteHistory.class);

    /** A past value; the newest comes first. */
    private record Entry(String value, long at, String source) {
        static Entry of(JsonNode node) {
            return new Entry(
                    node.path("value").asText(""),
                    HubSpotValues.millis(node.path("timestamp").asText(null)),
                    node.path("sourceType").asText("") + "|"
                            + node.path("sourceId").asText(""));
        }

        /** Whether somebody typed it, as far as the source tells. */
        boolean byUser() {
            return source.contains("userId:") || source.startsWith("CRM_UI");
        }
    }

    private final HubSpotApi api;
    private final HubSpotValues values;
    private final String linkProperty;

    /** @param linkProperty null for none */
    WriteHistory(HubSpotApi api, HubSpotValues values, String linkProperty) {
        this.api = api;
        this.values = values;
        this.linkProperty = linkProperty;
    }

    /**
     * Adds to the outcomes what the updates have overwritten. Where the histories cannot be read the outcomes stay as they
     * are: the writes are done.
     */
    List<WriteOutcome> check(
            List<RecordChange> changes, List<ContactWrite> writes, List<WriteOutcome> outcomes, SideBySide threads) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof Written && changes.get(i).version() != null) {
                places.add(i);
            }
        }
        List<Callable<Map<String, JsonNode>>> calls = new ArrayList<>();
        for (List<Integer> part : Lists.cut(places, HubSpotApi.HISTORY_BATCH)) {
            Set<String> properties = new LinkedHashSet<>();
            part.forEach(
                    place -> properties.addAll(writes.get(place).properties().keySet()));
            List<String> ids =
                    part.stream().map(place -> writes.get(place).id()).toList();
            calls.add(() -> read(ids, properties));
        }
        Map<String, JsonNode> histories = new HashMap<>();
        try {
            threads.run(calls).forEach(histories::putAll);
        } catch (RetriableException e) {
            LOG.warn("What {} updates may have overwritten is not known: {}", places.size(), e.getMessage());
            return outcomes;
        }
        List<WriteOutcome> result = new ArrayList<>(outcomes);
        for (int place : places) {
            JsonNode history = histories.get(writes.get(place).id());
            if (history != null) {
                Written written = (Written) outcomes.get(place);
                Map<String, Long> sent = new LinkedHashMap<>();
                Map<String, Object> stored = written.stored().values();
                writes.get(place)
                        .properties()
                        .forEach((name, text) ->
                                sent.put(name, values.fingerprint(name, stored.getOrDefault(name, text))));
                long readAt = Long.parseLong(changes.get(place).version());
                result.set(
                        place,
                        new Written(
                                written.stored(),
                                overwritten(
                                        history, sent, readAt, written.stored().version())));
            }
        }
        return result;
    }

    private Map<String, JsonNode> read(Collection<String> ids, Collection<String> properties) {
        Map<String, JsonNode> result = new HashMap<>();
        api.histories(ids, properties)
                .forEach(contact -> result.put(contact.path("id").asText(), contact.path("propertiesWithHistory")));
        return result;
    }

    /**
     * Filled values that were entered after the reading, are not what was sent, and were replaced by it. Where somebody has
     * typed another value since, knowing ours, that one stands.
     *
     * @param sent fingerprints by property
     * @param readAt the contact's version as it was read
     * @param writtenAt its version after the write: what came later is not ours to judge
     */
    private Map<String, Object> overwritten(JsonNode history, Map<String, Long> sent, long readAt, long writtenAt) {
        Map<String, Object> result = new LinkedHashMap<>();
        sent.forEach((name, fingerprint) -> {
            List<Entry> entries = entries(history, name);
            for (int i = 0; i + 1 < entries.size(); i++) {
                Entry ours = entries.get(i);
                if (ours.at() > writtenAt) {
                    return;
                }
                if (values.fingerprint(name, ours.value()) != fingerprint) {
                    continue;
                }
                Entry before = entries.get(i + 1);
                if (lost(before, ours, readAt) && values.fingerprint(name, before.value()) != fingerprint) {
                    result.put(name, before.value());
                }
                return;
            }
        });
        return result;
    }

    private static List<Entry> entries(JsonNode history, String name) {
        List<Entry> entries = new ArrayList<>();
        history.path(name).forEach(node -> entries.add(Entry.of(node)));
        return entries;
    }

    /**
     * Whether an update whose answer was lost was carried out. The sink is whoever wrote the link property, as nobody else
     * does. A contact that was there before its link has none, and one can come with a contact that is merged into another:
     * therefore it is also the program that has written what the sink was about to write. Where neither is found, or another
     * program has written the fields since, nothing is certain.
     *
     * @param version the contact's version before the update
     * @param sent fingerprints of what was to be written, by property
     */
    Optional<Evidence> evidence(String id, long version, Map<String, Long> sent) {
        return evidence(List.of(new Question(id, version, sent))).get(0);
    }

    /** As above for many updates, in their order; the histories of several contacts are read in one call. */
    List<Optional<Evidence>> evidence(List<Question> questions) {
        List<Optional<Evidence>> result = new ArrayList<>();
        for (List<Question> part : Lists.cut(questions, HubSpotApi.HISTORY_BATCH)) {
            Set<String> ids = new LinkedHashSet<>();
            Set<String> properties = new LinkedHashSet<>();
            for (Question question : part) {
                ids.add(question.id());
                properties.addAll(question.sent().keySet());
            }
            if (linkProperty != null) {
                properties.add(linkProperty);
            }
            Map<String, JsonNode> histories = read(ids, properties);
            part.forEach(question ->
                    result.add(evidence(histories.get(question.id()), question.version(), question.sent())));
        }
        return result;
    }

    private Optional<Evidence> evidence(JsonNode history, long version, Map<String, Long> sent) {
        if (history == null) {
            return Optional.empty();
        }
        Set<String> own = own(history, version, sent);
        boolean landed = false;
        boolean unclear = own.isEmpty();
        Map<String, Object> overwritten = new LinkedHashMap<>();
        for (String name : sent.keySet()) {
            List<Entry> entries = entries(history, name);
            for (int i = 0; i < entries.size() && entries.get(i).at() > version; i++) {
                Entry entry = entries.get(i);
                if (own.contains(entry.source())) {
                    landed = true;
                    // A newer entry is somebody's who has seen ours: it stands.
                    if (i == 0 && i + 1 < entries.size() && lost(entries.get(i + 1), entry, version)) {
                        overwritten.put(name, entries.get(i + 1).value());
                    }
                    break;
                }
                unclear |= !entry.byUser();
            }
        }
        return landed || !unclear ? Optional.of(new Evidence(landed, overwritten)) : Optional.empty();
    }

    private Set<String> own(JsonNode history, long version, Map<String, Long> sent) {
        Set<String> own = new HashSet<>();
        if (linkProperty != null) {
            entries(history, linkProperty).stream()
                    .filter(entry -> !entry.byUser())
                    .forEach(entry -> own.add(entry.source()));
        }
        sent.forEach((name, fingerprint) -> entries(history, name).stream()
                .filter(entry -> entry.at() > version && !entry.byUser())
                .filter(entry -> values.fingerprint(name, entry.value()) == fingerprint)
                .forEach(entry -> own.add(entry.source())));
        return own;
    }

    /** Whether the sink's entry has replaced a filled value of somebody else that it had not read. */
    private static boolean lost(Entry before, Entry ours, long readAt) {
        return before.at() > readAt
                && !Blanks.isBlank(before.value())
                && !before.source().equals(ours.source());
    }
}
