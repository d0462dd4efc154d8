package io.podkit.tests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.PodkitException;
import io.podkit.process.Subprocess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A client in the lab's client namespace that stays connected to a server and knows what was
 * acknowledged: {@code tests/clients}. Closing kills it.
 */
public final class SteadyClient implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** No test of one connection takes longer. */
  private static final Duration LIFE = Duration.ofMinutes(10);

  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Subprocess process;
  private final BufferedReader answers;

  private SteadyClient(Subprocess process) {
    this.process = process;
    answers = new BufferedReader(new InputStreamReader(process.stdout(), StandardCharsets.UTF_8));
  }

  /** Waits until a server that was just started takes connections. */
  public static void awaitPort(Lab lab, String address, int port)
      throws PodkitException, InterruptedException {
    String probe = "exec 3<>/dev/tcp/" + address + "/" + port;
    for (int tries = 0;
        !lab.onClient("timeout", "1", "bash", "-c", probe).run().success();
        tries++) {
      assertThat(tries).as("tries to reach " + address + ":" + port).isLessThan(200);
      Thread.sleep(50);
    }
  }

  /**
   * Connects.
   *
   * @param protocol redis, http or sum
   * @param rate messages a second on each connection
   */
  public static SteadyClient connect(
      Lab lab, String protocol, String address, int port, int rate, int connections)
      throws PodkitException, IOException {
    SteadyClient client =
        new SteadyClient(
            lab.onClient(
                    lab.tests().resolve("target/client"),
                    protocol,
                    address,
                    port,
                    rate,
                    connections)
                .stdoutPiped()
                .timeout(LIFE)
                .start());
    String first = client.answers.readLine();
    if (!"ready".equals(first)) {
      throw new AssertionError("client: " + client.process.finish().stderr());
    }
    return client;
  }

  /** Asserts that messages were acknowledged since the last time. */
  public void expectProgress() throws IOException {
    assertThat(ask("mark").path("acked").asLong()).as("acknowledged messages").isPositive();
  }

  /**
   * Asserts that the server answers now, or will when the client's kernel next tries: after a long
   * silence that takes as long again.
   */
  public void expectAnswers() throws IOException, InterruptedException {
    ask("mark");
    for (long end = System.nanoTime() + SILENCE.toNanos(); System.nanoTime() < end; ) {
      if (ask("mark").path("acked").asLong() > 0) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the server has not answered for " + SILENCE.toSeconds() + " s");
  }

  /** Asserts that the server answers nothing for a second. */
  public void expectSilence() throws IOException, InterruptedException {
    ask("mark");
    Thread.sleep(1000);
    assertThat(ask("mark").path("acked").asLong()).as("acknowledged messages").isZero();
  }

  /**
   * Stops, and asserts that no connection ever broke and that nothing acknowledged was lost.
   *
   * @return the client's figures
   */
  public JsonNode expectUnharmed() throws IOException {
    JsonNode figures = ask("stop");
    assertThat(figures.path("broken").asInt(-1)).as("broken: %s", figures).isZero();
    assertThat(figures.path("lost").asInt(-1)).as("lost: %s", figures).isZero();
    assertThat(figures.path("acked").asLong()).as("acknowledged: %s", figures).isPositive();
    return figures;
  }

  private JsonNode ask(String what) throws IOException {
    process.stdin().write((what + "\n").getBytes(StandardCharsets.UTF_8));
    process.stdin().flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new AssertionError("the client has ended");
    }
    return JSON.readTree(answer);
  }

  @Override
  public void close() {
    process.close();
  }
}
