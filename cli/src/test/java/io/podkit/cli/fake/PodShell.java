package io.podkit.cli.fake;

import io.podkit.cli.CommandTable;
import io.podkit.cli.PodCli;
import io.podkit.cli.context.Context;
import io.podkit.cli.context.Engines;
import io.podkit.cli.option.GlobalOptions;
import io.podkit.cli.terminal.Streams;
import io.podkit.core.api.PodRuntime;
import io.podkit.fs.api.HostDirs;
import io.podkit.migrate.api.Migrations;
import io.podkit.migrate.api.Pki;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;

/** Runs {@code pod} on a host of fakes. */
public final class PodShell implements Engines {
  public final FakeRuntime host = new FakeRuntime();
  public final FakePods pods = host.pods;
  public final FakeMigrations migrations = new FakeMigrations();
  public final FakePki pki = new FakePki();
  public final FakeTerminal terminal = new FakeTerminal();
  public final Map<String, String> environment = new HashMap<>();
  public String input = "";

  /**
   * What a command left behind.
   *
   * @param code its exit code
   * @param out standard output
   * @param err standard error
   */
  public record Result(int code, String out, String err) {}

  /** The whole command line, for looking at. */
  public CommandLine commandLine() {
    return new CommandTable(
            context(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()))
        .complete();
  }

  public Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = PodCli.run(context(out, err), args);
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Context context(OutputStream out, OutputStream err) {
    ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    return new Context(
        new GlobalOptions(),
        this,
        new Streams(in, out, err),
        terminal,
        Clock.fixed(Samples.NOW, ZoneOffset.UTC),
        environment);
  }

  @Override
  public void preload() {
    // everything is here
  }

  @Override
  public PodRuntime runtime(HostDirs dirs) {
    host.dirs = dirs;
    return host;
  }

  @Override
  public Migrations migrations(PodRuntime runtime) {
    return migrations;
  }

  @Override
  public Pki pki(Path root) {
    return pki;
  }
}
