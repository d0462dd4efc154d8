package io.podkit.migrate.host;

import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostMarks;
import io.podkit.migrate.api.HostStatus;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.pki.HostName;
import io.podkit.migrate.pki.PeerName;
import io.podkit.migrate.protocol.Control;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The inventory of this host, and the way to each host of it. */
public final class LocalHosts implements Hosts {
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** Hosts that are asked at the same time. */
  private static final int AT_ONCE = 16;

  private final Inventory inventory;
  private final PeerName own;
  private final HostDesk desk;
  private final HostCalls calls;

  /**
   * The hosts known here.
   *
   * @param own who this host is
   * @param desk answers for this host
   * @param calls asks the others
   */
  public LocalHosts(Inventory inventory, PeerName own, HostDesk desk, HostCalls calls) {
    this.inventory = inventory;
    this.own = own;
    this.desk = desk;
    this.calls = calls;
  }

  @Override
  public List<KnownHost> list() throws PodkitException {
    return inventory.list();
  }

  @Override
  public void add(KnownHost host) throws PodkitException {
    try {
      inventory.put(new KnownHost(new HostName(host.name()).value(), host.address(), host.port()));
    } catch (IllegalArgumentException e) {
      throw PodkitException.of(
          ErrorKind.USAGE,
          "'" + host.name() + "' is no name of a host",
          new Hint("give the name that pod pki issue gave it; the address comes second"));
    }
  }

  @Override
  public void remove(String name) throws PodkitException {
    if (!inventory.remove(name.toLowerCase(Locale.ROOT))) {
      throw unknown(name);
    }
  }

  @Override
  public KnownHost find(String name) throws PodkitException {
    Optional<KnownHost> known =
        inventory.list().stream().filter(host -> host.name().equalsIgnoreCase(name)).findFirst();
    if (known.isPresent()) {
      return known.get();
    }
    if (own.answersTo(name)) {
      String self = own.host().value();
      String address = // where others find it; its name may be known to nobody
          own.addresses().stream().filter(text -> !text.equals(self)).findFirst().orElse(self);
      return new KnownHost(self, address, HostCalls.DEFAULT_PORT);
    }
    throw unknown(name);
  }

  private static PodkitException unknown(String name) {
    return PodkitException.of(
        ErrorKind.NOT_FOUND,
        "no host " + name + " in the inventory",
        new Hint("pod host ls shows those that are known, pod host add makes one known"));
  }

  /** Whether that is this host. */
  public boolean isThis(KnownHost host) {
    return own.host().value().equals(host.name());
  }

  @Override
  public HostStatus status(KnownHost host) throws PodkitException {
    return isThis(host) ? desk.status() : calls.ask(host, new Control.HostQuery(), ANSWER).status();
  }

  @Override
  public HostStatus mark(KnownHost host, HostMarks marks) throws PodkitException {
    return isThis(host)
        ? desk.mark(marks)
        : calls.ask(host, new Control.HostMark(marks), ANSWER).status();
  }

  @Override
  public List<HostAnswer> statuses(List<KnownHost> hosts) throws PodkitException {
    if (hosts.isEmpty()) {
      return List.of();
    }
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, hosts.size()));
    try {
      List<Future<HostAnswer>> asked = new ArrayList<>();
      for (KnownHost host : hosts) {
        asked.add(threads.submit(() -> answer(host)));
      }
      List<HostAnswer> answers = new ArrayList<>();
      for (Future<HostAnswer> answer : asked) {
        answers.add(answer.get());
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted while asking hosts");
    } catch (ExecutionException e) {
      throw PodkitException.internal("cannot ask hosts", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private HostAnswer answer(KnownHost host) {
    try {
      return new HostAnswer(host, status(host), null);
    } catch (PodkitException e) {
      return new HostAnswer(host, null, e);
    }
  }
}
