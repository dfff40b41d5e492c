package io.github.crmsync.dynamics;

/** Version of the plugin, as the REST API shows it. */
final class Version {
    private Version() {}

    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
