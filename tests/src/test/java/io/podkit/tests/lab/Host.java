package io.podkit.tests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One host of a {@link Lab}. */
public final class Host {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Lab lab;
  private final String name;
  private final String address;
  private long logBegan;

  Host(Lab lab, String name, String address) {
    this.lab = lab;
    this.name = name;
    this.address = address;
  }

  public String name() {
    return name;
  }

  /** Its address on the segment that hosts, pods and clients share. */
  public String address() {
    return address;
  }

  /** Where its agent writes what it does. */
  public Path agentLog() {
    return lab.directory(name).resolve("agent.log");
  }

  /** Its podkit root directory. */
  public Path root() {
    return lab.directory(name).resolve("root");
  }

  /** Where it has its mounts and locks. */
  public Path run() {
    return lab.directory(name).resolve("run");
  }

  /** Its network namespace. */
  Path network() {
    return lab.directory("net").resolve(name);
  }

  /** Any command in its network. */
  public Command exec(Object... words) {
    return lab.exec(name, words);
  }

  /** A {@code pod} command, not started yet. */
  public Command podCommand(Object... arguments) {
    List<Object> words = new ArrayList<>(List.of("pod"));
    words.addAll(List.of(arguments));
    return exec(words.toArray());
  }

  /** Runs a {@code pod} command, whatever its exit status. */
  public CommandResult tryPod(Object... arguments) throws PodkitException {
    return podCommand(arguments).run();
  }

  /** Runs a {@code pod} command that must succeed, and gives what it printed. */
  @CanIgnoreReturnValue
  public String pod(Object... arguments) throws PodkitException {
    return podCommand(arguments)
        .runOrThrow("pod " + arguments[0] + " on " + name + " failed")
        .stdout();
  }

  /**
   * Runs a {@code pod} command with {@code -o json} that must succeed.
   *
   * @return what it printed; of a stream the last, which is the result
   */
  public JsonNode podJson(Object... arguments) throws PodkitException {
    List<Object> words = new ArrayList<>(List.of(arguments));
    words.addAll(1, List.of("-o", "json"));
    String text = pod(words.toArray());
    try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(text)) {
      List<JsonNode> all = values.readAll();
      assertThat(all).as("what pod %s printed", words).isNotEmpty();
      return all.get(all.size() - 1);
    } catch (IOException e) {
      throw new AssertionError("pod " + words + " printed no JSON: " + text, e);
    }
  }

  /** Names of the pods it has, in any state. */
  public List<String> podNames() throws PodkitException {
    JsonNode list = podJson("ps", "-a");
    return (list.isArray() ? list : list.path("pods")).findValuesAsText("name");
  }

  /** Kills its agent as a crash would; no error if there is none. */
  public void killAgent() throws PodkitException {
    lab.script("agent", name, "kill").runOrThrow("cannot kill the agent of " + name);
  }

  /** Starts its agent and waits until it answers. */
  public void startAgent() throws PodkitException, IOException {
    startAgent("");
  }

  /**
   * Starts its agent with a fault in it and waits until it answers.
   *
   * @param fault for {@code PODKIT_FAULT}; empty for none
   */
  public void startAgent(String fault) throws PodkitException, IOException {
    Command start = lab.script("agent", name, "start");
    logBegan = Files.exists(agentLog()) ? Files.size(agentLog()) : 0;
    if (!fault.isEmpty()) {
      start.env(Move.FAULT, fault);
    }
    start.runOrThrow("cannot start the agent of " + name);
  }

  /**
   * A pod's state as its record and the kernel have it, without a process of Podkit's that might
   * change it: what {@code pod ps} would say, but {@code dead} if it should have processes and has
   * none; empty if there is no such pod.
   */
  public String recordedState(String pod) throws IOException {
    JsonNode record;
    try {
      record =
          JSON.readTree(
              Files.readAllBytes(root().resolve("pods").resolve(pod).resolve("pod.json")));
    } catch (NoSuchFileException e) {
      return "";
    }
    String state = record.path("state").asText().toLowerCase(Locale.ROOT);
    long init = record.path("init").path("pid").asLong();
    return state.equals("running") && ProcessHandle.of(init).isEmpty() ? "dead" : state;
  }

  /** Waits until its agent comes to the fault that it was started with, while a move goes on. */
  public void awaitFault(Move move) throws IOException, InterruptedException {
    while (!hasFaulted()) {
      boolean more = move.isUnderWay(); // before the last look
      assertThat(more || hasFaulted()).as("the agent of %s comes to its fault", name).isTrue();
      Thread.sleep(20);
    }
  }

  private boolean hasFaulted() throws IOException {
    try (InputStream log = Files.newInputStream(agentLog())) {
      log.skipNBytes(logBegan);
      return new String(log.readAllBytes(), StandardCharsets.UTF_8).contains(Move.FAULT_SEEN);
    }
  }

  /** Plugs its cable into the switch, or pulls it out. */
  public void link(boolean up) throws PodkitException {
    lab.script("link", name, up ? "up" : "down").runOrThrow("cannot switch the link of " + name);
  }

  @Override
  public String toString() {
    return name;
  }
}
