package io.podkit.cli.fake;

import io.podkit.error.PodkitException;
import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostMarks;
import io.podkit.migrate.api.HostStatus;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.KnownHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hosts that say what they are told to say, and keep no marks. */
public final class FakeHosts implements Hosts {
  public final Map<String, KnownHost> known = new TreeMap<>();

  /** What each host says; one that is not here does not answer. */
  public final Map<String, HostStatus> says = new HashMap<>();

  public final List<String> calls = new ArrayList<>();

  @Override
  public List<KnownHost> list() {
    return List.copyOf(known.values());
  }

  @Override
  public void add(KnownHost host) {
    known.put(host.name(), host);
  }

  @Override
  public void remove(String name) throws PodkitException {
    find(name);
    known.remove(name);
  }

  @Override
  public KnownHost find(String name) throws PodkitException {
    KnownHost host = known.get(name);
    if (host == null) {
      throw PodkitException.notFound("no host " + name + " in the inventory");
    }
    return host;
  }

  @Override
  public HostStatus status(KnownHost host) throws PodkitException {
    HostStatus status = says.get(host.name());
    if (status == null) {
      throw PodkitException.peer("cannot connect to " + host.address(), null);
    }
    return status;
  }

  @Override
  public List<HostAnswer> statuses(List<KnownHost> hosts) {
    List<HostAnswer> answers = new ArrayList<>();
    for (KnownHost host : hosts) {
      try {
        answers.add(new HostAnswer(host, status(host), null));
      } catch (PodkitException e) {
        answers.add(new HostAnswer(host, null, e));
      }
    }
    return answers;
  }

  @Override
  public HostStatus mark(KnownHost host, HostMarks marks) throws PodkitException {
    calls.add("mark " + host.name() + " " + marks);
    return status(host);
  }
}
