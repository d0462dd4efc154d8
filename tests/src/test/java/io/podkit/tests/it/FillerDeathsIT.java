package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.TestPod;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What fills a pod's memory is killed at random moments, before the pod runs and while it does: the
 * pod waits a little and never reads a wrong page.
 */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU})
class FillerDeathsIT {
  private static final int MOVES = 4;
  private static final String ADVERSARY = "adversary-remap";

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  @Test
  void podNeverReadsAWrongPage() throws Exception {
    Lab lab = LAB.get();
    long seed = System.nanoTime();
    AtomicInteger deaths = new AtomicInteger();
    try (TestPod pod =
        TestPod.run(
            lab.hostA(),
            "filled",
            lab.images().of("base"),
            List.of("--", Workload.PROGRAMS + "workload", ADVERSARY, "--size", "96").toArray())) {
      pod.awaitLog("ok " + ADVERSARY + " 1\n");
      for (int i = 0; i < MOVES; i++) {
        Host target = pod.home() == lab.hostA() ? lab.hostB() : lab.hostA();
        try (Killer killer = new Killer(target, new Random(seed + i), deaths)) {
          pod.moveTo(target);
        }
        long before = verified(pod.logs());
        pod.signal("USR2");
        String log =
            pod.awaitLog("verified " + ADVERSARY, text -> verified(text) > before || failed(text));
        assertThat(failed(log)).as("seed %d: %s", seed, log).isFalse();
      }
    }
    assertThat(deaths).as("deaths of fillers").hasPositiveValue();
  }

  private static long verified(String log) {
    return log.lines().filter(line -> line.startsWith("verified " + ADVERSARY)).count();
  }

  private static boolean failed(String log) {
    return log.lines().anyMatch(line -> line.startsWith("FAIL "));
  }

  /** Kills one of the two processes that fill pods of one host, again and again, until closed. */
  private static final class Killer implements AutoCloseable {
    /** The other one needs a moment to make a successor; both at once nobody survives. */
    private static final int REST_MILLIS = 25;

    private final Host host;
    private final Random random;
    private final AtomicInteger deaths;
    private final Thread thread = new Thread(this::work, "killer");
    private volatile boolean over;

    Killer(Host host, Random random, AtomicInteger deaths) {
      this.host = host;
      this.random = random;
      this.deaths = deaths;
      thread.start();
    }

    private void work() {
      try {
        while (!over) {
          List<ProcessHandle> fillers = fillers();
          if (fillers.size() == 2 && fillers.get(random.nextInt(2)).destroyForcibly()) {
            deaths.incrementAndGet();
          }
          Thread.sleep(REST_MILLIS + random.nextInt(REST_MILLIS));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private List<ProcessHandle> fillers() {
      return ProcessHandle.allProcesses()
          .filter(process -> isFiller(process.info().commandLine().orElse("")))
          .toList();
    }

    private boolean isFiller(String commandLine) {
      return commandLine.contains("pod-init fill ")
          && commandLine.contains("--dir " + host.run().toString());
    }

    @Override
    public void close() throws InterruptedException {
      over = true;
      thread.join();
    }
  }
}
