package io.podkit.migrate.engine;

import io.podkit.core.api.ArrivalForecast;
import io.podkit.core.api.PodRuntime;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.FileNeeds;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.migrate.journal.Journal;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.LayerNeed;
import io.podkit.migrate.protocol.Problem;
import io.podkit.migrate.transport.Asked;
import io.podkit.migrate.transport.ChannelGates;
import io.podkit.migrate.transport.ControlChannel;
import io.podkit.migrate.transport.PeerHandler;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an agent answers to another host. A request that makes no sense where the conversation
 * stands ends it; a request that fails is answered with its reason, and the conversation goes on,
 * except once a pod has begun to come.
 */
public final class TargetConversation implements PeerHandler {
  /** A source may send layers and files for hours before it asks for the next thing. */
  private static final Duration PATIENCE = Duration.ofDays(1);

  private final PodRuntime runtime;
  private final Journal journal;
  private final TargetRecovery recovery;
  private final HostTalk host;
  private final Clock clock;

  /**
   * Conversations about pods that come to one host, and about the host itself.
   *
   * @param host speaks for the host
   */
  public TargetConversation(
      PodRuntime runtime, Journal journal, TargetRecovery recovery, HostTalk host, Clock clock) {
    this.runtime = runtime;
    this.journal = journal;
    this.recovery = recovery;
    this.host = host;
    this.clock = clock;
  }

  @Override
  public void converse(ControlChannel control, ChannelGates gates) throws PodkitException {
    TargetMigration migration = null;
    ResumedFilling resumed = null;
    try {
      while (true) {
        Asked asked = next(control);
        if (asked == null) {
          return;
        }
        switch (asked.type()) {
          case PREFLIGHT ->
              reply(control, asked, () -> preflight((Control.Preflight) asked.message()));
          case STATUS_QUERY ->
              reply(control, asked, () -> status((Control.StatusQuery) asked.message()));
          case FILE_NEEDS ->
              reply(control, asked, () -> fileNeeds((Control.FileNeeds) asked.message()));
          case LAYER_QUERY -> {
            if (migration == null) {
              throw control.unexpected(asked); // nothing is reserved yet: the answer would not last
            }
            reply(control, asked, () -> missing((Control.LayerQuery) asked.message()));
          }
          case HOST_QUERY, HOST_MARK, EVACUATE, EVACUATION_QUERY, EVACUATION_CANCEL ->
              reply(control, asked, () -> host.answer((Control) asked.message()));
          case LINK_PROBE -> control.answer(asked, new Control.LinkProbed());
          case PREPARE -> {
            if (migration != null || resumed != null) {
              throw control.unexpected(asked);
            }
            migration = prepare(control, gates, asked);
            if (migration != null) {
              migration.receive(asked);
            }
          }
          case RESTORE -> {
            if (migration == null) {
              throw control.unexpected(asked);
            }
            migration.restore(asked);
          }
          case RESUME -> {
            if (migration != null || resumed != null) {
              throw control.unexpected(asked);
            }
            resumed = resume(control, gates, asked);
          }
          case AWAIT_FILLED -> {
            if (resumed != null) {
              resumed.awaitFilled(asked);
            } else if (migration != null) {
              migration.awaitFilled(asked);
            } else {
              throw control.unexpected(asked);
            }
          }
          case ABORT -> {
            if (migration != null) {
              migration.close();
              migration = null;
            }
            control.answer(asked, new Control.Aborted());
          }
          default -> throw control.unexpected(asked);
        }
      }
    } catch (PodkitException e) {
      if (migration != null) {
        migration.fail(e); // before the clean-up: it cuts the data channels, and takes its time
      }
      throw e;
    } finally {
      if (migration != null) {
        migration.close();
      }
      if (resumed != null) {
        resumed.close();
      }
    }
  }

  private static @Nullable Asked next(ControlChannel control) throws PodkitException {
    try {
      return control.receive(PATIENCE);
    } catch (PodkitException e) {
      if (SourceEnded.orderly(e)) {
        return null;
      }
      throw e;
    }
  }

  private interface Answer {
    Control give() throws PodkitException;
  }

  private static void reply(ControlChannel control, Asked asked, Answer answer)
      throws PodkitException {
    Control given;
    try {
      given = answer.give();
    } catch (PodkitException e) {
      control.refuse(asked, e);
      return;
    }
    control.answer(asked, given);
  }

  private Control preflight(Control.Preflight request) throws PodkitException {
    byte[] record = request.podRecord().getBytes(StandardCharsets.UTF_8);
    LayerStore layers = runtime.fileSystem().layers();
    Set<LayerDigest> missing = new HashSet<>();
    long bytes = request.diskBytes();
    for (LayerNeed layer : request.layers()) {
      if (!layers.has(layer.digest())) {
        missing.add(layer.digest());
        bytes += layers.missingBytes(layer.digest(), layer.size());
      }
    }
    ArrivalForecast forecast =
        runtime
            .arrivals()
            .forecast(
                record, request.memoryBytes(), bytes, request.volumes(), request.replaceVolumes());
    List<Problem> problems = new ArrayList<>(host.objections());
    problems.addAll(Problems.of(forecast.blockers()));
    return new Control.PreflightAnswer(
        problems, missing, FactsOnWire.of(runtime.host().facts()), forecast.volumes());
  }

  private Control missing(Control.LayerQuery query) throws PodkitException {
    Set<LayerDigest> missing = new HashSet<>();
    for (LayerNeed layer : query.layers()) {
      if (!runtime.fileSystem().layers().hasVerified(layer.digest())) {
        missing.add(layer.digest());
      }
    }
    return new Control.LayerAnswer(missing);
  }

  private Control fileNeeds(Control.FileNeeds request) throws PodkitException {
    FileNeeds needs = FilesOnWire.toNeeds(request);
    return new Control.FileAnswer(
        FilesOnWire.problems(runtime.fileSystem().storage().unfit(needs)));
  }

  private Control status(Control.StatusQuery query) throws PodkitException {
    return new Control.Status(recovery.outcome(query.migration()));
  }

  private @Nullable ResumedFilling resume(ControlChannel control, ChannelGates gates, Asked asked)
      throws PodkitException {
    try {
      return ResumedFilling.begin(control, gates, runtime, journal, clock, asked);
    } catch (PodkitException e) {
      control.refuse(asked, e);
      return null;
    }
  }

  private @Nullable TargetMigration prepare(ControlChannel control, ChannelGates gates, Asked asked)
      throws PodkitException {
    try {
      return TargetMigration.prepare(
          control, gates, runtime, journal, clock, (Control.Prepare) asked.message());
    } catch (PodkitException e) {
      control.refuse(asked, e);
      return null;
    }
  }
}
