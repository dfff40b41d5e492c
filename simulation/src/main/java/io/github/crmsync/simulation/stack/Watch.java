package io.github.crmsync.simulation.stack;

import io.github.crmsync.core.ledger.Ledger.Stored;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Report;
import io.github.crmsync.core.sink.Work;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.simulation.LedgerLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Sees what the sync does, as it does it: writes to the apps, entries of the ledger, decisions. */
final class Watch implements LedgerLog.Watcher {
    /** The records of an app before a write. */
    record Look(Map<String, Map<Field, String>> records, Map<String, String> stages) {}

    private final Stack stack;
    /** Ids of records that the sync has made, with the record that each was made for. */
    private final Map<String, String> created = new HashMap<>();
    /** Source records that the sync has made a record for. */
    private final Set<String> served = new HashSet<>();

    private final Set<String> listed = new HashSet<>();
    private final Map<String, Long> changed = new HashMap<>();
    /** Newest decision on each record, by the sink's app and the record's id. */
    private final Map<String, Outcome.Kind> decided = new HashMap<>();

    private final History history = new History();
    private final Windows windows;
    /** Those of source records that were deleted without a word. */
    private int silent;

    /** Records that were ever deleted, or merged into another one. */
    private final Set<String> gone = new HashSet<>();

    private int passedOn;
    private int writes;
    private int learned;

    Watch(Stack stack) {
        this.stack = stack;
        windows = new Windows(stack);
    }

    History history() {
        return history;
    }

    Windows windows() {
        return windows;
    }

    /** Somebody has deleted a record, or merged it into another one. */
    void disappeared(App app, String id) {
        gone.add(app.name() + id);
        String source = created.get(app.name() + id);
        if (source != null) {
            windows.disappeared(app, source);
        }
    }

    /** Fields and records that the sync has written. */
    int writes() {
        return writes;
    }

    /** Those of them that were for source records that were deleted without a word in the topic. */
    int silentWrites() {
        return silent;
    }

    /** Links that have passed on because a record was deleted. */
    int passedOn() {
        return passedOn;
    }

    /** Newest decision of an app's sink on a record; null if there was none. */
    Outcome.Kind decided(App target, String id) {
        return decided.get(target.name() + id);
    }

    boolean created(App app, String id) {
        return created.containsKey(app.name() + id);
    }

    /** Somebody has put a HubSpot contact on the list that limits the sync, or has taken it off. */
    void listed(String id) {
        listed.add(id);
    }

    /** Of a contact that was never on the list nothing goes to Dynamics. */
    private void inScope(App target, String source) {
        boolean limited = target == stack.dynamics() && !stack.listId().isEmpty();
        if (limited && !listed.contains(source) && !history.isAmbiguous(stack.hubspot(), source)) {
            violation("I8 contact " + source + " was never on the list and is written to Dynamics");
        }
    }

    /** Somebody has changed a HubSpot contact. */
    void edited(String id) {
        changed.put(id, stack.now());
    }

    // --- the apps

    Look before(App app) {
        return new Look(app.records(), stages(app));
    }

    private Map<String, String> stages(App app) {
        return app == stack.hubspot() ? stack.hubspot().values("lifecyclestage") : Map.of();
    }

    void after(App app, Look before) {
        Map<String, Map<Field, String>> now = app.records();
        Map<String, String> stages = stages(app);
        for (String id : before.records().keySet()) {
            if (!now.containsKey(id)) {
                violation("I9 the sync deleted " + app.name() + " " + id);
            }
        }
        now.forEach((id, values) -> {
            Map<Field, String> old = before.records().get(id);
            if (old == null) {
                appeared(app, id, values);
                return;
            }
            boolean forNobody = !old.equals(values) && forNobody(app, id, windows.landed(app, id, ""));
            for (Field field : Field.values()) {
                if (!Objects.equals(old.get(field), values.get(field))) {
                    writes++;
                    silent += forNobody ? 1 : 0;
                    history.written(app, id, field, values.getOrDefault(field, ""));
                    stack.log(() -> "wrote " + app.name() + " " + id + " " + field + ": " + old.get(field) + " -> "
                            + values.get(field));
                    if (values.get(field) == null) {
                        violation("I6 the sync emptied " + field + " of " + app.name() + " " + id);
                    }
                }
            }
            String stage = before.stages().getOrDefault(id, "");
            if (HubSpot.STAGES.indexOf(stages.getOrDefault(id, "")) < HubSpot.STAGES.indexOf(stage)) {
                violation("I15 the stage of " + id + " went back from " + stage + " to " + stages.get(id));
            }
        });
    }

    /** Whether the source record is gone, of which the topic does not tell. */
    private boolean forNobody(App app, String id, String source) {
        if (source == null && history.isAmbiguous(app, id)) {
            // HubSpot hands a write to a merged contact on to the one that took its place.
            return false;
        }
        if (source == null) {
            violation("I18 " + app.name() + " " + id + " was written without an intent");
            return false;
        }
        inScope(app, source);
        return windows.deletedInSilence(app, source);
    }

    private void appeared(App app, String id, Map<Field, String> values) {
        writes++;
        String source = source(app, id);
        silent += !source.isEmpty() && windows.deletedInSilence(app, source) ? 1 : 0;
        stack.log(() -> "created " + app.name() + " " + id + " for " + source);
        stack.findings().situation("created in " + app.name());
        created.put(app.name() + id, source);
        values.forEach((field, value) -> history.written(app, id, field, value));
        if (source.isEmpty() || windows.landed(app, id, source) == null) {
            violation("I11 " + app.name() + " " + id + " was made for nothing");
        } else if (!served.add(app.name() + source)) {
            String what = "I11 a second record was made in " + app.name() + " for " + source;
            unlessLost(app, id, what, windows.lostCreation(app, source));
        }
        inScope(app, source);
        App other = stack.other(app);
        if (created(other, source)) {
            String what = "I12 a record was made in " + app.name() + " for the sync's own " + source;
            unlessLost(app, id, what, windows.lostCreation(other, created.get(other.name() + source)));
        }
    }

    /** W3: a record that disappeared before the sink knew that it had made it. */
    private void unlessLost(App app, String id, String what, boolean lost) {
        if (!lost) {
            violation(what);
            return;
        }
        stack.findings().inherent(what, "W3");
        for (Field field : Field.values()) {
            stack.findings().excuse(app.name(), id, field.name(), "W3");
        }
    }

    /** Whom the sink has made a record for, as its intent says. */
    private String source(App app, String id) {
        if (app == stack.hubspot()) {
            return stack.hubspot().values(HubSpot.LINK).getOrDefault(id, "");
        }
        return stack.ledger().index().open().stream()
                .map(Stored::entry)
                .filter(entry -> entry.owner().equals(app.name()) && id.equals(entry.targetId()))
                .map(LedgerEntry::sourceId)
                .findFirst()
                .orElse("");
    }

    void answered(App app, Request request, Response response) {
        if (response.status() >= 400) {
            stack.findings().situation(app.name() + " " + response.status());
        }
        if (response.status() == 200 && request.method().equals("GET")) {
            return;
        }
        String text = new String(response.body(), StandardCharsets.UTF_8);
        if (request.rawPath().endsWith("/$batch") && text.contains("HTTP/1.1 412")) {
            stack.findings().situation("412");
        }
        if (text.contains("\"CONFLICT\"")) {
            stack.findings().situation("409");
        }
        if (response.status() == 429) {
            stack.findings().situation("429");
        }
        if (request.rawPath().endsWith("/search") && response.status() == 200) {
            changed.forEach((id, at) -> {
                long age = stack.now() - at;
                if (age < stack.setup().lagMs()
                        && !text.contains(Instant.ofEpochMilli(at).toString())) {
                    stack.findings().situation("change not yet in the search index");
                }
            });
        }
        if (app == stack.dynamics() && text.contains("expired") && response.status() >= 400) {
            stack.findings().situation("delta token expired");
        }
    }

    // --- the ledger

    /** How often the ledger has learned of a link, of its end, or of an agreement. */
    int learned() {
        return learned;
    }

    @Override
    public void appended(LedgerEntry before, LedgerEntry after) {
        if (before == null || before.state() != after.state() || !before.base().equals(after.base())) {
            learned++;
        }
        stack.log(() -> "ledger " + after.owner() + ":" + after.sourceId() + " -> " + after.targetId() + " "
                + after.state()
                + (after.intent() == null ? "" : " intends " + after.intent().kind())
                + (after.excluded() == null ? "" : " excluded " + after.excluded())
                + (after.movedTo() == null ? "" : " moved to " + after.movedTo()) + " seen " + after.seen()
                + (after.differs() ? " differs" : ""));
        if (before != null && before.intent() != null && after.intent() == null) {
            windows.closed(before, after);
        }
        if (!after.isLink()) {
            return;
        }
        if (after.state() == LedgerEntry.State.TOMBSTONED) {
            stack.findings().situation("tombstone");
        }
        for (Stored other : stack.ledger().index().touching(after.hubspotId(), after.dynamicsId())) {
            LedgerEntry entry = other.entry();
            boolean same = Objects.equals(after.hubspotId(), entry.hubspotId())
                    && Objects.equals(after.dynamicsId(), entry.dynamicsId());
            boolean shares = Objects.equals(after.hubspotId(), entry.hubspotId())
                    || Objects.equals(after.dynamicsId(), entry.dynamicsId());
            if (entry.isLink()
                    && shares
                    && !same
                    && after.movedTo() == null
                    && entry.movedTo() == null
                    && !passesOn(entry, after)) {
                violation("I13 a link is not one-to-one, or has changed: " + after.hubspotId() + "-"
                        + after.dynamicsId() + " and " + entry.hubspotId() + "-" + entry.dynamicsId());
            }
        }
    }

    /** Once one of two linked records is deleted, another one may take its place: then nobody edits the same pair any more. */
    private boolean passesOn(LedgerEntry one, LedgerEntry other) {
        LedgerEntry former = one.life() < other.life() ? one : other;
        boolean deleted =
                gone.contains("hubspot" + former.hubspotId()) || gone.contains("dynamics" + former.dynamicsId());
        if (one.life() == other.life() || !deleted) {
            return false;
        }
        passedOn++;
        stack.findings().situation("link of a deleted record passed on");
        for (LedgerEntry link : List.of(one, other)) {
            history.ambiguous(stack.hubspot(), link.hubspotId());
            history.ambiguous(stack.dynamics(), link.dynamicsId());
        }
        return true;
    }

    private void violation(String what) {
        stack.log(() -> "VIOLATION " + what);
        stack.findings().violation(what);
    }

    // --- decisions

    Report report(String app) {
        return new Report() {
            @Override
            public void record(String targetApp, Work work, Outcome outcome, long now) {
                stack.findings().situation(outcome.kind().name().toLowerCase(Locale.ROOT));
                decided.put(app + work.image().id(), outcome.kind());
                if (!outcome.conflicts().isEmpty()) {
                    stack.findings().situation("conflict");
                    boolean otherWins = outcome.conflicts().values().stream()
                            .anyMatch(winner -> !winner.equals(stack.setup().defaultApp()));
                    if (stack.setup().twoWay() && otherWins) {
                        stack.findings().situation("conflict with empty default");
                    }
                }
                stack.log(() -> app + "-sink decides on " + work.image().id() + " v"
                        + work.image().version() + ": " + outcome.kind() + " " + outcome.fields() + " "
                        + outcome.conflicts()
                        + (outcome.detail() == null ? "" : " " + outcome.detail()));
            }

            @Override
            public void recordAnew(String targetApp, Work work, Outcome outcome, long now) {
                stack.findings().situation("decided anew");
                record(targetApp, work, outcome, now);
            }

            @Override
            public void held(String targetApp, String why, long now) {
                stack.findings().situation("all writing held");
            }

            @Override
            public void plan(String targetApp, Map<Outcome.Kind, Long> counts, long now) {
                // Nobody previews.
            }

            @Override
            public void flush() {
                // Nothing to keep.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }
}
