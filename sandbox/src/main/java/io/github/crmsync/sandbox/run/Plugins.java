package io.github.crmsync.sandbox.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The plugin zips of the build, unpacked as a user would do it. */
final class Plugins {
    private static final List<String> MODULES = List.of("hubspot-connector", "dynamics-connector", "sync-transforms");

    private Plugins() {}

    static Path unpack(Path home, Path pluginPath) {
        try {
            Files.createDirectories(pluginPath);
            for (Path zip : zips(home)) {
                unzip(zip, pluginPath);
            }
            return pluginPath;
        } catch (IOException e) {
            throw new SandboxException("Cannot unpack the plugins: " + e.getMessage(), e);
        }
    }

    private static List<Path> zips(Path home) throws IOException {
        List<Path> zips = new ArrayList<>();
        for (String module : MODULES) {
            Path target = home.resolve(module).resolve("target");
            if (!Files.isDirectory(target)) {
                throw new SandboxException("No plugin zip of " + module + "; build it with: mvn package");
            }
            try (Stream<Path> files = Files.list(target)) {
                zips.add(files.filter(f -> f.toString().endsWith("-plugin.zip"))
                        .findFirst()
                        .orElseThrow(() ->
                                new SandboxException("No plugin zip of " + module + "; build it with: mvn package")));
            }
        }
        return zips;
    }

    private static void unzip(Path zip, Path target) throws IOException {
        try (InputStream in = Files.newInputStream(zip);
                ZipInputStream entries = new ZipInputStream(in)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("Entry outside of the folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(entries, file);
                }
            }
        }
    }
}
