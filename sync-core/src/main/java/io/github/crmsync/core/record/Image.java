package io.github.crmsync.core.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * A record as a sink sees it: one reading of the source's record, mapped to the target's fields, with the transforms'
 * directives.
 *
 * @param sourceApp app that it comes from
 * @param id record id in that app
 * @param version version in that app; only grows
 * @param deleted whether the record was deleted
 * @param movedTo of a deleted record: id of the one that took its place, or null
 * @param values values by target field name, as they would be written
 * @param mapping fields that take part
 * @param fingerprints native fingerprints by source field name
 * @param email valid e-mail address in the form of {@link Emails}, or null
 * @param linkKey id of the target's record that the source's record carries, or null
 * @param excluded why it takes no part, or null
 * @param onCreate target fields that are set on creation only
 * @param stage forward-only field, or null
 * @param policy conflict rules
 * @param needsEmail whether it takes part only with an e-mail address, unless it is linked already
 * @param refused fields that a transform has left out; they are not in the mapping
 */
public record Image(
        String sourceApp,
        String id,
        long version,
        long modified,
        Origin origin,
        boolean deleted,
        String movedTo,
        Map<String, Object> values,
        List<MappedField> mapping,
        Map<String, Long> fingerprints,
        String email,
        String linkKey,
        String excluded,
        Map<String, Object> onCreate,
        StageDirective stage,
        MergePolicy policy,
        boolean needsEmail,
        List<RefusedField> refused) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CREATE = "create";

    public Image {
        // Whoever has written them: ids and addresses are compared in one form.
        email = Emails.canonical(email);
        linkKey = LinkKeys.canonical(linkKey);
    }

    /** An image without refused fields. */
    public Image(
            String sourceApp,
            String id,
            long version,
            long modified,
            Origin origin,
            boolean deleted,
            String movedTo,
            Map<String, Object> values,
            List<MappedField> mapping,
            Map<String, Long> fingerprints,
            String email,
            String linkKey,
            String excluded,
            Map<String, Object> onCreate,
            StageDirective stage,
            MergePolicy policy,
            boolean needsEmail) {
        this(
                sourceApp,
                id,
                version,
                modified,
                origin,
                deleted,
                movedTo,
                values,
                mapping,
                fingerprints,
                email,
                linkKey,
                excluded,
                onCreate,
                stage,
                policy,
                needsEmail,
                List.of());
    }

    /** An image that needs an e-mail address. */
    public Image(
            String sourceApp,
            String id,
            long version,
            long modified,
            Origin origin,
            boolean deleted,
            String movedTo,
            Map<String, Object> values,
            List<MappedField> mapping,
            Map<String, Long> fingerprints,
            String email,
            String linkKey,
            String excluded,
            Map<String, Object> onCreate,
            StageDirective stage,
            MergePolicy policy) {
        this(
                sourceApp,
                id,
                version,
                modified,
                origin,
                deleted,
                movedTo,
                values,
                mapping,
                fingerprints,
                email,
                linkKey,
                excluded,
                onCreate,
                stage,
                policy,
                true);
    }

    /**
     * Reads a record.
     *
     * @param targetApp app of the sink, which tells the source's where the record carries no header
     * @throws DataException if the key or a header cannot be understood
     * @throws ConnectException if the record comes from the sink's own app, and would be linked with itself
     */
    public static Image of(SinkRecord record, String targetApp) {
        Headers headers = record.headers();
        try {
            String sourceApp = SyncHeaders.get(headers, SyncHeaders.APP)
                    .orElse(targetApp.equals("hubspot") ? "dynamics" : "hubspot");
            if (sourceApp.equals(targetApp)) {
                throw new ConnectException("The topic " + record.originalTopic() + " holds records of " + sourceApp
                        + ", the app that this sink writes to: name the topic of the other app's source in topics");
            }
            Map<String, Object> values = values(record.value());
            List<MappedField> mapping = SyncHeaders.get(headers, SyncHeaders.MAPPING)
                    .map(MappedField::parse)
                    .orElseGet(() -> values.keySet().stream()
                            .map(name -> new MappedField(name, name))
                            .toList());
            Map<String, Long> fingerprints = SyncHeaders.get(headers, SyncHeaders.FINGERPRINTS)
                    .map(Fingerprints::unpack)
                    .orElse(Map.of());
            return new Image(
                    sourceApp,
                    SyncHeaders.get(headers, SyncHeaders.ID).orElseGet(() -> key(record)),
                    SyncHeaders.get(headers, SyncHeaders.VERSION)
                            .map(Long::parseLong)
                            .orElse(record.originalKafkaOffset()),
                    SyncHeaders.get(headers, SyncHeaders.MODIFIED)
                            .map(Long::parseLong)
                            .orElse(0L),
                    SyncHeaders.get(headers, SyncHeaders.ORIGIN).map(Origin::of).orElse(Origin.LIVE),
                    record.value() == null,
                    SyncHeaders.get(headers, SyncHeaders.MOVED_TO).orElse(null),
                    values,
                    mapping,
                    fingerprints,
                    SyncHeaders.get(headers, SyncHeaders.EMAIL).orElse(null),
                    SyncHeaders.get(headers, SyncHeaders.LINK_KEY).orElse(null),
                    SyncHeaders.get(headers, SyncHeaders.EXCLUDED).orElse(null),
                    SyncHeaders.get(headers, SyncHeaders.ON_CREATE)
                            .map(Image::object)
                            .orElse(Map.of()),
                    SyncHeaders.get(headers, SyncHeaders.ON_UPDATE)
                            .map(StageDirective::parse)
                            .orElse(null),
                    SyncHeaders.get(headers, SyncHeaders.MERGE)
                            .map(MergePolicy::parse)
                            .orElseGet(() -> MergePolicy.oneWay(sourceApp)),
                    SyncHeaders.get(headers, SyncHeaders.WITHOUT_EMAIL)
                            .filter(CREATE::equals)
                            .isEmpty(),
                    SyncHeaders.get(headers, SyncHeaders.REFUSED)
                            .map(RefusedField::parse)
                            .orElse(List.of()));
        } catch (IllegalArgumentException e) {
            throw new DataException("A header of the record cannot be read: " + e.getMessage(), e);
        }
    }

    /** Native fingerprint of a mapped field in the source. */
    public long fingerprint(MappedField field) {
        return Optional.ofNullable(fingerprints.get(field.source()))
                .orElseGet(() -> Fingerprints.of(values.get(field.target())));
    }

    private static String key(SinkRecord record) {
        if (record.key() == null) {
            throw new DataException("The record has neither a key nor the header " + SyncHeaders.ID);
        }
        return record.key().toString();
    }

    private static Map<String, Object> values(Object value) {
        Map<String, Object> result = new LinkedHashMap<>();
        if (value instanceof Struct struct) {
            for (Field field : new ArrayList<>(struct.schema().fields())) {
                result.put(field.name(), struct.get(field));
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((name, item) -> result.put(String.valueOf(name), item));
        } else if (value != null) {
            throw new DataException("The value must be a struct or a map, not "
                    + value.getClass().getName());
        }
        return result;
    }

    private static Map<String, Object> object(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }
}
