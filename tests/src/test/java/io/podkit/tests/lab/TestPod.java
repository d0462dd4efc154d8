package io.podkit.tests.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import io.podkit.process.CommandResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A pod of a test, wherever it is. Closing removes it. */
public final class TestPod implements AutoCloseable {

  /** A database creates its files first, on a machine that may have other work to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String name;
  private Host home;

  private TestPod(String name, Host home) {
    this.name = name;
    this.home = home;
  }

  /**
   * {@code pod run -d}.
   *
   * @param words options, then {@code --} and the command
   */
  public static TestPod run(Host home, String name, String image, Object... words)
      throws PodkitException {
    return make(home, name, image, List.of("run", "-d"), words);
  }

  /** {@code pod create}, with the same words. */
  public static TestPod create(Host home, String name, String image, Object... words)
      throws PodkitException {
    return make(home, name, image, List.of("create"), words);
  }

  private static TestPod make(
      Host home, String name, String image, List<String> verb, Object... words)
      throws PodkitException {
    List<Object> all = new ArrayList<>(verb);
    all.addAll(List.of("--name", name, "--image", image));
    all.addAll(List.of(words));
    home.pod(all.toArray());
    return new TestPod(name, home);
  }

  public String name() {
    return name;
  }

  /** Where it is now. */
  public Host home() {
    return home;
  }

  /**
   * {@code pod migrate}, which must succeed.
   *
   * @param options more words for the command
   * @return its report
   */
  @CanIgnoreReturnValue
  public JsonNode moveTo(Host target, Object... options) throws PodkitException {
    List<Object> words = new ArrayList<>(List.of("migrate", name, target.address()));
    words.addAll(List.of(options));
    JsonNode report = home.podJson(words.toArray());
    home = target;
    return report;
  }

  /** A move that is expected to fail. */
  public CommandResult tryMoveTo(Host target) throws PodkitException {
    return home.tryPod("migrate", name, target.address());
  }

  /** {@code pod inspect}: its one element. */
  public JsonNode inspect() throws PodkitException {
    JsonNode found = home.podJson("inspect", name);
    return found.isArray() ? found.path(0) : found;
  }

  /** What it has written: first to its standard output, then to its standard error. */
  public String logs() throws PodkitException {
    CommandResult result = home.tryPod("logs", name);
    if (!result.success()) {
      throw PodkitException.internal("pod logs " + name + ": " + result.stderr(), null);
    }
    return result.stdout() + result.stderr();
  }

  /** {@code pod exec}, which must succeed: what it printed. */
  public String exec(Object... words) throws PodkitException {
    List<Object> all = new ArrayList<>(List.of("exec", name, "--"));
    all.addAll(List.of(words));
    return home.pod(all.toArray());
  }

  /** {@code pod wait}: the exit status. */
  public int await() throws PodkitException {
    return home.podJson("wait", name).path("exitCode").asInt(-1);
  }

  public void signal(String signal) throws PodkitException {
    home.pod("kill", "--signal", signal, name);
  }

  /** Waits until the log says so; fails with the log's end when it does not in two minutes. */
  @CanIgnoreReturnValue
  public String awaitLog(String what, Predicate<String> found)
      throws PodkitException, InterruptedException {
    String log = "";
    for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
      log = logs();
      if (found.test(log)) {
        return log;
      }
      Thread.sleep(200);
    }
    throw new AssertionError(what + " did not come; " + name + " says:\n" + tail(log));
  }

  @CanIgnoreReturnValue
  public String awaitLog(String text) throws PodkitException, InterruptedException {
    return awaitLog("'" + text + "'", log -> log.contains(text));
  }

  private static String tail(String log) {
    return log.substring(Math.max(0, log.length() - 2000));
  }

  @Override
  public void close() throws PodkitException {
    home.pod("rm", "-f", "-t", "0", name);
  }
}
