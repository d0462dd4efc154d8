package io.podkit.migrate.evacuation;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.PodRuntime;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.Evacuations;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.Migrations;
import io.podkit.migrate.api.Recovery;
import io.podkit.migrate.engine.HostTalk;
import io.podkit.migrate.host.HostCalls;
import io.podkit.migrate.host.HostDesk;
import io.podkit.migrate.host.LocalHosts;
import io.podkit.migrate.host.OwnMarks;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.Problem;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Evacuations of this host and, through their agents, of others; and what this host's agent says.
 */
public final class EvacuationCalls implements Evacuations, HostTalk {
  /** A plan looks at every pod and asks every target. */
  private static final Duration PLAN = Duration.ofMinutes(5);

  private static final Duration ANSWER = Duration.ofSeconds(20);

  private final LocalHosts hosts;
  private final HostCalls calls;
  private final HostDesk desk;
  private final OwnMarks marks;
  private final LocalEvacuations local;

  /** Evacuations that are ordered here. */
  public EvacuationCalls(
      LocalHosts hosts, HostCalls calls, HostDesk desk, OwnMarks marks, LocalEvacuations local) {
    this.hosts = hosts;
    this.calls = calls;
    this.desk = desk;
    this.marks = marks;
    this.local = local;
  }

  /** The evacuation of the host of that runtime. */
  public static LocalEvacuations ofThisHost(
      PodRuntime runtime,
      String host,
      ObjectMapper json,
      LocalHosts hosts,
      Migrations migrations,
      Recovery recovery,
      OwnMarks marks,
      Clock clock) {
    return new LocalEvacuations(
        runtime,
        host,
        new EvacuationFiles(runtime.dirs(), json),
        new EvacuationSurvey(runtime, hosts),
        migrations::prepare,
        recovery,
        marks,
        clock);
  }

  @Override
  public EvacuationStatus order(KnownHost host, EvacuationOrder order) throws PodkitException {
    return hosts.isThis(host)
        ? local.order(order)
        : calls.ask(host, new Control.Evacuate(order), PLAN).status();
  }

  @Override
  public EvacuationStatus status(KnownHost host) throws PodkitException {
    return hosts.isThis(host)
        ? local.status()
        : calls.ask(host, new Control.EvacuationQuery(), ANSWER).status();
  }

  @Override
  public EvacuationStatus cancel(KnownHost host) throws PodkitException {
    return hosts.isThis(host)
        ? local.cancel()
        : calls.ask(host, new Control.EvacuationCancel(), ANSWER).status();
  }

  @Override
  public void work() throws PodkitException {
    local.work();
  }

  @Override
  public List<Problem> objections() throws PodkitException {
    return marks.objections();
  }

  @Override
  public Control answer(Control question) throws PodkitException {
    if (question instanceof Control.HostQuery) {
      return new Control.HostReport(desk.status());
    } else if (question instanceof Control.HostMark mark) {
      return new Control.HostReport(desk.mark(mark.marks()));
    } else if (question instanceof Control.Evacuate evacuate) {
      return new Control.Evacuation(local.order(evacuate.order()));
    } else if (question instanceof Control.EvacuationQuery) {
      return new Control.Evacuation(local.status());
    } else if (question instanceof Control.EvacuationCancel) {
      return new Control.Evacuation(local.cancel());
    }
    throw PodkitException.internal(question.type() + " is no question to a host", null);
  }
}
