package io.github.crmsync.simulation;

import io.github.crmsync.simulation.Mutant.Edit;
import java.util.List;

/** Each safeguard of the protocol, taken out by itself. */
public final class Mutants {
    private static final String CORE = "sync-core/src/main/java/io/github/crmsync/core/";
    private static final String ENGINE = CORE + "sink/SyncEngine.java";
    private static final String ROUND = CORE + "sink/Round.java";
    private static final String CLASSIFICATION = CORE + "sink/Classification.java";
    private static final String DELETIONS = CORE + "sink/Deletions.java";
    private static final String PLANNING = CORE + "sink/Planning.java";
    private static final String LOCKING = CORE + "sink/Locking.java";
    private static final String WRITING = CORE + "sink/Writing.java";
    private static final String RECOVERY = CORE + "sink/Recovery.java";
    private static final String DEADLINES = CORE + "sink/WriteDeadlines.java";
    private static final String VIEW = CORE + "ledger/LinkView.java";
    private static final String ENTRY = CORE + "ledger/LedgerEntry.java";
    private static final String DECISION = CORE + "merge/FieldDecision.java";
    private static final String WAITING = CORE + "sink/WaitingRecords.java";
    private static final String TASK = CORE + "sink/SyncSinkTask.java";
    private static final String GIVE_BACK = CORE + "sink/GiveBack.java";
    private static final String SIMULATION = "simulation/src/main/java/io/github/crmsync/simulation/";

    private static final String HUBSPOT = "hubspot-connector/src/main/java/io/github/crmsync/hubspot/";
    private static final String DYNAMICS = "dynamics-connector/src/main/java/io/github/crmsync/dynamics/";

    private static final List<String> GENERAL = List.of("general");
    private static final List<String> ONE_PAIR = List.of("micro", "pause", "tiny");
    private static final List<String> ALL = List.of("general", "micro", "pause", "tiny");
    private static final List<String> STACK = List.of(MutantHunt.STACK);
    private static final List<String> TASKS = List.of("tasks");
    private static final List<String> ZOMBIES = List.of("zombies");
    private static final List<String> TOPICS = List.of("topics");

    private Mutants() {}

    private static Mutant mutant(String name, List<String> scenarios, int seeds, Edit... edits) {
        return new Mutant(name, scenarios, seeds, List.of(edits));
    }

    /** All of them. */
    public static List<Mutant> all() {
        Edit ignoreOpen = new Edit(CLASSIFICATION, "if (!view.othersOpen().isEmpty()) {", "if (false) {");
        Edit noLock = new Edit(LOCKING, "if (now.grants(step.view)) {", "if (true) {");
        return List.of(
                mutant("ignores the other sink's open intent", List.of("tiny", "micro", "pause"), 60_000, ignoreOpen),
                mutant("no lock: intents are not compared", TASKS, 20_000, noLock),
                mutant("neither of the two", List.of("general", "micro"), 20_000, ignoreOpen, noLock),
                mutant(
                        "agreements without a lock",
                        List.of("tiny", "pause"),
                        60_000,
                        new Edit(
                                ENGINE,
                                "List<Step> granted = ",
                                "List<Step> free = plans.stream()"
                                        + ".filter(s -> s.creation == null && s.plan.writes().isEmpty()).toList();"
                                        + "plans.removeAll(free);"
                                        + "new Writing(round, client, giveBack, loops, caps, together).carryOut(free);"
                                        + "List<Step> granted = ")),
                mutant(
                        "no second read of the target under the lock",
                        List.of("tiny", "pause"),
                        100_000,
                        new Edit(LOCKING, "return unmoved(granted(plans));", "return granted(plans);")),
                mutant(
                        "the loser of a conflict is dropped",
                        ONE_PAIR,
                        40_000,
                        new Edit(ROUND, "Kind result = !plan.won().isEmpty()", "Kind result = false")),
                mutant(
                        "no limit for parked conflicts",
                        GENERAL,
                        5_000,
                        new Edit(
                                TASK,
                                "if (now - since < config.getLong(SyncSinkConfig.PARK_LIMIT_MS)",
                                "if (now - since >= 0 || now < config.getLong(SyncSinkConfig.PARK_LIMIT_MS)")),
                mutant(
                        "no sweep",
                        GENERAL,
                        2_000,
                        new Edit(
                                SIMULATION + "Sources.java",
                                "for (Crm.Row row : new ArrayList<>(crm.rows.values())) {",
                                "for (Crm.Row row : new ArrayList<Crm.Row>()) {")),
                mutant(
                        "no second look before a record is filed as a duplicate",
                        List.of("micro", "pause"),
                        20_000,
                        new Edit(
                                PLANNING,
                                "if (now.targetId() != null || !now.othersOpen().isEmpty()) {",
                                "if (false) {")),
                mutant(
                        "no intents",
                        ALL,
                        5_000,
                        new Edit(
                                LOCKING,
                                "if (plans.isEmpty()) {\n            return plans;",
                                "if (true) {\n return plans;")),
                mutant(
                        "no recovery before the first image",
                        ALL,
                        5_000,
                        new Edit(RECOVERY, "if (!byTime.get(true).isEmpty()) {", "if (false) {")),
                mutant(
                        "recovery takes every request as not landed",
                        ALL,
                        20_000,
                        new Edit(RECOVERY, "if (!evidence.get().landed()) {", "if (true) {"),
                        new Edit(RECOVERY, "verdict(entry.intent(), writes, target) == Verdict.LANDED", "false"),
                        new Edit(
                                RECOVERY,
                                ".map(record -> landed(entry, record))",
                                ".filter(r -> false).map(record -> landed(entry, record))")),
                mutant(
                        "recovery agrees on the version before the write",
                        ALL,
                        20_000,
                        new Edit(
                                RECOVERY,
                                "intent.sourceVersion(),\n                                target.version())",
                                "intent.sourceVersion(),\n intent.targetVersion())")),
                mutant(
                        "old images are not stale",
                        ALL,
                        2_000,
                        new Edit(CLASSIFICATION, "if (isStale(step)) {", "if (false) {")),
                mutant(
                        "images of one version are not told apart",
                        List.of("ties"),
                        20_000,
                        new Edit(
                                CLASSIFICATION,
                                "return version < handled || version == handled && step.order() == Place.Order.BEFORE;",
                                "return version < handled;")),
                mutant(
                        "differences without an agreement leave no trace",
                        ONE_PAIR,
                        60_000,
                        new Edit(PLANNING, "if (back || due && step.image.version() > own.seen()) {", "if (back) {"),
                        new Edit(WRITING, "closed = closed.seen(image.version(), step.plan.differs());", "")),
                mutant(
                        "excluded records leave no trace",
                        GENERAL,
                        5_000,
                        new Edit(CLASSIFICATION, "&& step.handledBefore() && ", "&& false && ")),
                mutant(
                        "each sink counts its agreements alone",
                        ALL,
                        10_000,
                        new Edit(
                                VIEW,
                                "seq = Math.max(seq, agreement.seq());",
                                "seq = mine ? Math.max(seq, agreement.seq()) : seq;")),
                mutant(
                        "unconditional writes to Dynamics",
                        ALL,
                        20_000,
                        new Edit(
                                SIMULATION + "CrmClient.java",
                                "if (conditionalWrites() && Long.parseLong(change.version()) != row.version) {",
                                "if (false) {")),
                mutant(
                        "nothing is given back after a write",
                        ALL,
                        20_000,
                        new Edit(
                                GIVE_BACK,
                                "if (change.yields() && isFilled(field, overwritten.get(field))) {",
                                "if (false) {")),
                mutant(
                        "nothing is given back on recovery",
                        ALL,
                        100_000,
                        new Edit(RECOVERY, "if (slip.open()\n", "if (false\n")),
                mutant(
                        "an emptied value is given back",
                        ALL,
                        20_000,
                        new Edit(
                                GIVE_BACK,
                                "return client.fingerprint(field, value) != Fingerprints.EMPTY;",
                                "return value != null;")),
                mutant(
                        "own creates are not recognised",
                        List.of("bare", "general"),
                        20_000,
                        new Edit(CLASSIFICATION, "} else if (mayBeOurOwnCreate(image)) {", "} else if (false) {")),
                mutant(
                        "a creation's intent does not name the row",
                        GENERAL,
                        10_000,
                        new Edit(
                                LOCKING,
                                "step.target == null ? client.chosenId(step.image.id()) : step.target.id();",
                                "step.target == null ? null : step.target.id();"),
                        new Edit(
                                PLANNING,
                                "step.view = LinkView.of(ledger, owner, step.image.id(),"
                                        + " client.chosenId(step.image.id()));",
                                "step.view = now;")),
                mutant(
                        "a creation leaves no agreement",
                        ALL,
                        2_000,
                        new Edit(
                                WRITING,
                                "if (change != null) {\n                long target",
                                "if (change != null && step.creation == null) {\n                    long target"),
                        new Edit(
                                RECOVERY,
                                "intent.changes()\n                .forEach",
                                "if (intent.kind() != Intent.Kind.CREATE) intent.changes()\n                .forEach")),
                mutant(
                        "rows are created under a key of the app's",
                        GENERAL,
                        10_000,
                        new Edit(
                                SIMULATION + "CrmClient.java",
                                "return crm.isHubspot() ? null : \"d~\" + sourceId;",
                                "return null;"),
                        new Edit(
                                SIMULATION + "CrmClient.java",
                                ": Optional.ofNullable(crm.rows.get(chosenId(request.sourceId())));\n",
                                ": Optional.empty();\n"),
                        new Edit(
                                SIMULATION + "CrmClient.java",
                                ": Optional.ofNullable(crm.rows.get(chosenId(request.sourceId()))))\n",
                                ": Optional.<Crm.Row>empty())\n")),
                mutant(
                        "deleted pairs are forgotten",
                        GENERAL,
                        2_000,
                        new Edit(
                                ENTRY,
                                "return state == State.LINKED || state == State.TOMBSTONED;",
                                "return state == State.LINKED;"),
                        new Edit(VIEW, "tombstonedIn = Math.max(tombstonedIn, entry.life());", "")),
                mutant(
                        "linked records are matched again",
                        GENERAL,
                        2_000,
                        new Edit(PLANNING, "|| !LinkView.taken(ledger, owner, candidate.id()))", "|| true)")),
                mutant(
                        "a contact that another task is creating is matched",
                        TASKS,
                        20_000,
                        new Edit(
                                PLANNING,
                                "if (!candidates.isEmpty() && anotherIsBeingCreated(step)) {",
                                "if (false) {"),
                        new Edit(PLANNING, "candidate.linkKey() == null", "true")),
                mutant(
                        "recovery does not look for a link made meanwhile",
                        TASKS,
                        40_000,
                        new Edit(RECOVERY, "return !entry.isLink() && linkedMeanwhile(entry)", "return false")),
                mutant(
                        "a changed address ends a link",
                        GENERAL,
                        5_000,
                        new Edit(
                                CLASSIFICATION,
                                "} else if (view.targetId() != null) {\n            classifyLinked",
                                "} else if (view.targetId() != null && image.mapping().stream().noneMatch(f ->"
                                        + " f.target().equals(\"email\") &&"
                                        + " view.base().get(f.canonical(image.sourceApp())) != null &&"
                                        + " view.base().get(f.canonical(image.sourceApp())).hubspot() !="
                                        + " image.fingerprint(f))) {\n"
                                        + "                classifyLinked"),
                        new Edit(
                                PLANNING,
                                "if (now.targetId() != null || !now.othersOpen().isEmpty()) {",
                                "if (!now.othersOpen().isEmpty()) {")),
                mutant(
                        "own writes leave no agreement",
                        ALL,
                        2_000,
                        new Edit(
                                WRITING,
                                "if (change != null) {\n                long target",
                                "if (change != null && !change.writes()) {\n                    long target")),
                mutant(
                        "the default app always wins",
                        ALL,
                        2_000,
                        new Edit(
                                DECISION,
                                "if (sourceChanged && targetChanged) {",
                                "if (sourceChanged || targetChanged) {")),
                mutant(
                        "empty values erase",
                        ALL,
                        2_000,
                        new Edit(
                                DECISION,
                                "return converted != EMPTY || propagateClear ? WRITE : HELD_CLEAR;",
                                "return WRITE;")),
                mutant(
                        "the agreement is what was sent, not what was stored",
                        List.of("forms"),
                        5_000,
                        new Edit(WRITING, "change.writes() && stored.values().containsKey(field.target())", "false")),
                mutant(
                        "a linked record that leaves the filter goes on",
                        List.of("filters"),
                        5_000,
                        new Edit(CLASSIFICATION, "} else if (leavesScope(exclusion)) {", "} else if (false) {")),
                mutant(
                        "the other sink does not honour an exclusion",
                        List.of("filters"),
                        5_000,
                        new Edit(
                                CLASSIFICATION,
                                "} else if (view.excludedElsewhere() != null) {",
                                "} else if (false) {")),
                mutant(
                        "a record that comes back into scope stays shut",
                        List.of("filters"),
                        5_000,
                        new Edit(PLANNING, "boolean back = own.excluded() != null;", "boolean back = false;"),
                        new Edit(PLANNING, ".excluded(null)", ""),
                        new Edit(WRITING, ".excluded(null)", "")),
                mutant(
                        "a stage moves in either direction",
                        List.of("filters"),
                        5_000,
                        new Edit(
                                CORE + "record/StageDirective.java",
                                "return from >= 0 && order.indexOf(value) > from;",
                                "return from >= 0 && order.indexOf(value) != from;")),
                mutant(
                        "recovery knows nothing of HubSpot's histories",
                        List.of("pause", "tiny", "micro"),
                        100_000,
                        new Edit(RECOVERY, "if (evidence.isEmpty()) {", "if (true) {")),
                mutant(
                        "a restored pair stays shut",
                        List.of("restores"),
                        10_000,
                        new Edit(CLASSIFICATION, "if (deletions.mayBeRestored(step)) {", "if (false) {")),
                mutant(
                        "any image opens a deleted pair",
                        List.of("restores"),
                        10_000,
                        new Edit(
                                DELETIONS, "&& !step.image.deleted() && step.isNewer();", "&& !step.image.deleted();")),
                mutant(
                        "a merge gives its winner a second link",
                        List.of("restores"),
                        10_000,
                        new Edit(
                                DELETIONS,
                                "} else if (next != null && next.targetId() == null) {",
                                "} else if (next != null) {")),
                mutant(
                        "a standing difference is taken for agreed",
                        ONE_PAIR,
                        60_000,
                        new Edit(CLASSIFICATION, "&& !own.differs()\n", "")),
                mutant(
                        "a lost ledger goes unnoticed",
                        List.of("losses"),
                        5_000,
                        new Edit(TASK, "if (committedBefore(props) > 0) {", "if (false) {")),
                mutant(
                        "no deadline for writes",
                        ZOMBIES,
                        20_000,
                        new Edit(
                                DEADLINES,
                                "return deadlineMs == 0 ? Deadline.NONE",
                                "if (true) return new Deadline(Long.MAX_VALUE, clock.getAsLong() + deadlineMs,"
                                        + " clock);\n"
                                        + "return deadlineMs == 0 ? Deadline.NONE")),
                mutant(
                        "the deadline begins with the look at the ledger, after the intent",
                        ZOMBIES,
                        20_000,
                        new Edit(
                                LOCKING,
                                "return unmoved(granted(plans));",
                                "round.deadline(deadlines.begin());\n return unmoved(granted(plans));")),
                mutant(
                        "recovery does not wait",
                        ZOMBIES,
                        20_000,
                        new Edit(DEADLINES, "return clock.getAsLong() >= settled;", "return true;")),
                mutant(
                        "zombies are not fenced",
                        ZOMBIES,
                        20_000,
                        new Edit(
                                SIMULATION + "LogLedger.java",
                                "if (log.fenced(writer + \"-\" + partition, epochs.getOrDefault(partition, -1))) {",
                                "if (false) {")),
                mutant(
                        "zombies are fenced by the task's number",
                        ZOMBIES,
                        20_000,
                        new Edit(
                                SIMULATION + "LogLedger.java",
                                "epochs.put(partition, log.newEpoch(writer + \"-\" + partition));",
                                "epochs.put(partition, epoch);"),
                        new Edit(
                                SIMULATION + "LogLedger.java",
                                "if (log.fenced(writer + \"-\" + partition, epochs.getOrDefault(partition, -1))) {",
                                "if (log.fenced(task, epoch)) {")),
                mutant(
                        "recovery does not look at the order of two intents",
                        STACK,
                        500,
                        new Edit(
                                RECOVERY,
                                "|| LinkView.of(ledger, entry.owner(), entry.sourceId(), entry.targetId())",
                                "|| LinkView.of(ledger, entry.owner(), \"\", \"\")")),
                mutant(
                        "a created contact that was merged into one which is being linked gets its link",
                        STACK,
                        500,
                        new Edit(RECOVERY, ".filter(record -> !othersWant(record.id(), entry))", "")),
                mutant(
                        "recovery forgets the image's place in the topic",
                        List.of("ties"),
                        40_000,
                        new Edit(RECOVERY, ".at(intent.place())", "")),
                mutant(
                        "a record that was out of scope when it was first handled leaves no trace",
                        List.of("filters", "general"),
                        40_000,
                        new Edit(
                                CLASSIFICATION,
                                "round.append(step.work, step.view.own().shut(State.EXCLUDED, step.work.place()));",
                                "")),
                mutant(
                        "a new stage leaves no trace",
                        List.of("filters"),
                        40_000,
                        new Edit(PLANNING, "step.plan.unsettled() || newStage ||", "step.plan.unsettled() ||")),
                mutant(
                        "a row that is linked to another contact is created once more",
                        List.of("losses"),
                        40_000,
                        new Edit(PLANNING, "if (id != null && LinkView.taken(ledger, owner, id)) {", "if (false) {")),
                mutant(
                        "a replaced image's offset is committed before the one that replaced it is handled",
                        ALL,
                        40_000,
                        new Edit(
                                WAITING,
                                "offsets.merge(work.partition(), firstOffset(work), Math::min)",
                                "offsets.merge(work.partition(), work.offset(), Math::min)")),
                mutant(
                        "a request without an answer counts as refused",
                        List.of("bare", "general", "micro"),
                        40_000,
                        new Edit(
                                WRITING,
                                "// The intent stays open: recovery asks the target before anything else happens to"
                                        + " this pair.",
                                "round.withdraw(step);")),
                mutant(
                        "Dynamics sink: a row may be written that does not exist",
                        STACK,
                        2_000,
                        new Edit(
                                DYNAMICS + "RowWrites.java",
                                "all.put(\"If-Match\", write.version() == null ? \"*\" : write.version());",
                                "")),
                mutant(
                        "Dynamics sink: a batch without an answer was not carried out",
                        STACK,
                        2_000,
                        new Edit(
                                DYNAMICS + "DynamicsTarget.java",
                                "new WriteOutcome.Ambiguous(e.getMessage())), null);",
                                "new WriteOutcome.TryLater(e.getMessage())), null);")),
                mutant(
                        "HubSpot source: a deleted list is still a scope",
                        STACK,
                        4_000,
                        new Edit(HUBSPOT + "ListState.java", "if (list.hasNonNull(\"deletedAt\")) {", "if (false) {")),
                mutant(
                        "HubSpot source: who is missing while a list is evaluated has left it",
                        STACK,
                        4_000,
                        new Edit(
                                HUBSPOT + "ListScope.java",
                                "boolean complete = members == null || without(members, present).length > 0"
                                        + " ? allSettled() : settled;",
                                "boolean complete = true;")),
                mutant(
                        "HubSpot sink: a batch without an answer was not carried out",
                        STACK,
                        2_000,
                        new Edit(
                                HUBSPOT + "ContactWriter.java",
                                "return same(writes, new Ambiguous(e.getMessage()));",
                                "return same(writes, new TryLater(e.getMessage()));")),
                mutant(
                        "sources: the partition's form depends on the JVM",
                        STACK,
                        200,
                        new Edit(
                                CORE + "source/SourcePartition.java",
                                "form = Collections.singletonMap(name, value);",
                                "form = Map.copyOf(former);"),
                        new Edit(
                                CORE + "source/SourcePartition.java",
                                ".filter(partition -> reader.offset(partition) != null)",
                                ".filter(partition -> false)")),
                mutant(
                        "sinks whose settings differ write",
                        STACK,
                        4_000,
                        new Edit(CORE + "identity/SyncIdentity.java", "if (differences.isEmpty()) {", "if (true) {")),
                mutant(
                        "a ledger of another organization is used",
                        STACK,
                        500,
                        new Edit(
                                CORE + "identity/SyncIdentity.java",
                                "if (first != null && !first.note()",
                                "if (first == null && !first.note()")),
                mutant(
                        "offsets of two logs are compared",
                        TOPICS,
                        2_000,
                        new Edit(
                                CORE + "ledger/Place.java",
                                "if (log != null && log.equals(other.log)) {",
                                "if (true) {")),
                mutant(
                        "of two tasks with images of one record the one that is late counts, too",
                        TOPICS,
                        5_000,
                        new Edit(
                                CORE + "ledger/LedgerIndex.java",
                                "if (last != null && appended.isVoidAfter(last.entry(), last.position())) {",
                                "if (false) {")),
                mutant(
                        "a record that stays out is filed anew by each sweep",
                        GENERAL,
                        300,
                        new Edit(PLANNING, "if (own.state() != state || own.seen() != version", "if (true")),
                mutant(
                        "a duplicate that leaves the scope leaves no trace",
                        GENERAL,
                        300,
                        new Edit(CLASSIFICATION, "if (otherReason || round", "if (round")),
                mutant(
                        "what a sweep decides as before is reported once more",
                        GENERAL,
                        300,
                        new Edit(TASK, "} else if (news) {", "} else {")),
                mutant(
                        "a deletion that is told again is filed anew",
                        GENERAL,
                        300,
                        new Edit(
                                DELETIONS,
                                "|| step.isNewer() && !step.image.sourceApp().equals(own.gone())) {",
                                "|| step.isNewer()) {")),
                mutant(
                        "a row passes on whichever of the two was deleted",
                        GENERAL,
                        300,
                        new Edit(VIEW, "&& !entry.gone().equals(owner))", ")")),
                mutant(
                        "a restored record whose counterpart has passed on is linked again",
                        List.of("restores"),
                        300,
                        new Edit(
                                VIEW,
                                "if (link != null && hasPassedOn(ledger, toHubspot, sourceId, link, life)) {",
                                "if (false) {")),
                mutant(
                        "a link that takes over begins no later life",
                        GENERAL,
                        300,
                        new Edit(VIEW, "life = lastLife(touching) + 2;", "life = 0;")),
                mutant(
                        "an inactive record is matched before an active one",
                        GENERAL,
                        300,
                        new Edit(
                                PLANNING,
                                "Comparator.comparing(TargetRecord::standsBack)\n                        .thenComparingLong(",
                                "Comparator.comparingLong(")),
                mutant(
                        "partitions that are no more have no task",
                        TOPICS,
                        300,
                        new Edit(
                                TASK,
                                "abandoned.of(assigned).stream().filter(adopted::add).forEach(untaken::add);",
                                "")),
                mutant(
                        "an intent of another task's partition is judged",
                        TOPICS,
                        300,
                        new Edit(ENGINE, "if (deadlines.isElsewhere(stored.entry().intent())) {", "if (false) {")),
                mutant(
                        "what counts is not appended once more behind a void entry",
                        TOPICS,
                        300,
                        new Edit(
                                CORE + "ledger/LedgerIndex.java",
                                "return voids.isEmpty()\n",
                                "return voids.size() >= 0\n")),
                mutant(
                        "a first import without a mark never ends",
                        List.of("import"),
                        300,
                        new Edit(
                                CORE + "sink/FirstImport.java",
                                "|| wanted && (ended || known) && isAtEnd(partition, waiting))) {",
                                ")) {")),
                mutant(
                        "a quiet topic is imported while its snapshot goes on",
                        List.of("import"),
                        300,
                        new Edit(
                                CORE + "sink/FirstImport.java",
                                "wanted && (ended || known) && isAtEnd",
                                "wanted && isAtEnd")),
                mutant(
                        "offsets are committed before the work is done",
                        ALL,
                        5_000,
                        new Edit(
                                WAITING,
                                "bySource.values().forEach(work -> offsets.merge(work.partition(), firstOffset(work),"
                                        + " Math::min));",
                                "")));
    }
}
