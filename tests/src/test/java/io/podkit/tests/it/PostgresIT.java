package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.Subprocess;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.TestPod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A PostgreSQL under load moves there and back. Afterwards its tables and indexes are sound, its
 * pages have the checksums they should have, and each row is there whose commit a client has seen.
 */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.SERVERS})
class PostgresIT {
  private static final String ADDRESS = "10.77.1.41";
  private static final String HOME = "/var/lib/postgresql";
  private static final Duration LIFE = Duration.ofMinutes(2);

  /** One row a transaction; prints its number once the server has said that it is committed. */
  private static final String LEDGER =
      "i=$1; while :; do i=$((i + 1)); echo \"insert into ledger values ($i) returning id;\"; done |"
          + " exec psql -h "
          + ADDRESS
          + " -U postgres -Atq -v ON_ERROR_STOP=1 postgres >\"$2\"";

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  @TempDir Path work = Path.of("unset");

  @Test
  void itsDataLiesInTheUpperDirectory() throws Exception {
    Lab lab = LAB.get();
    movesUnderLoad(
        lab, host -> host.root().resolve("pods/checked/upper" + HOME + "/data"), List.of());
  }

  @Test
  void itsDataLiesInAPrivateVolume() throws Exception {
    Lab lab = LAB.get();
    try {
      movesUnderLoad(
          lab,
          host -> host.root().resolve("volumes/pgdata/data/data"),
          List.of("--volume", "pgdata:" + HOME + ":private"));
      assertThat(lab.hostB().pod("volume", "ls", "-q")).isEmpty();
    } finally {
      lab.hostA().pod("volume", "prune");
    }
  }

  /** Where a host has the data. */
  private interface Data {
    Path on(Host host);
  }

  private void movesUnderLoad(Lab lab, Data data, List<Object> options) throws Exception {
    List<Object> words = new ArrayList<>(List.of("--ip", ADDRESS, "--user", "postgres"));
    words.addAll(options);
    words.addAll(List.of("--env", "PGDATA=" + HOME + "/data"));
    words.addAll(List.of("--", Workload.PROGRAMS + "postgres-checked.sh"));
    String image = lab.images().of("postgres");
    try (TestPod pod = TestPod.run(lab.hostA(), "checked", image, words.toArray())) {
      pod.awaitLog("ready to accept connections");
      query(lab, "create table ledger (id bigint primary key)");
      program(lab, "pgbench", "--initialize", "--scale=2", "--quiet", "postgres");
      List<Path> seen = underLoad(lab, pod);
      assertThat(pod.home()).isSameAs(lab.hostA());

      expectEveryCommit(lab, seen);
      program(lab, "pg_amcheck", "--install-missing", "--heapallindexed", "postgres");
      pod.signal("INT"); // a fast shutdown: pages are only compared when nobody writes them
      assertThat(pod.await()).isZero();
      String report =
          lab.hostA()
              .exec(tool("pg_checksums"), "--check", "-D", data.on(lab.hostA()))
              .runOrThrow("a page is damaged")
              .stdout();
      assertThat(report).contains("Bad checksums:  0").doesNotContain("Blocks scanned:   0");
      assertThat(pod.logs()).doesNotContain("PANIC", "FATAL:  could not", "invalid page");
    }
  }

  /** Moves it there and back while clients write; returns what they saw committed. */
  private List<Path> underLoad(Lab lab, TestPod pod) throws Exception {
    List<Path> seen = new ArrayList<>();
    List<Subprocess> clients = new ArrayList<>();
    try {
      for (long i = 1; i <= 2; i++) {
        Path file = work.resolve("seen" + i);
        seen.add(file);
        clients.add(
            lab.onClient("bash", "-c", LEDGER, "ledger", i * 1_000_000_000, file)
                .timeout(LIFE)
                .start());
      }
      clients.add(
          lab.onClient(tool("pgbench"), "-h", ADDRESS, "-U", "postgres", "-c2", "-T100", "postgres")
              .timeout(LIFE)
              .start());
      for (Host target : List.of(lab.hostB(), lab.hostA())) {
        awaitMore(seen);
        pod.moveTo(target);
        awaitMore(seen);
      }
      assertThat(clients).as("clients that still write").allMatch(Subprocess::isAlive);
    } finally {
      clients.forEach(Subprocess::close);
    }
    return seen;
  }

  /** Waits until each client has seen more commits. */
  private static void awaitMore(List<Path> seen) throws IOException, InterruptedException {
    for (Path file : seen) {
      long before = Files.exists(file) ? Files.size(file) : 0;
      long end = System.nanoTime() + LIFE.toNanos();
      while (!Files.exists(file) || Files.size(file) < before + 2000) {
        assertThat(System.nanoTime()).as("%s has %d bytes", file, before).isLessThan(end);
        Thread.sleep(50);
      }
    }
  }

  private void expectEveryCommit(Lab lab, List<Path> seen) throws Exception {
    StringBuilder all = new StringBuilder();
    for (Path file : seen) {
      String text = Files.readString(file);
      all.append(text, 0, text.lastIndexOf('\n') + 1); // it was killed amid the last line, maybe
    }
    Path ledger = Files.writeString(work.resolve("ledger"), all);
    query(lab, "create table seen (id bigint)");
    query(lab, "\\copy seen from '" + ledger + "'");
    String counts =
        query(
            lab,
            "select (select count(*) from seen) > 500, (select count(*) from seen where id not in"
                + " (select id from ledger))");
    assertThat(counts).as("enough were seen | of these missing").isEqualTo("t|0");
  }

  private static String query(Lab lab, String sql) throws PodkitException {
    return lab.onClient("psql", "-h", ADDRESS, "-U", "postgres", "-Atq", "-c", sql)
        .runOrThrow("cannot ask PostgreSQL")
        .stdout()
        .strip();
  }

  private static void program(Lab lab, String name, Object... arguments) throws PodkitException {
    List<Object> words = new ArrayList<>(List.of(tool(name), "-h", ADDRESS, "-U", "postgres"));
    words.addAll(List.of(arguments));
    lab.onClient(words.toArray()).runOrThrow(name + " failed");
  }

  private static String tool(String name) throws PodkitException {
    return Command.of("sh", "-c", "ls /usr/lib/postgresql/*/bin/" + name + " | tail -1")
        .runOrThrow("no " + name)
        .stdout()
        .strip();
  }
}
