package io.podkit.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.FakeMigrations;
import io.podkit.cli.fake.Golden;
import io.podkit.cli.fake.Samples;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.RemoteMemory;
import io.podkit.migrate.api.Estimate;
import io.podkit.migrate.api.MigrationEvent;
import io.podkit.migrate.api.MigrationPhase;
import io.podkit.migrate.api.MigrationRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenderingTest {
  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text);

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1536, 1.5 KiB",
    "268435456, 256.0 MiB",
    "9223372036854775807, 8192.0 PiB"
  })
  void bytes(long bytes, String expected) {
    assertThat(Human.bytes(bytes)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 0 ms", "999, 999 ms", "1000, 1.0 s", "59949, 59.9 s", "125000, 2 min 05 s"})
  void duration(long millis, String expected) {
    assertThat(Human.duration(Duration.ofMillis(millis))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "-5, less than a second",
    "0, less than a second",
    "1, 1 second",
    "119, 119 seconds",
    "120, 2 minutes",
    "7199, 119 minutes",
    "7200, 2 hours",
    "172800, 2 days"
  })
  void span(long seconds, String expected) {
    assertThat(Human.span(Duration.ofSeconds(seconds))).isEqualTo(expected);
  }

  @Test
  void table_alignsAndKeepsLinesWhole() {
    Table table = new Table("A", "LONG");
    table.row("longer", "x\ny\u001b");
    table.row("", "z");
    table.print(out);
    out.flush();
    assertThat(text).hasToString("A       LONG\nlonger  x y?\n        z\n");
  }

  @Test
  void podState_inWords() {
    assertThat(state(PodState.CREATED)).isEqualTo("Created");
    assertThat(state(PodState.RUNNING)).isEqualTo("Up 3 minutes");
    assertThat(state(PodState.EXITED)).isEqualTo("Exited (137)");
    assertThat(state(PodState.CHECKPOINTED)).isEqualTo("Checkpointed");
    assertThat(state(PodState.LEAVING)).isEqualTo("Leaving");
    assertThat(state(PodState.IN_DOUBT)).isEqualTo("In doubt");
    assertThat(state(PodState.SERVING)).isEqualTo("Serving memory");
    assertThat(state(PodState.ARRIVING)).isEqualTo("Arriving");
  }

  @ParameterizedTest
  @CsvSource({
    "RUNNING, true, 'Up 3 minutes, filling from hosta'",
    "RUNNING, false, Blocked: memory on hosta"
  })
  void podState_ofAPodWhoseMemoryIsElsewhere(PodState state, boolean connected, String words) {
    PodStatus pod = Samples.pod("web", state, new RemoteMemory("hosta", connected));
    assertThat(PodTable.state(pod, Samples.NOW)).isEqualTo(words);
  }

  private static String state(PodState state) {
    return PodTable.state(Samples.pod("web", state), Samples.NOW);
  }

  @Test
  void migrationTable_isGolden() {
    MigrationTable.print(
        out, FakeMigrations.report(MigrationRequest.to(new PodName("web"), "hostb")));
    out.flush();
    Golden.check("migrate.txt", text.toString());
  }

  @Test
  void migrationProgress_withoutTerminalIsALineForEachPhase() {
    try (MigrationProgress progress = new MigrationProgress(out, false)) {
      playMigration(progress);
    }
    assertThat(text)
        .hasToString(
            """
            preflight   35 ms
            note: the target is slow
            transfer    1.4 s       256.0 MiB
            """);
  }

  @Test
  void migrationProgress_onATerminalShowsTheRunningPhase() {
    try (MigrationProgress progress = new MigrationProgress(out, true)) {
      playMigration(progress);
    }
    assertThat(text.toString().replace("\r\u001b[K", "<"))
        .isEqualTo(
            """
            <preflight   ...<preflight   35 ms
            <transfer    ...<transfer    64.0 MiB of 256.0 MiB (25%)<note: the target is slow
            <transfer    1.4 s       256.0 MiB
            <""");
  }

  @Test
  void migrationProgress_showsRoundsAndDecisions() {
    try (MigrationProgress progress = new MigrationProgress(out, true)) {
      Duration now = Duration.ZERO;
      progress.on(new MigrationEvent.Progress(now, MigrationPhase.PRE_COPY, 64 << 20, 0));
      Estimate estimate = new Estimate(Duration.ofMillis(120), Duration.ofMillis(2100));
      progress.on(new MigrationEvent.RoundFinished(now, Samples.round(1), estimate));
      progress.on(new MigrationEvent.Progress(now, MigrationPhase.PRE_COPY, 80 << 20, 0));
      progress.on(new MigrationEvent.Decided(now, "freeze", "it fits"));
      progress.on(new MigrationEvent.Progress(now, MigrationPhase.TRANSFER, 1 << 20, 0));
    }
    assertThat(text.toString().replace("\r\u001b[K", "<"))
        .isEqualTo(
            "<pre-copy    64.0 MiB"
                + "<  round 1: 180.0 MiB in 1.2 s, 12.0 MiB dirty (10.0 MiB/s), link 200.0 MiB/s;"
                + " pause 120 ms, 2.1 s left\n"
                + "<pre-copy    80.0 MiB; round 2, dirtied 10.0 MiB/s, link 200.0 MiB/s,"
                + " pause 120 ms, 2.1 s left"
                + "<  freeze: it fits\n"
                + "<transfer    1.0 MiB<");
  }

  @Test
  void migrationProgress_isSilentOnceClosed() {
    MigrationProgress progress = new MigrationProgress(out, false);
    progress.close();
    playMigration(progress);
    assertThat(text).hasToString("");
  }

  private static void playMigration(MigrationProgress progress) {
    Duration now = Duration.ZERO;
    progress.on(new MigrationEvent.PhaseStarted(now, MigrationPhase.PREFLIGHT));
    progress.on(
        new MigrationEvent.PhaseFinished(now, MigrationPhase.PREFLIGHT, Duration.ofMillis(35), 0));
    progress.on(new MigrationEvent.PhaseStarted(now, MigrationPhase.TRANSFER));
    progress.on(new MigrationEvent.Progress(now, MigrationPhase.TRANSFER, 64 << 20, 256 << 20));
    progress.on(new MigrationEvent.Notice(now, "the target is slow"));
    progress.on(
        new MigrationEvent.PhaseFinished(
            now, MigrationPhase.TRANSFER, Duration.ofMillis(1400), 256 << 20));
  }

  @Test
  void activity_saysNothingWithinASecond() {
    Activity activity = Activity.start(out, true, "importing redis");
    activity.close();
    assertThat(text).hasToString("");
  }

  @Test
  void activity_lineTellsWhatIsKnown() {
    try (Activity activity = Activity.start(out, false, "importing redis")) {
      assertThat(activity.line(Duration.ofSeconds(2))).isEqualTo("importing redis ... 2 s");
      activity.progress(1 << 20, -1);
      assertThat(activity.line(Duration.ofSeconds(3)))
          .isEqualTo("importing redis ... 1.0 MiB, 3 s");
      activity.progress(1 << 20, 4 << 20);
      assertThat(activity.line(Duration.ofSeconds(4)))
          .isEqualTo("importing redis ... 25% of 4.0 MiB, 4 s");
    }
  }

  @Test
  void activity_speaksAfterASecond() throws InterruptedException {
    StringWriter live = new StringWriter();
    PrintWriter liveOut = new PrintWriter(live);
    try (Activity plainActivity = Activity.start(out, false, "one");
        Activity liveActivity = Activity.start(liveOut, true, "two")) {
      Thread.sleep(1400);
    }
    assertThat(text).hasToString("one ...\n");
    assertThat(live.toString()).startsWith("\r\u001b[Ktwo ... 1 s").endsWith("\r\u001b[K");
  }
}
