package io.podkit.criu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The options that libcriu has no function for, as a configuration file: command line options
 * without dashes, one a line. CRIU reads it after the request and lets it override.
 */
final class ConfigFile {

  private static final String NAME = "podkit-criu.conf";

  private ConfigFile() {}

  static List<String> lines(CriuOptions options) {
    List<String> lines = new ArrayList<>();
    if (options.pageServer() != null) {
      lines.add("page-server");
      lines.add("ps-socket " + SwrkConnection.PAGE_SERVER);
    }
    if (options.has(CriuOptions.Switch.LAZY_PAGES)) {
      lines.add("lazy-pages");
    }
    if (options.afterDump() == CriuOptions.AfterDump.STOP) {
      lines.add("leave-stopped");
    }
    return lines;
  }

  /** Writes it into the work directory, where it stays beside the log that it explains. */
  static Path write(CriuOptions options) throws IOException {
    return Files.write(options.work().resolve(NAME), lines(options));
  }
}
