package io.github.crmsync.hubspot;

/** Version of this plugin, from its jar. */
final class Version {
    private Version() {}

    static String of(Class<?> plugin) {
        String version = plugin.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
