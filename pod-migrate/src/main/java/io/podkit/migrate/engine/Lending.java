package io.podkit.migrate.engine;

import io.podkit.core.api.PodProcesses;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.journal.JournalEntry;
import io.podkit.migrate.memory.tracking.FrozenMemory;
import io.podkit.migrate.memory.transfer.PageCounts;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.transport.AgentAddress;
import io.podkit.migrate.transport.AgentClient;
import io.podkit.migrate.transport.ControlChannel;
import io.podkit.migrate.transport.RateLimiter;
import io.podkit.resource.UndoStack;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a pod that runs on a target already and stands still here: given to that target
 * until it has all of it, over one connection after the other if they break. Whatever happens here,
 * the pod never runs on this host again.
 */
public final class Lending implements AutoCloseable {
  /** How long a target that cannot be reached is called again and again. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration ANSWER = Duration.ofSeconds(40);
  private static final Duration FOREVER = Duration.ofDays(365);

  private final AgentClient client;
  private final AgentAddress agent;
  private final MigrationId migration;
  private final Borrower borrower;
  private final FrozenMemory memory;
  private final PageCounts counts;
  private final UndoStack serving = new UndoStack("stop sending memory");

  /**
   * For the target of a migration whose command is not there any more: as it would have done.
   *
   * @param processes the frozen pod's
   */
  public static Lending again(AgentClient client, JournalEntry migration, PodProcesses processes)
      throws PodkitException {
    Borrower borrower =
        new Borrower(
            migration.pod(),
            SourceLink.FILE_CHANNELS + MemoryMove.CHANNELS,
            Compression.AUTO,
            new RateLimiter(RateLimiter.UNLIMITED));
    AgentAddress agent = new AgentAddress(migration.peerHost(), migration.peerPort(), null);
    MigrationId id = new MigrationId(migration.migration());
    return new Lending(client, agent, id, borrower, processes, sent -> {});
  }

  /**
   * Whom, and how.
   *
   * @param pod for people
   * @param channels data channels, one of them for what is urgent
   */
  record Borrower(String pod, int channels, Compression compression, RateLimiter limiter) {}

  /**
   * Nothing is sent yet.
   *
   * @param processes the frozen pod's
   * @param sent told how many bytes went out
   */
  Lending(
      AgentClient client,
      AgentAddress agent,
      MigrationId migration,
      Borrower borrower,
      PodProcesses processes,
      LongConsumer sent)
      throws PodkitException {
    this.client = client;
    this.agent = agent;
    this.migration = migration;
    this.borrower = borrower;
    this.counts = new PageCounts(sent);
    this.memory = FrozenMemory.of(processes);
    serving.push("close its memory", memory::close);
  }

  PageCounts counts() {
    return counts;
  }

  /** Begins to answer on a link, while the target builds the pod. The caller closes the link. */
  void serve(SourceLink link) {
    serving.push("stop answering", answering(link)::close);
  }

  private PageServer answering(SourceLink link) {
    return PageServer.serve(
        memory,
        link.all(),
        borrower.compression(),
        MemoryMove::idle,
        counts,
        failed -> link.control().fail(failed));
  }

  /**
   * The pod runs there. Returns when it has all of its memory.
   *
   * @param first the link it moved over, which {@link #serve} has; null if there is none any more
   * @return what the target says; null if it had all of it before it could say so
   * @throws PodkitException of kind PEER if the target could not be reached for a while: it waits
   *     for its memory, and another lending can go on
   */
  Control.@Nullable Filled untilFilled(@Nullable SourceLink first) throws PodkitException {
    PodkitException lost = null;
    if (first != null) {
      try {
        return first.control().ask(new Control.AwaitFilled(), FOREVER);
      } catch (PodkitException e) {
        requireLost(e);
        lost = e;
      }
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        MigrationState state = client.status(agent, migration, ANSWER);
        if (state != MigrationState.FILLING) {
          return gone(state);
        }
        Control.Filled filled = overAnotherLink();
        if (filled != null) {
          return filled;
        }
        deadline = System.nanoTime() + PATIENCE.toNanos();
      } catch (PodkitException e) {
        requireLost(e);
        lost = e;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw waits(lost);
      }
      pause();
    }
  }

  /** One connection, for as long as it lasts; null if it was lost after it had stood. */
  private Control.@Nullable Filled overAnotherLink() throws PodkitException {
    try (ControlChannel control = client.connect(agent)) {
      Control.Prepared prepared =
          control.ask(new Control.Resume(migration, borrower.channels()), ANSWER);
      try (SourceLink link =
              SourceLink.open(client, agent, control, migration, prepared, borrower.limiter());
          PageServer server = answering(link)) {
        return control.ask(new Control.AwaitFilled(), FOREVER);
      } catch (PodkitException e) {
        requireLost(e);
        return null;
      }
    }
  }

  private Control.@Nullable Filled gone(MigrationState state) throws PodkitException {
    if (state == MigrationState.RUNNING) {
      return null;
    }
    throw PodkitException.of(
        ErrorKind.IN_DOUBT,
        "pod "
            + borrower.pod()
            + " ran on "
            + agent
            + ", which now says of its migration: "
            + state,
        new Hint("look at both hosts; if " + agent + " has lost it: pod recover --assume source"));
  }

  /** Whatever went wrong there may go well next time; what was decided here stays so. */
  private static void requireLost(PodkitException e) throws PodkitException {
    if (Thread.currentThread().isInterrupted() || e.kind() == ErrorKind.IN_DOUBT) {
      throw e;
    }
  }

  private PodkitException waits(@Nullable PodkitException why) {
    return new PodkitException(
        ErrorKind.PEER,
        "pod "
            + borrower.pod()
            + " runs on "
            + agent
            + " and waits for memory that is still here: "
            + (why == null ? "the link is lost" : why.what()),
        new Hint("when the link is back: pod migrate --resume " + borrower.pod()),
        why);
  }

  private static void pause() throws PodkitException {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted while the pod's memory was wanted elsewhere");
    }
  }

  @Override
  public void close() throws PodkitException {
    serving.close();
  }
}
