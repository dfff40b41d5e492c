package io.github.crmsync.sandbox.hubspot;

import java.time.InstantSource;
import java.util.Set;

/**
 * How a simulated portal behaves.
 *
 * @param port port to listen on, 0 for any free one
 * @param latencyMs added to every answer
 * @param quota whether rate limits are enforced
 * @param indexLagMaxMs longest time until a write shows in searches
 * @param seed of everything random
 * @param accessToken the static bearer token
 * @param scopes granted scopes, empty for all
 * @param clock source of all timestamps
 * @param secondBump whether a write moves the modification time once more a little later
 * @param omitUnset whether asked-for unset properties are left out instead of being null
 * @param rejectLifecycleBackwards whether a backward lifecycle write is a 400 instead of being ignored
 * @param keepMergedPrimaryId whether a merge keeps the primary's id instead of making a new one
 * @param maxUrlLength longest accepted path and query
 * @param hideConflictOwner whether a conflict leaves out the id of the contact that owns the address
 * @param firstBatchErrorOnly whether a batch that is refused as a whole tells of its first bad input only
 */
public record HubSpotOptions(
        int port,
        long latencyMs,
        boolean quota,
        long indexLagMaxMs,
        long seed,
        String accessToken,
        Set<String> scopes,
        InstantSource clock,
        boolean secondBump,
        boolean omitUnset,
        boolean rejectLifecycleBackwards,
        boolean keepMergedPrimaryId,
        int maxUrlLength,
        boolean hideConflictOwner,
        boolean firstBatchErrorOnly) {

    public static final String DEFAULT_TOKEN = "pat-na1-11111111-2222-3333-4444-555555555555";

    public static HubSpotOptions defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; everything has a default. */
    public static final class Builder {
        private int port;
        private long latencyMs;
        private boolean quota;
        private long indexLagMaxMs = 5000;
        private long seed = 1;
        private String accessToken = DEFAULT_TOKEN;
        private Set<String> scopes = Set.of();
        private InstantSource clock = InstantSource.system();
        private boolean secondBump;
        private boolean omitUnset;
        private boolean rejectLifecycleBackwards;
        private boolean keepMergedPrimaryId;
        private int maxUrlLength = 8192;
        private boolean hideConflictOwner;
        private boolean firstBatchErrorOnly;

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

        public Builder indexLagMaxMs(long value) {
            indexLagMaxMs = value;
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
            scopes = Set.copyOf(value);
            return this;
        }

        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        public Builder secondBump(boolean value) {
            secondBump = value;
            return this;
        }

        public Builder omitUnset(boolean value) {
            omitUnset = value;
            return this;
        }

        public Builder rejectLifecycleBackwards(boolean value) {
            rejectLifecycleBackwards = value;
            return this;
        }

        public Builder keepMergedPrimaryId(boolean value) {
            keepMergedPrimaryId = value;
            return this;
        }

        public Builder maxUrlLength(int value) {
            maxUrlLength = value;
            return this;
        }

        public Builder hideConflictOwner(boolean value) {
            hideConflictOwner = value;
            return this;
        }

        public Builder firstBatchErrorOnly(boolean value) {
            firstBatchErrorOnly = value;
            return this;
        }

        public HubSpotOptions build() {
            return new HubSpotOptions(
                    port,
                    latencyMs,
                    quota,
                    indexLagMaxMs,
                    seed,
                    accessToken,
                    scopes,
                    clock,
                    secondBump,
                    omitUnset,
                    rejectLifecycleBackwards,
                    keepMergedPrimaryId,
                    maxUrlLength,
                    hideConflictOwner,
                    firstBatchErrorOnly);
        }
    }
}
