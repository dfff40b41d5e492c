package io.github.crmsync.core.http;

import java.util.regex.Pattern;

/** Names of this machine: credentials go in clear to no other one. */
public final class LoopbackHost {
    private static final Pattern V4 = Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");

    private LoopbackHost() {}

    /** @param host as a URL has it; a name is not looked up */
    public static boolean is(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("[::1]")
                || V4.matcher(host).matches();
    }
}
