package io.podkit.cli.fake;

import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Agent;
import io.podkit.migrate.api.Blocker;
import io.podkit.migrate.api.CheckReport;
import io.podkit.migrate.api.CheckRequest;
import io.podkit.migrate.api.Estimate;
import io.podkit.migrate.api.Evacuations;
import io.podkit.migrate.api.FilePass;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.LiveControl;
import io.podkit.migrate.api.MemoryReport;
import io.podkit.migrate.api.Migration;
import io.podkit.migrate.api.MigrationEvent;
import io.podkit.migrate.api.MigrationListener;
import io.podkit.migrate.api.MigrationPhase;
import io.podkit.migrate.api.MigrationReport;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.Migrations;
import io.podkit.migrate.api.Recovery;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Migrations that move nothing. */
public final class FakeMigrations implements Migrations, Recovery {
  public final List<MigrationRequest> requests = new ArrayList<>();
  public final List<CheckRequest> checks = new ArrayList<>();
  public final List<Blocker> blockers = new ArrayList<>();
  public final List<String> calls = new ArrayList<>();
  public final List<Recovery.Outcome> outcomes = new ArrayList<>();
  public final CountDownLatch agentStarted = new CountDownLatch(1);
  public final FakeHosts hosts = new FakeHosts();
  public final FakeEvacuations evacuations = new FakeEvacuations();
  public @Nullable PodkitException failure;

  /** How the memory of the next pods travels. */
  public @Nullable MemoryReport memory;

  /** Whether a migration waits to be cancelled. */
  public boolean endless;

  /** Whether the pod belongs to the target by the time somebody wants to cancel. */
  public boolean tooLateToCancel;

  @Override
  public Migration prepare(MigrationRequest request) {
    requests.add(request);
    return new Fake(request);
  }

  @Override
  public CheckReport check(CheckRequest request) throws PodkitException {
    checks.add(request);
    if (failure != null) {
      throw failure;
    }
    return Samples.check(request, blockers);
  }

  @Override
  public LiveControl running(PodName pod) throws PodkitException {
    if (!pod.value().equals("web")) {
      throw PodkitException.notFound("no migration of pod " + pod + " runs on this host");
    }
    return new FakeLive(pod, calls);
  }

  public static MigrationReport report(MigrationRequest request) {
    return report(request, null);
  }

  public static MigrationReport report(MigrationRequest request, @Nullable MemoryReport memory) {
    return new MigrationReport(
        "m-1",
        request.pod(),
        request.host() + ":" + request.port(),
        "stop-copy",
        request.dryRun(),
        List.of(
            new MigrationReport.PhaseTime(MigrationPhase.PREFLIGHT, Duration.ofMillis(35), 0),
            new MigrationReport.PhaseTime(
                MigrationPhase.TRANSFER, Duration.ofMillis(1400), 256L << 20),
            new MigrationReport.PhaseTime(MigrationPhase.COMMIT, Duration.ofNanos(2_345_678), 0)),
        request.dryRun() ? null : Duration.ofMillis(1490),
        Duration.ofMillis(2000),
        0,
        3 << 20,
        List.of(
            new FilePass(1, true, true, 900, 900, 0, 3 << 20, Duration.ofMillis(80)),
            new FilePass(2, false, false, 12, 2, 1, 4096, Duration.ofMillis(3))),
        256L << 20,
        memory,
        List.of());
  }

  private final class Fake implements Migration {
    private final MigrationRequest request;
    private final CountDownLatch cancelled = new CountDownLatch(1);

    Fake(MigrationRequest request) {
      this.request = request;
    }

    @Override
    public MigrationReport run(MigrationListener listener) throws PodkitException {
      listener.on(new MigrationEvent.PhaseStarted(Duration.ZERO, MigrationPhase.PREFLIGHT));
      listener.on(
          new MigrationEvent.PhaseFinished(
              Duration.ofMillis(35), MigrationPhase.PREFLIGHT, Duration.ofMillis(35), 0));
      if (memory != null) {
        playRounds(listener);
      }
      if (endless) {
        awaitCancel();
      }
      if (failure != null) {
        throw failure;
      }
      return report(request, memory);
    }

    private void playRounds(MigrationListener listener) {
      Duration at = Duration.ofMillis(1300);
      listener.on(new MigrationEvent.PhaseStarted(at, MigrationPhase.PRE_COPY));
      listener.on(new MigrationEvent.Progress(at, MigrationPhase.PRE_COPY, 4 << 20, 0));
      listener.on(
          new MigrationEvent.RoundFinished(
              at, Samples.round(1), new Estimate(Duration.ofMillis(120), null)));
      listener.on(new MigrationEvent.Decided(at, "freeze", "12.0 MiB take 60 ms"));
      listener.on(new MigrationEvent.Notice(at, "the target is slow"));
    }

    private void awaitCancel() throws PodkitException {
      try {
        calls.add(cancelled.await(10, TimeUnit.SECONDS) ? "cancelled" : "not cancelled");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!tooLateToCancel) {
        throw PodkitException.of(ErrorKind.CANCELLED, "the migration of pod web was cancelled");
      }
      awaitWord();
    }

    /** A real one goes on for a while, in which the user is told that it does. */
    private void awaitWord() {
      try {
        Thread.sleep(1000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public boolean cancel() {
      cancelled.countDown();
      return !tooLateToCancel;
    }
  }

  @Override
  public Agent agent(InetSocketAddress address) {
    calls.add("agent " + address.getAddress().getHostAddress() + " " + address.getPort());
    CountDownLatch closed = new CountDownLatch(1);
    return new Agent() {
      @Override
      public void start() {
        calls.add("start");
        agentStarted.countDown();
      }

      @Override
      public InetSocketAddress address() {
        return address;
      }

      @Override
      public void await() throws InterruptedException {
        closed.await();
      }

      @Override
      public void close() {
        calls.add("close");
        closed.countDown();
      }
    };
  }

  @Override
  public Hosts hosts() {
    return hosts;
  }

  @Override
  public Evacuations evacuations() {
    return evacuations;
  }

  @Override
  public Recovery recovery() {
    return this;
  }

  @Override
  public void serve(PodName pod) throws PodkitException {
    calls.add("serve " + pod);
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public List<Outcome> recover(@Nullable PodName only, @Nullable Owner assume) {
    calls.add("recover " + only + " " + assume);
    return outcomes;
  }
}
