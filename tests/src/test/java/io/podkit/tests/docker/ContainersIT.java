package io.podkit.tests.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.FormatMethod;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;

/**
 * A move between two containers. Unlike the hosts of the lab they have no file, device or mount in
 * common: what the target needs and was not sent is missed here.
 */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.DOCKER})
class ContainersIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What a busy machine may add to a pause. */
  private static final Duration MARGIN = Duration.ofSeconds(3);

  private static final String POD_ADDRESS = "10.78.1.10";
  private static final int PORT = 7070;

  private static DockerDaemon daemon;

  @BeforeAll
  static void startDaemon() throws Exception {
    daemon = DockerDaemon.start();
  }

  @AfterAll
  static void stopDaemon() {
    if (daemon != null) {
      daemon.close();
    }
  }

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void aPodMovesFromContainerToContainer() throws Exception {
    try (ContainerHosts hosts = new ContainerHosts(daemon.directory());
        GenericContainer<?> a = hosts.host("hosta", "10.78.0.11");
        GenericContainer<?> b = hosts.host("hostb", "10.78.0.12")) {
      pod(a, "image", "import", "holder", "/opt/test/holder");
      pod(a, words("run -d --name p --image holder --ip %s -- /holder 16", POD_ADDRESS));
      try (GenericContainer<?> client = hosts.client("10.78.0.100", POD_ADDRESS, PORT)) {
        List<String> stream = pod(a, "migrate", "-o", "json", "p", "10.78.0.12").lines().toList();
        JsonNode report = JSON.readTree(stream.get(stream.size() - 1));

        assertThat(pod(b, "ps")).contains("p ", "holder", "Up", POD_ADDRESS);
        assertThat(pod(a, "ps", "-a")).doesNotContain("holder");
        assertUnharmed(client, report.path("frozenMs").asDouble());
      }
    }
  }

  /**
   * The client goes on after the move, on the same connection. What it sent while nobody was there
   * it repeats at doubling intervals, so it may miss the pod for twice the time it was frozen; for
   * longer only if the segment does not know where the pod is now.
   */
  private static void assertUnharmed(GenericContainer<?> client, double frozenMs) throws Exception {
    tell(client, "mark");
    int line = 2; // the first says that it is ready
    assertThat(answer(client, line).path("acked").asLong()).as("up to now").isPositive();
    long after = 0;
    for (long end = System.nanoTime() + PATIENCE.toNanos();
        after == 0 && System.nanoTime() < end; ) {
      Thread.sleep(200);
      tell(client, "mark");
      after = answer(client, ++line).path("acked").asLong();
    }
    assertThat(after).as("from now on").isPositive();
    tell(client, "stop");
    JsonNode all = answer(client, ++line);
    assertThat(all.path("broken").asInt(-1)).as("broken: %s", all).isZero();
    assertThat(all.path("pause_ms").asDouble())
        .as("frozen for %s ms: %s", frozenMs, all)
        .isLessThan(2 * frozenMs + MARGIN.toMillis());
  }

  private static void tell(GenericContainer<?> client, String what) throws Exception {
    run(client, "sh", "-c", "echo " + what + " >/in");
  }

  /** That line of the client's log, counted from 1. */
  private static JsonNode answer(GenericContainer<?> client, int line) throws Exception {
    for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
      List<String> lines = client.getLogs().lines().toList();
      if (lines.size() >= line) {
        return JSON.readTree(lines.get(line - 1));
      }
      Thread.sleep(100);
    }
    throw new AssertionError("the client does not answer: " + client.getLogs());
  }

  @FormatMethod
  private static String[] words(String line, Object... values) {
    return line.formatted(values).split(" ", -1);
  }

  private static String pod(GenericContainer<?> host, String... arguments) throws Exception {
    String[] words = new String[arguments.length + 1];
    words[0] = "pod";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return run(host, words);
  }

  private static String run(GenericContainer<?> container, String... words) throws Exception {
    ExecResult result = container.execInContainer(words);
    assertThat(result.getExitCode())
        .as("%s: %s%s", List.of(words), result.getStdout(), result.getStderr())
        .isZero();
    return result.getStdout();
  }
}
