package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import io.podkit.process.Subprocess;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.SteadyClient;
import io.podkit.tests.lab.TestPod;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Servers move to the other host, back, and again, while their clients stay connected. */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.SERVERS})
class ServersIT {

  private static final String ADDRESS = "10.77.1.40";

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  @Test
  void redis() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod =
        run(
            lab,
            "redis",
            "redis",
            "--user",
            "redis",
            "--workdir",
            "/var/lib/redis",
            "--",
            "redis-server",
            "--bind",
            "0.0.0.0",
            "--protected-mode",
            "no",
            "--save",
            "")) {
      pod.awaitLog("Ready to accept connections");
      try (SteadyClient client = SteadyClient.connect(lab, "redis", ADDRESS, 6379, 500, 2)) {
        thereAndBackAgain(lab, pod, client);
        client.expectUnharmed();
      }
    }
  }

  @Test
  void nginxUnderLoad() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod =
        run(lab, "nginx", "nginx", "--", "nginx", "-c", Workload.PROGRAMS + "nginx.conf")) {
      SteadyClient.awaitPort(lab, ADDRESS, 80);
      try (SteadyClient client = SteadyClient.connect(lab, "http", ADDRESS, 80, 40, 8)) {
        thereAndBackAgain(lab, pod, client);
        client.expectUnharmed();
      }
    }
  }

  @Test
  void python() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod =
        run(
            lab,
            "python",
            "python",
            "--user",
            "nobody",
            "--",
            "python3",
            Workload.PROGRAMS + "sum_server.py")) {
      pod.awaitLog("ready");
      sumServerMoves(lab, pod);
    }
  }

  @Test
  void multiThreadedJvm() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod =
        run(
            lab,
            "jvm",
            "java",
            "--",
            "java",
            "-Xmx128m",
            "-cp",
            Workload.PROGRAMS,
            "io.podkit.tests.programs.SumServer")) {
      pod.awaitLog("ready");
      sumServerMoves(lab, pod);
    }
  }

  private static void sumServerMoves(Lab lab, TestPod pod) throws Exception {
    try (SteadyClient client = SteadyClient.connect(lab, "sum", ADDRESS, 7070, 100, 8)) {
      thereAndBackAgain(lab, pod, client);
      client.expectUnharmed();
    }
    assertThat(pod.logs()).doesNotContain("FAIL");
  }

  @Test
  void postgresUnderPgbench() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod =
        run(
            lab,
            "postgres",
            "postgres",
            "--user",
            "postgres",
            "--",
            Workload.PROGRAMS + "postgres.sh")) {
      pod.awaitLog("ready to accept connections");
      pgbench(lab, "--initialize", "--scale=2", "--quiet");
      try (Subprocess load = lab.onClient(pgbenchWords("--client=4", "--time=600")).start()) {
        Thread.sleep(1000);
        for (Host target : List.of(lab.hostB(), lab.hostA(), lab.hostB())) {
          pod.moveTo(target);
          Thread.sleep(1000);
          assertThat(load.isAlive()).as("pgbench still runs").isTrue();
        }
      }
      expectBalanced(lab);
      assertThat(pod.logs()).doesNotContain("PANIC", "FATAL");
    }
  }

  /** pgbench's invariant: the three sums of balances and the history agree. */
  private static void expectBalanced(Lab lab) throws PodkitException {
    String sums =
        lab.onClient(
                "psql",
                "-h",
                ADDRESS,
                "-U",
                "postgres",
                "-At",
                "-c",
                "select (select sum(abalance) from pgbench_accounts),"
                    + " (select sum(tbalance) from pgbench_tellers),"
                    + " (select sum(bbalance) from pgbench_branches),"
                    + " (select sum(delta) from pgbench_history), (select count(*) from pgbench_history)")
            .runOrThrow("cannot ask PostgreSQL")
            .stdout()
            .strip();
    String[] sum = sums.split("\\|", -1);
    assertThat(List.of(sum[1], sum[2], sum[3])).as(sums).containsOnly(sum[0]);
    assertThat(Long.parseLong(sum[4])).as("transactions").isPositive();
  }

  @Test
  void fiftyProcesses() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod =
        TestPod.run(
            lab.hostA(),
            "tree",
            lab.images().of("base"),
            "--",
            Workload.PROGRAMS + "workload",
            "tree",
            "50")) {
      pod.awaitLog("ok tree 2\n");
      String before = pod.exec("ps", "-e", "-o", "pid=,ppid=,comm=");
      assertThat(before.lines().filter(line -> line.contains("workload")).count()).isEqualTo(51);
      thereAndBackAgain(lab, pod);
      assertThat(workloads(pod.exec("ps", "-e", "-o", "pid=,ppid=,comm=")))
          .isEqualTo(workloads(before));
      pod.signal("USR1");
      assertThat(pod.await()).isZero();
      assertThat(pod.logs()).endsWith("done tree\n");
    }
  }

  private static List<String> workloads(String processes) {
    return processes.lines().filter(line -> line.contains("workload")).toList();
  }

  @Test
  void shellPipelines() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod =
        TestPod.run(
            lab.hostA(),
            "pipelines",
            lab.images().of("base"),
            "--",
            Workload.PROGRAMS + "pipelines.sh")) {
      for (Host target : List.of(lab.hostB(), lab.hostA(), lab.hostB())) {
        pod.moveTo(target);
        long done = pod.logs().lines().count();
        String log =
            pod.awaitLog("more results", now -> now.lines().skip(done).distinct().count() == 3);
        assertThat(log).doesNotContain("FAIL");
      }
    }
  }

  private static TestPod run(Lab lab, String name, String packages, Object... words)
      throws PodkitException {
    Object[] all = new Object[words.length + 2];
    all[0] = "--ip";
    all[1] = ADDRESS;
    System.arraycopy(words, 0, all, 2, words.length);
    return TestPod.run(lab.hostA(), name, lab.images().of(packages), all);
  }

  private static void thereAndBackAgain(Lab lab, TestPod pod, SteadyClient... clients)
      throws Exception {
    for (Host target : List.of(lab.hostB(), lab.hostA(), lab.hostB())) {
      pod.moveTo(target);
      Thread.sleep(300);
      for (SteadyClient client : clients) {
        client.expectProgress();
      }
    }
  }

  private static Object[] pgbenchWords(Object... arguments) throws PodkitException {
    String pgbench =
        Command.of("sh", "-c", "ls /usr/lib/postgresql/*/bin/pgbench | tail -1")
            .runOrThrow("no pgbench")
            .stdout()
            .strip();
    List<Object> words = new ArrayList<>(List.of(pgbench, "-h", ADDRESS, "-U", "postgres"));
    words.addAll(List.of(arguments));
    words.add("postgres");
    return words.toArray();
  }

  @CanIgnoreReturnValue
  private static CommandResult pgbench(Lab lab, Object... arguments) throws PodkitException {
    return lab.onClient(pgbenchWords(arguments)).runOrThrow("pgbench failed");
  }
}
