package io.podkit.migrate.evacuation;

import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.Migration;
import io.podkit.migrate.api.MigrationListener;
import io.podkit.migrate.api.MigrationRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The pods that are on their way, each on a thread of its own. Used by one thread.
 *
 * <p>To one target no more than {@link #PER_LINK} are under way: while one is in its rounds or
 * frozen, which {@code engine} lets only one be on a link, the next one's files can go.
 */
final class Flights {
  /** Makes a migration. */
  @FunctionalInterface
  interface Maker {
    Migration prepare(MigrationRequest request) throws PodkitException;
  }

  static final int PER_LINK = 2;

  private final Maker maker;
  private final int most;
  private final Map<String, Flight> flights = new LinkedHashMap<>();
  private final BlockingQueue<Flight.Landed> landed = new LinkedBlockingQueue<>();

  /**
   * @param most how many may be under way at the same time, to all targets
   */
  Flights(Maker maker, int most) {
    this.maker = maker;
    this.most = most;
  }

  /** Whether one more may go to that host now. */
  boolean hasRoom(String target) {
    return flights.size() < most
        && flights.values().stream().filter(f -> f.target().name().equals(target)).count()
            < PER_LINK;
  }

  boolean isEmpty() {
    return flights.isEmpty();
  }

  /** Each pod under way, with its target's name. */
  Map<String, String> targets() {
    Map<String, String> targets = new HashMap<>();
    flights.values().forEach(flight -> targets.put(flight.pod(), flight.target().name()));
    return targets;
  }

  /** Begins to move a pod; a failure to begin lands like any other. */
  void begin(String pod, KnownHost target, Duration timeout, MigrationListener listener)
      throws PodkitException {
    MigrationRequest request =
        new MigrationRequest(
            new PodName(pod),
            target.address(),
            target.port(),
            timeout,
            OptionalLong.empty(),
            MemoryOptions.DEFAULT,
            false,
            false,
            false);
    Flight flight = new Flight(pod, target, maker.prepare(request));
    flights.put(pod, flight);
    Thread thread = new Thread(() -> land(flight, listener), "move-" + pod);
    thread.setDaemon(true);
    thread.start();
  }

  /** Whatever happens, an Error included, something lands: who waits for it must not wait on. */
  private void land(Flight flight, MigrationListener listener) {
    Flight.Landed end =
        new Flight.Landed(
            flight,
            null,
            PodkitException.internal("the move of pod " + flight.pod() + " broke", null));
    try {
      end = fly(flight, listener);
    } finally {
      landed.add(end);
    }
  }

  private static Flight.Landed fly(Flight flight, MigrationListener listener) {
    try {
      return new Flight.Landed(flight, flight.migration().run(listener), null);
    } catch (PodkitException e) {
      return new Flight.Landed(flight, null, e);
    } catch (RuntimeException e) {
      return new Flight.Landed(
          flight, null, PodkitException.internal("the move of pod " + flight.pod() + " broke", e));
    }
  }

  /** The next one that ends, or null if none does in that time. */
  Flight.@Nullable Landed next(Duration patience) throws PodkitException {
    try {
      Flight.Landed end = landed.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (end != null) {
        flights.remove(end.flight().pod());
      }
      return end;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted while pods are on their way");
    }
  }

  /** Gives up those that have not committed. */
  void cancel() {
    flights.values().forEach(flight -> flight.migration().cancel());
  }
}
