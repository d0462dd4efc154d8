package io.podkit.cli.option;

import io.podkit.fs.api.HostDirs;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options of {@code pod} itself; they may stand before or after the command's name. */
public final class GlobalOptions {
  /** Those that take a value in the next argument; needed to find the command before parsing. */
  public static final Set<String> WITH_VALUE = Set.of("--root", "--run", "--log-level");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "Where pods are kept ($PODKIT_ROOT, else /var/lib/pod).")
  @Nullable Path root;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "Where mount points and locks are kept ($PODKIT_RUN, else /run/pod).")
  @Nullable Path run;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      scope = ScopeType.INHERIT,
      description = "Log on standard error: error, warn, info, debug or trace.")
  @Nullable LogLevel logLevel;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where in podkit a failure came from.")
  boolean stacktrace;

  public boolean stacktrace() {
    return stacktrace;
  }

  public @Nullable LogLevel logLevel() {
    return logLevel;
  }

  /** The host that was named by option, environment or default, in this order. */
  public HostDirs dirs(Map<String, String> environment) {
    HostDirs standard = HostDirs.standard();
    return new HostDirs(
        choose(root, environment.get("PODKIT_ROOT"), standard.root()),
        choose(run, environment.get("PODKIT_RUN"), standard.run()));
  }

  private static Path choose(@Nullable Path option, @Nullable String variable, Path standard) {
    if (option != null) {
      return option.toAbsolutePath();
    }
    return variable == null || variable.isEmpty() ? standard : Path.of(variable).toAbsolutePath();
  }
}
