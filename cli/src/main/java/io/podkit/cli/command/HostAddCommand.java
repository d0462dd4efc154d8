package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.HostsTable;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Endpoint;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.HostJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostMarks;
import io.podkit.migrate.api.HostStatus;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.MigrationRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod host add}. */
@Command(
    name = "add",
    description = {
      "Put a host into the inventory, or change where it is called.",
      "Its agent is asked first: what does not answer, or is another host, is not added."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.PEER
    },
    footer = {
      "  pod host add hostb",
      "  pod host add hostb 192.0.2.2:7617 --label chassis=c1",
      "  pod host add --no-check hostb 192.0.2.2"
    })
public final class HostAddCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-l", "--label"},
      paramLabel = "KEY=VALUE",
      description = "Label the host; may be repeated.")
  List<String> labels = new ArrayList<>();

  @Option(names = "--no-check", description = "Do not ask its agent.")
  boolean unchecked;

  @Parameters(
      index = "0",
      paramLabel = "HOST",
      description = "Name of the host in its certificate.")
  String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ADDRESS[:PORT]",
      description = "Where its agent is called (default: by its name, port 7617).")
  @Nullable String address;

  public HostAddCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    Endpoint endpoint =
        Typed.value(
            "host",
            Objects.requireNonNullElse(address, name),
            text -> Endpoint.parse(text, MigrationRequest.DEFAULT_PORT));
    String called = Objects.requireNonNullElse(endpoint.host(), name);
    KnownHost host = Typed.combined(() -> new KnownHost(name, called, endpoint.port()));
    Map<String, String> set = Typed.labels(labels);
    if (unchecked && !set.isEmpty()) {
      throw PodkitException.usage("--label is kept by the host itself: leave --no-check out");
    }
    HostMarks marks = Typed.combined(() -> HostMarks.labels(set, List.of()));
    Hosts hosts = context.migrations().hosts();
    HostStatus status = null;
    if (!unchecked) {
      status = set.isEmpty() ? hosts.status(host) : hosts.mark(host, marks);
    }
    hosts.add(host);
    List<HostAnswer> answer = List.of(new HostAnswer(host, status, null));
    if (output.json()) {
      Json.print(context.out(), HostJson.ListOf.of(answer));
    } else if (status == null) {
      context.out().println(host.name());
    } else {
      HostsTable.print(context.out(), answer);
    }
    return 0;
  }
}
