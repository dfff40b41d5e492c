package io.github.crmsync.hubspot;

import io.github.crmsync.core.config.TimeZoneSetting;
import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.http.SideBySide;
import io.github.crmsync.core.identity.Account;
import io.github.crmsync.core.record.Emails;
import io.github.crmsync.core.sink.TargetClient;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.WriteOutcome;
import io.github.crmsync.core.sink.WriteOutcome.Conflict;
import io.github.crmsync.core.sink.WriteOutcome.TryLater;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * HubSpot's contacts as a sink's target. Reads by id and by address go to the primary store; the search index lags and is
 * never asked. HubSpot has no conditional writes. The portal's properties are read on first use, so that a portal that
 * cannot be reached does not fail the task.
 */
final class HubSpotTarget implements TargetClient {
    private static final int PARALLEL = 4;

    private final HubSpotApi api;
    private final TargetProperties properties;
    private final boolean checkHistory;
    private final SideBySide threads = new SideBySide(PARALLEL, "crmsync-hubspot-batch");
    /** Why the next call stops the task; null for no reason. */
    private volatile ConnectException stopped;

    /** @param checkHistory whether updates look for what they have overwritten */
    HubSpotTarget(HubSpotApi api, TargetProperties properties, boolean checkHistory) {
        this.api = api;
        this.properties = properties;
        this.checkHistory = checkHistory;
    }

    /** Creates the link property if it is missing and the token may; says whether it can be used. */
    boolean ensureLinkProperty() {
        return link() != null;
    }

    private String link() {
        return properties.link();
    }

    @Override
    public String app() {
        return ContactRecords.APP;
    }

    @Override
    public Account account() {
        String portal = properties.portal();
        return portal.isEmpty() ? null : new Account(ContactRecords.APP, portal, ContactRecords.OBJECT);
    }

    @Override
    public Map<String, TargetRecord> read(Collection<String> ids, Set<String> fields) {
        checkStopped();
        properties.refresh();
        String linkProperty = link();
        Set<String> wanted = new LinkedHashSet<>(ids);
        Map<String, TargetRecord> result = new LinkedHashMap<>();
        for (Contact contact : read(new ArrayList<>(wanted), properties(fields), null)) {
            // One that was merged away comes under its survivor's id: it is gone.
            if (wanted.contains(contact.id()) && !contact.archived()) {
                result.put(contact.id(), Targets.record(contact, fields, linkProperty));
            }
        }
        return result;
    }

    @Override
    public List<TargetRecord> findByEmail(Collection<String> emails, Set<String> fields) {
        List<String> keys = emails.stream()
                .flatMap(email -> Emails.spellings(email).stream())
                .distinct()
                .toList();
        String linkProperty = link();
        Map<String, TargetRecord> found = new LinkedHashMap<>();
        for (Contact contact : read(keys, properties(fields), Contact.EMAIL)) {
            found.put(contact.id(), Targets.record(contact, fields, linkProperty));
        }
        return List.copyOf(found.values());
    }

    private List<Contact> read(List<String> keys, List<String> properties, String idProperty) {
        List<Callable<List<Contact>>> calls = new ArrayList<>();
        for (List<String> part : Lists.cut(keys, HubSpotApi.BATCH)) {
            calls.add(() -> readPart(part, properties, idProperty));
        }
        return threads.run(calls).stream().flatMap(List::stream).toList();
    }

    /**
     * A malformed address fails the whole call: halves are tried until it stands alone, and is not found. Any other key
     * that HubSpot refuses says nothing about the contact, which must not be taken for absent.
     */
    private List<Contact> readPart(List<String> keys, List<String> properties, String idProperty) {
        List<Contact> read = api.tryBatchRead(keys, properties, idProperty);
        if (read != null) {
            return read;
        }
        if (keys.size() == 1) {
            return List.of();
        }
        List<Contact> found = new ArrayList<>(readPart(keys.subList(0, keys.size() / 2), properties, idProperty));
        found.addAll(readPart(keys.subList(keys.size() / 2, keys.size()), properties, idProperty));
        return found;
    }

    private List<String> properties(Set<String> fields) {
        Set<String> names = new LinkedHashSet<>(fields);
        names.addAll(List.of(Contact.EMAIL, Contact.MORE_EMAILS, Contact.MODIFIED));
        if (link() != null) {
            names.add(link());
        }
        return List.copyOf(names);
    }

    @Override
    public List<WriteOutcome> create(List<NewRecord> records, Deadline deadline) {
        checkStopped();
        String linkProperty = link();
        List<ContactWrite> writes = records.stream()
                .map(record -> {
                    Map<String, String> texts = texts(record.values());
                    texts.values().removeIf(String::isEmpty);
                    String key = linkProperty == null ? null : record.sourceId();
                    if (key != null) {
                        texts.put(linkProperty, key);
                    }
                    return new ContactWrite(null, Emails.canonical(texts.get(Contact.EMAIL)), key, texts);
                })
                .toList();
        return write(new ContactWriter(inputs -> api.batchCreate(inputs, deadline), true, linkProperty), writes);
    }

    @Override
    public List<WriteOutcome> update(List<RecordChange> changes, Deadline deadline) {
        checkStopped();
        List<ContactWrite> writes = changes.stream()
                .map(change -> {
                    Map<String, String> texts = texts(change.values());
                    return new ContactWrite(
                            change.id(),
                            Emails.canonical(texts.get(Contact.EMAIL)),
                            link() == null ? null : texts.get(link()),
                            texts);
                })
                .toList();
        List<WriteOutcome> outcomes =
                write(new ContactWriter(inputs -> api.batchUpdate(inputs, deadline), false, link()), writes);
        return checkHistory && stopped == null ? history().check(changes, writes, outcomes, threads) : outcomes;
    }

    /** A reason to stop waits until what other batches have written is on record. */
    private List<WriteOutcome> write(ContactWriter writer, List<ContactWrite> writes) {
        List<WriteOutcome> outcomes = writer.write(writes, threads);
        if (writer.stopped() != null) {
            if (outcomes.stream().allMatch(TryLater.class::isInstance)) {
                throw writer.stopped();
            }
            stopped = writer.stopped();
            return outcomes;
        }
        return named(outcomes, writes);
    }

    private void checkStopped() {
        if (stopped != null) {
            throw stopped;
        }
    }

    private WriteHistory history() {
        return new WriteHistory(api, properties.values(), link());
    }

    @Override
    public List<Optional<Evidence>> evidence(List<Question> questions) {
        return history().evidence(questions);
    }

    @Override
    public void giveUp() {
        api.giveUp();
    }

    @Override
    public Optional<Evidence> evidence(String id, long version, Map<String, Long> sent) {
        return history().evidence(id, version, sent);
    }

    private Map<String, String> texts(Map<String, Object> raw) {
        HubSpotValues values = properties.values();
        Map<String, String> texts = new LinkedHashMap<>();
        raw.forEach((name, value) -> texts.put(name, values.write(name, value)));
        return texts;
    }

    /** Where a conflict does not name the other contact, it is looked up. */
    private List<WriteOutcome> named(List<WriteOutcome> outcomes, List<ContactWrite> writes) {
        List<WriteOutcome> result = new ArrayList<>(outcomes);
        for (int i = 0; i < result.size(); i++) {
            if (result.get(i) instanceof Conflict conflict && conflict.existingId() == null) {
                String owner = owner(writes.get(i));
                if (owner != null) {
                    result.set(i, new Conflict(owner, conflict.message(), conflict.fields()));
                }
            }
        }
        return result;
    }

    private String owner(ContactWrite write) {
        List<Contact> owners = new ArrayList<>();
        if (write.email() != null) {
            owners.addAll(read(List.copyOf(Emails.spellings(write.email())), List.of(Contact.EMAIL), Contact.EMAIL));
        }
        if (owners.isEmpty() && write.linkKey() != null && link() != null) {
            owners.addAll(read(List.of(write.linkKey()), List.of(Contact.EMAIL), link()));
        }
        return owners.stream()
                .map(Contact::id)
                .filter(id -> !id.equals(write.id()))
                .findFirst()
                .orElse(null);
    }

    @Override
    public boolean findsCreatedBySourceId() {
        return properties.linksCreated();
    }

    @Override
    public Optional<TargetRecord> findCreated(NewRecord request, Set<String> fields) {
        String linkProperty = link();
        if (linkProperty != null) {
            return read(List.of(request.sourceId()), properties(fields), linkProperty).stream()
                    .map(contact -> Targets.record(contact, fields, linkProperty))
                    .findFirst();
        }
        return request.email() == null
                ? Optional.empty()
                : findByEmail(List.of(request.email()), fields).stream().findFirst();
    }

    @Override
    public Map<String, TargetRecord> findCreated(List<NewRecord> requests, Set<String> fields) {
        String linkProperty = link();
        if (linkProperty == null) {
            return TargetClient.super.findCreated(requests, fields);
        }
        Map<String, TargetRecord> found = new LinkedHashMap<>();
        List<String> keys = requests.stream().map(NewRecord::sourceId).toList();
        for (Contact contact : read(keys, properties(fields), linkProperty)) {
            TargetRecord record = Targets.record(contact, fields, linkProperty);
            if (record.linkKey() != null) {
                found.put(record.linkKey(), record);
            }
        }
        return found;
    }

    @Override
    public boolean conditionalWrites() {
        return false;
    }

    @Override
    public long fingerprint(String field, Object value) {
        return properties.values().fingerprint(field, value);
    }

    /** Opens the target that the configuration names. */
    static HubSpotTarget open(HubSpotSinkConfig config) {
        return open(config, HttpRuntime.SYSTEM);
    }

    static HubSpotTarget open(HubSpotSinkConfig config, HttpRuntime runtime) {
        HubSpotConfig connection = config.connection();
        String problem = connection.credentialsProblem();
        if (problem != null) {
            throw new ConnectException(problem);
        }
        HubSpotApi api = new HubSpotApi(connection, connection.http(), runtime);
        TargetProperties properties = new TargetProperties(
                api,
                config.linkProperty(),
                config.preview(),
                config.getLong(HubSpotConfig.METADATA_INTERVAL_MS),
                TimeZoneSetting.of(config),
                runtime::millis);
        return new HubSpotTarget(api, properties, config.historyCheck());
    }

    @Override
    public void close() {
        api.close();
        threads.close();
    }
}
