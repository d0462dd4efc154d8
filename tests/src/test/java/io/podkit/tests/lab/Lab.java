package io.podkit.tests.lab;

import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Hosts and a client on this machine, made by {@code tests/lab/lab.sh}. Labs in different
 * directories do not meet. Closing stops every pod and leaves nothing behind.
 */
public final class Lab implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path tests =
      Path.of(System.getProperty("podkit.root", ".."), "tests").toAbsolutePath();
  private final Path directory;
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final Images images;

  private Lab(Path directory, List<String> names) {
    this.directory = directory;
    for (String name : names) {
      hosts.put(name, new Host(this, name, "10.77.0." + (11 + hosts.size())));
    }
    images = new Images(host(names.get(0)), tests);
  }

  /**
   * Builds a lab and waits until its agents answer.
   *
   * @param directory where it lives; must not exist or be what an earlier lab left
   * @param names its hosts
   */
  public static Lab up(Path directory, List<String> names) throws PodkitException {
    return up(directory, names, "");
  }

  /**
   * As {@link #up(Path, List)}, but each host has mounts of its own, and its own directory {@link
   * #own}.
   */
  public static Lab upApart(Path directory, List<String> names) throws PodkitException {
    return up(directory, names, "yes");
  }

  private static Lab up(Path directory, List<String> names, String apart) throws PodkitException {
    Lab lab = new Lab(directory, names);
    lab.script("up")
        .env("HOSTS", String.join(" ", names))
        .env("PODKIT_LAB_OWN", apart)
        .runOrThrow("cannot build the lab");
    return lab;
  }

  /** Under this path each host has another directory; here it is empty. */
  public Path own() {
    return directory.resolve("own");
  }

  /** What a host has under {@link #own}, as this process sees it. */
  public Path own(Host host) {
    return directory(host.name()).resolve("own");
  }

  /** A directory that all hosts see. */
  public Path shared() {
    return directory.resolve("shared");
  }

  public Host host(String name) {
    Host host = hosts.get(name);
    if (host == null) {
      throw new IllegalArgumentException("no host " + name + " in " + hosts.keySet());
    }
    return host;
  }

  public Host hostA() {
    return host("hostA");
  }

  public Host hostB() {
    return host("hostB");
  }

  /**
   * The images of one host by itself: a pod that moves brings its layers along, not their names.
   */
  public Images imagesOn(Host host) {
    return new Images(host, tests);
  }

  /** The images of the tests, imported on the first host. */
  public Images images() {
    return images;
  }

  /** A command in the client's network. */
  public Command onClient(Object... words) {
    return exec("client", words);
  }

  /** Where the tests' own files lie: programs, workloads, {@code target}. */
  public Path tests() {
    return tests;
  }

  /** What a host that has no pods any more still has of one; empty if it is clean. */
  public List<String> remainsOn(Host host) throws PodkitException, IOException {
    return Remains.on(host);
  }

  /** A host's part of the lab directory. */
  Path directory(String host) {
    return directory.resolve(host);
  }

  Command exec(String where, Object... words) {
    List<Object> all = new ArrayList<>(List.of("exec", where, "--"));
    all.addAll(List.of(words));
    return script(all.toArray());
  }

  Command script(Object... arguments) {
    return Command.of(tests.resolve("lab/lab.sh"), arguments)
        .env("PODKIT_LAB_DIR", directory.toString())
        .timeout(PATIENCE);
  }

  @Override
  public void close() {
    if (!Files.exists(directory)) {
      return;
    }
    try {
      CommandResult down = script("down").runOrThrow("cannot take the lab down");
      if (!down.stderr().isEmpty()) {
        throw new IllegalStateException("taking the lab down: " + down.stderr());
      }
    } catch (PodkitException e) {
      throw new IllegalStateException(e);
    }
  }
}
