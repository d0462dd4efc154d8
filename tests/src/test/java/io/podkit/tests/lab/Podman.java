package io.podkit.tests.lab;

import io.podkit.criu.CriuBinary;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * podman on a host of the lab, with a store and a hook of its own, and with a network on the bridge
 * of that host's pods. Closing removes its containers and files.
 */
public final class Podman implements AutoCloseable {
  /** Containers can have the addresses that no host gives to pods. */
  private static final String NETWORK =
      """
      {"cniVersion": "0.4.0", "name": "pods", "plugins": [{
        "type": "bridge", "bridge": "pod0", "isGateway": false, "ipMasq": false,
        "ipam": {"type": "host-local", "dataDir": "%s", "routes": [{"dst": "0.0.0.0/0"}],
          "ranges": [[{"subnet": "10.77.0.0/16", "rangeStart": "10.77.200.10",
                       "rangeEnd": "10.77.200.250", "gateway": "%s"}]]}}]}
      """;

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Host host;
  private final Path directory;

  private Podman(Host host, Path directory) {
    this.host = host;
    this.directory = directory;
  }

  /** With the hook installed, for all containers. */
  public static Podman on(Host host) throws PodkitException, IOException {
    Podman podman = new Podman(host, Files.createTempDirectory("podkit-podman"));
    Files.createDirectories(podman.at("cni"));
    Files.writeString(
        podman.at("cni/pods.conflist"), NETWORK.formatted(podman.at("ipam"), host.address()));
    host.pod("hook", "install", "--hooks-dir", podman.at("hooks.d"));
    return podman;
  }

  /** A file of its own. */
  public Path at(String name) {
    return directory.resolve(name);
  }

  /** A call of it, not started yet. */
  public Command command(Object... words) throws PodkitException {
    List<Object> all = new ArrayList<>(List.of("podman", "--root", at("store")));
    all.addAll(List.of("--runroot", at("runroot"), "--tmpdir", at("tmp")));
    all.addAll(List.of("--cgroup-manager", "cgroupfs", "--runtime", "runc"));
    all.addAll(List.of("--network-backend", "cni", "--network-config-dir", at("cni")));
    all.addAll(List.of("--hooks-dir", at("hooks.d")));
    all.addAll(List.of(words));
    return host.exec(all.toArray())
        .env("PATH", CriuBinary.find().criu().getParent() + ":" + System.getenv("PATH"))
        .timeout(PATIENCE);
  }

  /** What it printed. */
  public String run(Object... words) throws PodkitException {
    return command(words).runOrThrow("call podman").stdout().strip();
  }

  /** The image of that name, of directories laid over each other, each a layer. */
  public void image(String name, Path base, List<Path> layers) throws PodkitException, IOException {
    pack(base, "base.tar");
    run("import", at("base.tar"), "localhost/base:v1");
    StringBuilder steps = new StringBuilder("FROM localhost/base:v1\n");
    for (int i = 0; i < layers.size(); i++) {
      pack(layers.get(i), "layer" + i + ".tar");
      steps.append("ADD layer" + i + ".tar /\n");
    }
    steps.append("RUN rm /etc/nsswitch.conf && echo layered > /etc/layered\n");
    Files.writeString(at("Containerfile"), steps.toString());
    run("build", "--layers", "--network", "none", "-t", name, "-f", at("Containerfile"), directory);
  }

  private void pack(Path tree, String file) throws PodkitException {
    Command.of("tar", "-C", tree.toAbsolutePath(), "-cf", at(file), ".").runOrThrow("pack " + tree);
  }

  /** What {@code podman inspect} says, in its words for a format. */
  public String inspect(String container, String format) throws PodkitException {
    return run("inspect", "--format", format, container);
  }

  /** Whether it runs. */
  public boolean runs(String container) throws PodkitException {
    CommandResult seen = command("inspect", "--format", "{{.State.Running}}", container).run();
    return seen.success() && seen.stdout().strip().equals("true");
  }

  @Override
  public void close() throws PodkitException {
    run("rm", "--all", "--force", "--time", "0");
    host.pod("hook", "uninstall", "--hooks-dir", at("hooks.d"));
    Command.of("sh", "-c", "umount \"$0/store/overlay\"; rm -rf \"$0\"", directory)
        .runOrThrow("remove podman's files");
  }
}
