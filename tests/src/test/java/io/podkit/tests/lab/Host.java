package io.podkit.tests.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One host of a {@link Lab}. */
public final class Host {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Lab lab;
  private final String name;
  private final String address;

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

  /** Runs a {@code pod} command with {@code -o json} that must succeed. */
  public JsonNode podJson(Object... arguments) throws PodkitException {
    List<Object> words = new ArrayList<>(List.of(arguments));
    words.addAll(1, List.of("-o", "json"));
    String text = pod(words.toArray());
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("pod " + words + " printed no JSON: " + text, e);
    }
  }

  /** Names of the pods it has, in any state. */
  public List<String> podNames() throws PodkitException {
    JsonNode list = podJson("ps", "-a");
    return (list.isArray() ? list : list.path("pods")).findValuesAsText("name");
  }

  @Override
  public String toString() {
    return name;
  }
}
