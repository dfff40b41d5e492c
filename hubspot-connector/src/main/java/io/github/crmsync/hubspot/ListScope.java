package io.github.crmsync.hubspot;

import io.github.crmsync.core.record.Origin;
import io.github.crmsync.hubspot.SourceOffset.Mark;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scope by list: reads the members of HubSpot lists and sends those that have joined or left since the last look. Joining or
 * leaving a list does not move a contact's modification time. Memory is eight bytes per member.
 */
final class ListScope implements Pass {
    /** Directive on images of contacts that are members of none of the lists. */
    static final String OUTSIDE = "list";

    /** A look takes at most one part in this many of the time. */
    private static final long SHARE = 20;

    private static final long WARN_MS = 600_000;
    private static final Logger LOG = LoggerFactory.getLogger(ListScope.class);

    private final SourceState state;
    private final List<String> lists;
    /** Sorted; null until the first look has ended. */
    private long[] members;

    private long[] found = {};
    private int count;
    /** Whether no list of this look was being evaluated when it was opened. */
    private boolean settled;

    private long nextWarning;
    private int list;
    private String after;
    private long began;
    private long next;
    /** Those that have joined or left, of which the first ones were sent. */
    private long[] moved = {};

    private int sent;
    private long delivered;

    ListScope(SourceState state, List<String> lists) {
        this.state = state;
        this.lists = lists;
    }

    /** Whether a contact is in scope; all are where no lists are given. */
    boolean includes(String id) {
        return lists.isEmpty() || Arrays.binarySearch(members, Long.parseLong(id)) >= 0;
    }

    /** Whether the members are known, without which no contact can be sent. */
    boolean ready() {
        return lists.isEmpty() || members != null;
    }

    /** Fingerprint of the members as the records that were sent know them. */
    long delivered() {
        return delivered;
    }

    @Override
    public long due() {
        return lists.isEmpty() ? NEVER : next;
    }

    @Override
    public List<SourceRecord> step(long now) {
        return sent < moved.length ? sendMoved() : look(now);
    }

    private List<SourceRecord> look(long now) {
        if (list == 0 && after == null) {
            began = now;
            count = 0;
            settled = true;
        }
        if (after == null) {
            settled &= isSettled(lists.get(list));
        }
        HubSpotApi.Members page = state.feed.members(lists.get(list), after);
        add(page.ids());
        after = page.next();
        if (after == null && ++list == lists.size()) {
            list = 0;
            end(now);
        }
        return List.of();
    }

    private void add(long[] ids) {
        if (count + ids.length > found.length) {
            found = Arrays.copyOf(found, Math.max(2 * found.length, count + ids.length));
        }
        System.arraycopy(ids, 0, found, count, ids.length);
        count += ids.length;
    }

    private void end(long now) {
        long[] present = LongStream.of(found).limit(count).sorted().distinct().toArray();
        found = new long[] {};
        next = now
                + Math.max(
                        state.setting(HubSpotSourceConfig.LIST_CHECK_INTERVAL_MS),
                        (state.clock.getAsLong() - began) * SHARE);
        boolean complete = members == null || without(members, present).length > 0 ? allSettled() : settled;
        if (!complete) {
            warn(now);
        }
        if (members == null) {
            if (complete) {
                members = present;
                delivered = fingerprint(present);
                begin();
            }
            return;
        }
        if (!complete) {
            present = LongStream.concat(LongStream.of(members), LongStream.of(present))
                    .sorted()
                    .distinct()
                    .toArray();
        }
        long[] gone = without(members, present);
        long[] come = without(present, members);
        moved = LongStream.concat(LongStream.of(gone), LongStream.of(come)).toArray();
        sent = 0;
        members = present;
        if (moved.length > 0) {
            LOG.info("{} contacts have joined the lists, {} have left them", come.length, gone.length);
            next = now;
        }
    }

    /**
     * Whether a list's members are all those that its filters ask for.
     *
     * @throws org.apache.kafka.connect.errors.ConnectException if it is no scope any more, be it that it was deleted
     */
    private boolean isSettled(String id) {
        ListState listState = state.feed.list(id);
        if (listState.problem(id) != null) {
            throw listState.stop(id);
        }
        return listState == ListState.SETTLED;
    }

    /** Members may be missing because a list was deleted, or evaluated anew, while they were read. */
    private boolean allSettled() {
        boolean all = settled;
        for (String id : lists) {
            all &= isSettled(id);
        }
        return all;
    }

    private void warn(long now) {
        if (now >= nextWarning) {
            nextWarning = now + WARN_MS;
            LOG.warn(
                    "HubSpot is still evaluating the filters of one of the lists {}: {} until it is done",
                    lists,
                    members == null ? "no contact is read" : "nobody is taken to have left them");
        }
    }

    /** After a start: a scope other than the one that was sent last, be it by other lists, is sent anew. */
    void begin() {
        if (state.offset.inSnapshot() && state.offset.after().isEmpty()) {
            state.offset = state.offset.with(Mark.SCOPE, delivered);
        } else if (state.offset.get(Mark.SCOPE) != delivered) {
            LOG.info("The scope by list has changed while nobody looked: all contacts are sent again");
            state.sweepWanted = true;
        }
    }

    private List<SourceRecord> sendMoved() {
        int end = Math.min(moved.length, sent + HubSpotApi.BATCH);
        List<String> ids = LongStream.of(Arrays.copyOfRange(moved, sent, end))
                .mapToObj(Long::toString)
                .toList();
        long readAt = state.feed.now();
        List<Contact> contacts = state.images.read(ids);
        SourceOffset before = state.offset;
        sent = end;
        if (sent == moved.length) {
            moved = new long[] {};
            sent = 0;
            delivered = fingerprint(members);
            next = state.clock.getAsLong() + state.setting(HubSpotSourceConfig.LIST_CHECK_INTERVAL_MS);
            if (!state.sweepWanted) {
                state.offset = before.with(Mark.SCOPE, delivered);
            }
        }
        return new Delivery(state).images(contacts, Origin.LIVE, readAt, 0).from(before);
    }

    private static long[] without(long[] all, long[] sorted) {
        return LongStream.of(all)
                .filter(id -> Arrays.binarySearch(sorted, id) < 0)
                .toArray();
    }

    /** Never 0, which stands for no lists. */
    private static long fingerprint(long[] ids) {
        long hash = ids.length;
        for (long id : ids) {
            hash = hash * 1_000_003 + id;
        }
        return 1 + SourceOffset.whole(hash);
    }
}
