package io.podkit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.Golden;
import io.podkit.cli.fake.PodShell;
import io.podkit.cli.fake.PodShell.Result;
import io.podkit.cli.fake.Samples;
import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.Recovery;
import io.podkit.migrate.api.Strategy;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrationCommandsTest {
  private final PodShell shell = new PodShell();

  @Test
  void migrate_reportsOnStdoutAndProgressOnStderr() {
    Result result = shell.run("migrate", "web", "hostb");

    assertThat(result.code()).isZero();
    assertThat(result.err()).isEqualTo("preflight   35 ms\n");
    Golden.check("migrate.txt", result.out());
    assertThat(shell.migrations.requests)
        .containsExactly(MigrationRequest.to(new PodName("web"), "hostb"));
  }

  @Test
  void migrate_json() {
    Golden.check("migrate.json", shell.run("migrate", "-o", "json", "web", "hostb:99").out());
    Golden.check(
        "migrate-dry-run.json",
        shell.run("migrate", "--dry-run", "-o", "json", "web", "hostb").out());
    Golden.check("migrate-dry-run.txt", shell.run("migrate", "--dry-run", "web", "hostb").out());
  }

  @Test
  void migrate_tellsHowMemoryTravelled() {
    shell.migrations.memory = Samples.memory();
    Result json = shell.run("migrate", "-o", "json", "web", "hostb");
    Golden.check("migrate-memory.json", json.out());
    assertThat(json.err()).as("people read on").contains("round 1: ", "freeze: ", "note: ");
    Golden.check("migrate-memory.txt", shell.run("migrate", "web", "hostb").out());
  }

  @Test
  void migrate_takesWhatMemoryIsToDo() {
    shell.run(
        ("migrate --strategy pre-copy --downtime-limit 50ms --max-rounds 3 --channels 4"
                + " --compress zstd --verify web hostb")
            .split(" "));
    shell.run("migrate", "--auto-converge", "web", "hostb");
    assertThat(shell.migrations.requests)
        .extracting(MigrationRequest::memory)
        .containsExactly(
            new MemoryOptions(
                Strategy.PRE_COPY,
                Duration.ofMillis(50),
                3,
                false,
                OptionalInt.of(4),
                Compression.ZSTD,
                true),
            new MemoryOptions(
                Strategy.AUTO,
                MemoryOptions.DEFAULT_DOWNTIME_LIMIT,
                MemoryOptions.DEFAULT_MAX_ROUNDS,
                true,
                OptionalInt.empty(),
                Compression.AUTO,
                false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--strategy fast | is none of auto, stop-copy, pre-copy, post-copy, hybrid",
        "--compress gzip | is none of auto, none, lz4, zstd",
        "--downtime-limit 0 | a downtime limit is above zero",
        "--downtime-limit x | --downtime-limit: 'x' is not a time span",
        "--max-rounds 0 | 0 rounds are none of 1 to 1000",
        "--channels 64 | 64 channels for memory are none of 1 to 63",
        "--strategy stop-copy --auto-converge | stop-copy has no rounds",
        "--strategy post-copy --auto-converge | post-copy has no rounds",
        "--strategy post-copy --verify | post-copy lets memory follow",
        "--strategy hybrid --verify | hybrid lets memory follow"
      })
  void migrate_refusesWhatMemoryCannotDo(String options, String why) {
    Result result = shell.run(("migrate " + options + " web hostb").split(" "));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(why);
    assertThat(shell.migrations.requests).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"REFUSED, 5", "PEER, 6", "CRIU, 7", "CANCELLED, 8", "TIMEOUT, 9", "IN_DOUBT, 10"})
  void migrate_failuresHaveTheirCodes(ErrorKind kind, int code) {
    shell.migrations.failure = PodkitException.of(kind, "cannot migrate", new Hint("try"));
    Result result = shell.run("migrate", "web", "hostb");

    assertThat(result.code()).isEqualTo(code);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).endsWith("error: cannot migrate\nhint:  try\n");
  }

  @Test
  @Timeout(20)
  void migrate_isCancelledByASignal() throws Exception {
    Result result = migrateWithASignal();

    assertThat(result.code()).isEqualTo(8);
    assertThat(shell.migrations.calls).containsExactly("cancelled");
  }

  @Test
  @Timeout(20)
  void migrate_saysWhenASignalComesTooLate() throws Exception {
    shell.migrations.tooLateToCancel = true;
    Result result = migrateWithASignal();

    assertThat(result.code()).isZero();
    assertThat(result.err())
        .contains("note: too late to cancel: the pod may belong to hostb already; this goes on");
  }

  private Result migrateWithASignal() throws Exception {
    shell.migrations.endless = true;
    CompletableFuture<Result> running =
        CompletableFuture.supplyAsync(() -> shell.run("migrate", "web", "hostb"));
    while (shell.migrations.requests.isEmpty()) {
      Thread.sleep(5);
    }
    Thread.sleep(100); // the trap is set right behind the request; HUP is harmless to a test's JVM
    raise("HUP");
    return running.get(15, TimeUnit.SECONDS);
  }

  @Test
  @Timeout(20)
  void agent_runsUntilTerm() throws Exception {
    CompletableFuture<Result> running =
        CompletableFuture.supplyAsync(
            () -> shell.run("agent", "--listen", "127.0.0.1:7001", "-o", "json"));
    shell.migrations.agentStarted.await();
    raise("TERM");

    Result result = running.get(15, TimeUnit.SECONDS);
    assertThat(result.code()).isZero();
    Golden.check("agent.json", result.out());
    assertThat(shell.migrations.calls).containsExactly("agent 127.0.0.1 7001", "start", "close");
  }

  @Test
  void agent_refusesAStrangeAddress() {
    assertThat(shell.run("agent", "--listen", "nowhere:x").code()).isEqualTo(2);
  }

  @Test
  void recover_tellsWhatBecameOfThePods() {
    assertThat(shell.run("recover")).isEqualTo(new Result(0, "nothing to recover\n", ""));

    shell.migrations.outcomes.add(
        new Recovery.Outcome(
            new PodName("web"), Recovery.Action.RESUMED, "the target never owned it"));
    assertThat(shell.run("recover", "web").code()).isZero();
    shell.migrations.outcomes.add(
        new Recovery.Outcome(
            new PodName("db"), Recovery.Action.STILL_IN_DOUBT, "hostb does not answer"));
    Result result = shell.run("recover");
    assertThat(result.code()).isEqualTo(10);
    Golden.check("recover.txt", result.out());
    Golden.check("recover.json", shell.run("recover", "-o", "json").out());
  }

  @Test
  void recover_assumesOnlyForANamedPod() {
    shell.run("recover", "--assume", "target", "web");
    assertThat(shell.migrations.calls).containsExactly("recover web TARGET");
    assertThat(shell.run("recover", "--assume", "source").code()).isEqualTo(2);
  }

  @Test
  void pki() {
    Golden.check("pki-init.txt", shell.run("pki", "init").out());
    Golden.check(
        "pki-issue.txt",
        shell
            .run("pki", "issue", "hostb", "--address", "192.0.2.2,b.example", "-o", "/srv/b")
            .out());
    Golden.check("pki-install.json", shell.run("pki", "install", "-o", "json", "/srv/b").out());
    shell.run("pki", "init", "--force");
    assertThat(shell.pki.calls)
        .containsExactly(
            "init false",
            "issue hostb [192.0.2.2, b.example] /srv/b false",
            "install /srv/b false",
            "init true");
    assertThat(shell.run("pki", "issue", "../x").code()).isEqualTo(2);
  }

  private static void raise(String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Signal");
    type.getMethod("raise", type).invoke(null, type.getConstructor(String.class).newInstance(name));
  }
}
