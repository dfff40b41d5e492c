package io.github.crmsync.core.identity;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.Ledger.StoredNote;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.Note;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who takes part in a sync, as the ledger says it: the account of each side, the one connector that writes to this side, and the
 * settings that both sinks must share.
 *
 * <p>Whoever notes an account or a connector first has it, in the ledger's order, so that two that start at the same time come
 * to the same answer. What must never differ, the accounts and the connector, is refused. What may be changed, the settings,
 * holds all writing until both sinks agree.
 */
public final class SyncIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(SyncIdentity.class);

    private static final String CONNECTOR = Note.PREFIX + "connector/";
    private static final String ACCOUNT = Note.PREFIX + "account/";
    private static final String SETTINGS = Note.PREFIX + "settings";
    /** What earlier versions wrote instead of a connector's note. */
    private static final String FORMER = "identity";

    private static final String NAME = "connector";
    private static final String GROUP = "consumer.group";
    private static final String SINCE = "since";

    /**
     * A sink connector.
     *
     * @param app app that it writes to
     * @param name its name in Connect
     * @param group its consumer group
     */
    public record Sink(String app, String name, String group) {
        String otherApp() {
            return app.equals("hubspot") ? "dynamics" : "hubspot";
        }
    }

    private final Ledger ledger;
    private final String sync;
    private final Sink sink;
    private final SharedSettings settings;
    private final boolean preview;
    private final LongSupplier clock;
    private final Liveness rival;
    private final Liveness counterpart;
    private final Set<Account> accepted = new HashSet<>();
    private final Set<String> told = new HashSet<>();
    /** Position of the other sink's settings when they were last looked at. */
    private long heardAt = -1;

    /**
     * @param preview whether nothing may be noted: then contradictions are only logged
     * @param clock time in ms since the epoch
     * @param elapsed time in ms since some moment
     */
    public SyncIdentity(
            Ledger ledger,
            String sync,
            Sink sink,
            SharedSettings settings,
            boolean preview,
            Groups groups,
            LongSupplier clock,
            LongSupplier elapsed) {
        this.ledger = ledger;
        this.sync = sync;
        this.sink = sink;
        this.settings = settings;
        this.preview = preview;
        this.clock = clock;
        this.rival = new Liveness(groups, elapsed);
        this.counterpart = new Liveness(groups, elapsed);
    }

    /** Whether the ledger knows a sink for this app: without one it was lost, or is another one. */
    public boolean known() {
        return holder() != null || ledger.get(new LedgerEntry.Key(sink.app(), FORMER)) != null;
    }

    /** Notes this connector and its settings, as far as they are new, before anything else is recorded. */
    public void enter() {
        if (preview) {
            return;
        }
        if (holder() == null) {
            ledger.note(List.of(connector(), settings()));
        } else if (isHolder() && (!isMine(ownSettings()) || contradicted())) {
            // Where the other sink has taken this one for gone, it looks again.
            ledger.note(List.of(settings()));
        }
    }

    /**
     * Whether this sink may write, as far as the ledger was read.
     *
     * @throws HeldException if it has to wait
     * @throws ConnectException if it must not run beside another connector
     */
    public void check() {
        checkConnector();
        checkSettings();
    }

    private void checkConnector() {
        if (holder() == null && !preview) {
            ledger.note(List.of(connector()));
        }
        StoredNote holder = holder();
        if (holder == null || isHolder()) {
            return;
        }
        String other = holder.note().note().get(NAME);
        String text = "The sync " + sync + " has a sink for " + sink.app() + " already, the connector " + other
                + "; two of them would take each other's records for their own.";
        if (preview) {
            tell(text + " This one is in preview and writes nothing");
            return;
        }
        switch (rival.of(holder.note().note().get(GROUP))) {
            case RUNNING -> {
                retire(CONNECTOR + sink.name());
                throw new ConnectException(text + " Delete one of the two, or give " + sink.name()
                        + " another sync.name (links and agreements are kept under it)");
            }
            case SILENT ->
                throw new HeldException(text + " " + other + " does not run at the moment: " + sink.name()
                        + " takes its place if that is still so in " + Liveness.GONE_AFTER_MS / 60_000 + " minutes");
            default -> takeOver(other);
        }
    }

    private void takeOver(String other) {
        List<Note> notes = new ArrayList<>();
        notes(sink.app(), CONNECTOR)
                .forEach(stored -> notes.add(Note.none(sink.app(), stored.note().sourceId())));
        notes.add(connector());
        LOG.warn("{} takes the place of {}, which does not run any more, in the sync {}", sink.name(), other, sync);
        ledger.note(notes);
        if (!isHolder()) {
            throw new HeldException("Another connector takes the place of " + other + " at the same time");
        }
    }

    private void checkSettings() {
        StoredNote other = otherSettings();
        if (preview) {
            differences(other).forEach(text -> tell("The two sinks of the sync " + sync + " differ: " + text));
            return;
        }
        if (!isMine(ownSettings())) {
            waitIfReplaced(ownSettings());
            ledger.note(List.of(settings()));
            other = otherSettings();
        }
        List<String> differences = differences(other);
        if (differences.isEmpty()) {
            return;
        }
        if (other.position() != heardAt) {
            heardAt = other.position();
            counterpart.heard();
        }
        String text = "The two sinks of the sync " + sync + " differ: " + String.join("; ", differences);
        if (counterpart.of(other.note().note().get(GROUP)) != Liveness.State.GONE) {
            throw new HeldException(text + ". Neither writes before they agree: give both the same value, one after the"
                    + " other, or stop the one that is not wanted any more");
        }
        LOG.warn("{}. {} does not run any more, so that {} goes on without it", text, name(other), sink.name());
        ledger.note(List.of(Note.none(other.note().owner(), SETTINGS)));
    }

    /** A task that was started with an earlier configuration of its connector is about to be restarted. */
    private void waitIfReplaced(StoredNote own) {
        if (own != null && sink.name().equals(own.note().note().get(NAME))) {
            throw new HeldException("Another task of " + sink.name() + " has started with other settings: "
                    + String.join(
                            "; ", settings.differences("this one", SharedSettings.noted(noted(own)), "the other one")));
        }
    }

    private boolean contradicted() {
        return !differences(otherSettings()).isEmpty();
    }

    private List<String> differences(StoredNote other) {
        return other == null
                ? List.of()
                : settings.differences(sink.name(), SharedSettings.noted(noted(other)), name(other));
    }

    /**
     * Takes an account for one side of the sync, unless the ledger has another one.
     *
     * @param whose in words, such as "this sink is connected to"
     * @throws ConnectException if it has another one: its links name the records of that account
     */
    public void require(Account account, String whose) {
        if (accepted.contains(account)) {
            return;
        }
        if (first(account.app()) == null && !preview) {
            ledger.note(List.of(note(accountName(account), Map.of("claimed by", sink.name()))));
        }
        StoredNote first = first(account.app());
        if (first != null && !first.note().sourceId().equals(accountName(account))) {
            retire(accountName(account));
            throw new ConnectException(
                    "The sync " + sync + " belongs to " + account(first) + ", as its ledger says since "
                            + first.note().note().get(SINCE) + ", but " + whose + " " + account
                            + ". Nothing is written: the ledger's links would name other people's records. Connect it to the"
                            + " former again, or give all sinks of the new one another sync.name");
        }
        accepted.add(account);
    }

    private StoredNote first(String app) {
        return ledger.notes().stream()
                .filter(stored -> stored.note().sourceId().startsWith(ACCOUNT + app + "/"))
                .findFirst()
                .orElse(null);
    }

    private static String accountName(Account account) {
        return ACCOUNT + account.app() + "/" + account.id() + "/" + account.object();
    }

    private static Account account(StoredNote stored) {
        String[] parts = stored.note().sourceId().substring(ACCOUNT.length()).split("/", 3);
        return new Account(parts[0], parts[1], parts[2]);
    }

    /** Takes back a note that came too late. */
    private void retire(String name) {
        if (!preview && find(sink.app(), name) != null) {
            ledger.note(List.of(Note.none(sink.app(), name)));
        }
    }

    private Note connector() {
        return note(CONNECTOR + sink.name(), Map.of(NAME, sink.name(), GROUP, sink.group()));
    }

    private Note settings() {
        Map<String, String> values = new TreeMap<>(settings.values());
        values.put(NAME, sink.name());
        values.put(GROUP, sink.group());
        return note(SETTINGS, values);
    }

    private Note note(String name, Map<String, String> values) {
        Map<String, String> all = new TreeMap<>(values);
        all.put(SINCE, Instant.ofEpochMilli(clock.getAsLong()).toString());
        return new Note(sink.app(), name, all);
    }

    private StoredNote holder() {
        return notes(sink.app(), CONNECTOR).findFirst().orElse(null);
    }

    private boolean isHolder() {
        StoredNote holder = holder();
        return holder != null && sink.name().equals(name(holder));
    }

    private StoredNote ownSettings() {
        return find(sink.app(), SETTINGS);
    }

    private StoredNote otherSettings() {
        return find(sink.otherApp(), SETTINGS);
    }

    private boolean isMine(StoredNote stored) {
        return stored != null
                && sink.name().equals(name(stored))
                && settings.equals(SharedSettings.noted(noted(stored)));
    }

    private static String name(StoredNote stored) {
        return stored.note().note().get(NAME);
    }

    /** What a note says of settings, without who wrote it and when. */
    private static Map<String, String> noted(StoredNote stored) {
        Map<String, String> values = new HashMap<>(stored.note().note());
        values.keySet().removeAll(List.of(NAME, GROUP, SINCE));
        return values;
    }

    private StoredNote find(String owner, String name) {
        return notes(owner, name)
                .filter(stored -> Objects.equals(stored.note().sourceId(), name))
                .findFirst()
                .orElse(null);
    }

    private Stream<StoredNote> notes(String owner, String prefix) {
        return ledger.notes().stream()
                .filter(stored -> stored.note().owner().equals(owner)
                        && stored.note().sourceId().startsWith(prefix));
    }

    private void tell(String text) {
        if (told.add(text)) {
            LOG.warn(text);
        }
    }
}
