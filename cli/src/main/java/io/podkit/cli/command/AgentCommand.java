package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Endpoint;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.AgentJson;
import io.podkit.cli.logging.Logging;
import io.podkit.cli.option.LogLevel;
import io.podkit.cli.option.OutputOption;
import io.podkit.cli.terminal.SignalTrap;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Agent;
import io.podkit.migrate.api.MigrationRequest;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pod agent}. */
@Command(
    name = "agent",
    description = {
      "Receive pods from other hosts until SIGTERM; first recover what a crash left.",
      "Needs this host's keys: see pod pki."
    },
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod agent", "  pod agent --listen 192.0.2.1:7617"})
public final class AgentCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = "--listen",
      paramLabel = "[ADDRESS][:PORT]",
      description = "Where to listen (default: port 7617 of every address; port 0 takes any).")
  @Nullable String listen;

  public AgentCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    InetSocketAddress address = address();
    if (context.options().logLevel() == null) {
      Logging.setLevel(LogLevel.INFO);
    }
    CountDownLatch end = new CountDownLatch(1);
    try (SignalTrap terminate = SignalTrap.install("TERM", signal -> end.countDown());
        SignalTrap interrupt = SignalTrap.install("INT", signal -> end.countDown());
        SignalTrap hangUp = SignalTrap.install("HUP", signal -> end.countDown());
        Agent agent = context.migrations().agent(address)) {
      agent.start();
      announce(agent.address());
      watch(agent, end);
      end.await();
    }
    return 0;
  }

  private InetSocketAddress address() throws PodkitException {
    if (listen == null) {
      return new InetSocketAddress(MigrationRequest.DEFAULT_PORT);
    }
    Endpoint endpoint =
        Typed.value(
            "--listen", listen, text -> Endpoint.parse(text, MigrationRequest.DEFAULT_PORT));
    InetSocketAddress address =
        endpoint.host() == null
            ? new InetSocketAddress(endpoint.port())
            : new InetSocketAddress(endpoint.host(), endpoint.port());
    if (address.isUnresolved()) {
      throw PodkitException.usage("--listen: '" + listen + "' is no address of this host");
    }
    return address;
  }

  private void announce(InetSocketAddress address) {
    String where = address.getAddress().getHostAddress();
    if (output.json()) {
      Json.printLine(context.out(), AgentJson.of(where, address.getPort()));
    } else {
      context.err().println("listening on " + where + " port " + address.getPort());
      context.err().flush();
    }
  }

  /** An agent that stops by itself ends the command too. */
  private static void watch(Agent agent, CountDownLatch end) {
    Thread thread =
        new Thread(
            () -> {
              try {
                agent.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              end.countDown();
            },
            "agent-watch");
    thread.setDaemon(true);
    thread.start();
  }
}
