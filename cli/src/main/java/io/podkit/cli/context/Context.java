package io.podkit.cli.context;

import io.podkit.cli.console.Activity;
import io.podkit.cli.option.GlobalOptions;
import io.podkit.cli.terminal.ForegroundSession;
import io.podkit.cli.terminal.Streams;
import io.podkit.cli.terminal.SttyTerminal;
import io.podkit.cli.terminal.Terminal;
import io.podkit.core.api.PodRuntime;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.migrate.api.Migrations;
import io.podkit.migrate.api.Pki;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that a command gets from outside. One command, one thread. */
public final class Context {
  private final GlobalOptions options;
  private final Engines engines;
  private final Streams streams;
  private final Terminal terminal;
  private final Clock clock;
  private final Map<String, String> environment;
  private @Nullable PodRuntime runtime;

  public Context(
      GlobalOptions options,
      Engines engines,
      Streams streams,
      Terminal terminal,
      Clock clock,
      Map<String, String> environment) {
    this.options = options;
    this.engines = engines;
    this.streams = streams;
    this.terminal = terminal;
    this.clock = clock;
    this.environment = environment;
  }

  /** The real thing. */
  public static Context ofProcess() {
    return new Context(
        new GlobalOptions(),
        Engines.REAL,
        Streams.ofProcess(),
        new SttyTerminal(),
        Clock.systemUTC(),
        System.getenv());
  }

  /** Filled in while the command line is parsed. */
  public GlobalOptions options() {
    return options;
  }

  public Streams streams() {
    return streams;
  }

  public Terminal terminal() {
    return terminal;
  }

  public Clock clock() {
    return clock;
  }

  public Map<String, String> environment() {
    return environment;
  }

  /** Standard output, for results. */
  public PrintWriter out() {
    return streams.outText();
  }

  /** Standard error, for everything else. */
  public PrintWriter err() {
    return streams.errText();
  }

  public HostDirs dirs() {
    return options.dirs(environment);
  }

  /** As {@link Engines#preload}. */
  public void preload() {
    engines.preload();
  }

  /** The host's pods, opened when first asked for. */
  public PodRuntime runtime() throws PodkitException {
    PodRuntime known = runtime;
    if (known == null) {
      known = engines.runtime(dirs());
      runtime = known;
    }
    return known;
  }

  /** Moving pods from and to this host. */
  public Migrations migrations() throws PodkitException {
    return engines.migrations(runtime());
  }

  /** This host's keys. */
  public Pki pki() {
    return engines.pki(dirs().root());
  }

  /** Says that something is going on, should it take longer than a second. */
  public Activity activity(String what) {
    return Activity.start(err(), terminal.isError(), what);
  }

  public ForegroundSession session() {
    return new ForegroundSession(terminal, streams);
  }
}
