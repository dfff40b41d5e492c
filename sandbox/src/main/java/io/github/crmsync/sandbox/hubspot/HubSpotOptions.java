package io.github.crmsync.sandbox.hubspot;

import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a simulated portal behaves.
 *
 * @param port port to listen on, 0 for any free one; a negative number opens no socket
 * @param latencyMs added to every answer
 * @param quota whether rate limits are enforced
 * @param tier the portal's subscription
 * @param limitIncreases how many API limit increases were bought, 0 to 2
 * @param timeZone at whose midnight the daily quota starts again
 * @param indexLagMaxMs longest time until a write shows in searches
 * @param listLagMaxMs longest time until a write shows in the members of active lists
 * @param seed of everything random
 * @param accessToken the static bearer token
 * @param scopes granted scopes, empty for all
 * @param clock source of all timestamps
 * @param refreshTokenIdleMs after how long without use a refresh token ends, 0 for never
 * @param maxUrlLength longest accepted path and query
 * @param rules what an administrator requires of writers
 * @param quirks behaviour that is not certain or differs between portals
 */
public record HubSpotOptions(
        int port,
        long latencyMs,
        boolean quota,
        Tier tier,
        int limitIncreases,
        ZoneId timeZone,
        long indexLagMaxMs,
        long listLagMaxMs,
        long seed,
        String accessToken,
        Set<String> scopes,
        InstantSource clock,
        long refreshTokenIdleMs,
        int maxUrlLength,
        PortalRules rules,
        Set<Quirk> quirks) {

    public static final String DEFAULT_TOKEN = "pat-na1-11111111-2222-3333-4444-555555555555";
    private static final int MAX_INCREASES = 2;

    public HubSpotOptions {
        if (limitIncreases < 0 || limitIncreases > MAX_INCREASES) {
            throw new IllegalArgumentException("limit increases must be 0, 1 or 2");
        }
        scopes = Set.copyOf(scopes);
        quirks = Set.copyOf(quirks);
    }

    public static HubSpotOptions defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    boolean has(Quirk quirk) {
        return quirks.contains(quirk);
    }

    /** Collects options; everything has a default. */
    public static final class Builder {
        private final Set<Quirk> quirks = EnumSet.noneOf(Quirk.class);
        private int port;
        private long latencyMs;
        private boolean quota;
        private Tier tier = Tier.PROFESSIONAL;
        private int limitIncreases;
        private ZoneId timeZone = ZoneOffset.UTC;
        private long indexLagMaxMs = 5000;
        private long listLagMaxMs;
        private long seed = 1;
        private String accessToken = DEFAULT_TOKEN;
        private Set<String> scopes = Set.of();
        private InstantSource clock = InstantSource.system();
        private long refreshTokenIdleMs;
        private int maxUrlLength = 8192;
        private PortalRules rules = PortalRules.NONE;

        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder latencyMs(long value) {
            latencyMs = value;
            return this;
        }

        public Builder quota(boolean value) {
            quota = value;
            return this;
        }

        public Builder tier(Tier value) {
            tier = value;
            return this;
        }

        public Builder limitIncreases(int value) {
            limitIncreases = value;
            return this;
        }

        public Builder timeZone(ZoneId value) {
            timeZone = value;
            return this;
        }

        public Builder indexLagMaxMs(long value) {
            indexLagMaxMs = value;
            return this;
        }

        public Builder listLagMaxMs(long value) {
            listLagMaxMs = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder accessToken(String value) {
            accessToken = value;
            return this;
        }

        public Builder scopes(Set<String> value) {
            scopes = value;
            return this;
        }

        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        public Builder refreshTokenIdleMs(long value) {
            refreshTokenIdleMs = value;
            return this;
        }

        public Builder maxUrlLength(int value) {
            maxUrlLength = value;
            return this;
        }

        public Builder rules(PortalRules value) {
            rules = value;
            return this;
        }

        public Builder with(Quirk... more) {
            quirks.addAll(Set.of(more));
            return this;
        }

        public Builder secondBump(boolean on) {
            return set(Quirk.SECOND_BUMP, on);
        }

        public Builder rejectLifecycleBackwards(boolean on) {
            return set(Quirk.REJECT_LIFECYCLE_BACKWARDS, on);
        }

        public Builder keepMergedPrimaryId(boolean on) {
            return set(Quirk.KEEP_MERGED_PRIMARY_ID, on);
        }

        public Builder hideConflictOwner(boolean on) {
            return set(Quirk.HIDE_CONFLICT_OWNER, on);
        }

        public Builder firstBatchErrorOnly(boolean on) {
            return set(Quirk.FIRST_BATCH_ERROR_ONLY, on);
        }

        public Builder omitUnset(boolean on) {
            return set(Quirk.OMIT_UNSET, on);
        }

        /** Switches one quirk on or off. */
        public Builder set(Quirk quirk, boolean on) {
            if (on) {
                quirks.add(quirk);
            } else {
                quirks.remove(quirk);
            }
            return this;
        }

        public HubSpotOptions build() {
            return new HubSpotOptions(
                    port,
                    latencyMs,
                    quota,
                    tier,
                    limitIncreases,
                    timeZone,
                    indexLagMaxMs,
                    listLagMaxMs,
                    seed,
                    accessToken,
                    scopes,
                    clock,
                    refreshTokenIdleMs,
                    maxUrlLength,
                    rules,
                    quirks);
        }
    }
}
