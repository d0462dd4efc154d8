package io.podkit.tests.docker;

import static com.github.dockerjava.api.model.Capability.DAC_READ_SEARCH;
import static com.github.dockerjava.api.model.Capability.IPC_LOCK;
import static com.github.dockerjava.api.model.Capability.NET_ADMIN;
import static com.github.dockerjava.api.model.Capability.SYS_ADMIN;
import static com.github.dockerjava.api.model.Capability.SYS_NICE;
import static com.github.dockerjava.api.model.Capability.SYS_PTRACE;
import static com.github.dockerjava.api.model.Capability.SYS_TIME;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network.Ipam;
import com.github.dockerjava.api.model.Volume;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/** Containers on one network segment, some of them podkit hosts that trust each other. */
final class ContainerHosts implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path pod =
      Path.of(System.getProperty("podkit.root", ".."), "bin/pod").toAbsolutePath();
  private final Path directory;
  private final Network segment;

  /**
   * @param directory where the hosts' files lie: a pod's files cannot lie in a container's own
   *     filesystem, which is an overlay
   */
  ContainerHosts(Path directory) throws PodkitException {
    this.directory = directory;
    segment =
        Network.builder()
            .createNetworkCmdModifier(
                cmd ->
                    cmd.withIpam(
                        new Ipam()
                            .withConfig(
                                new Ipam.Config()
                                    .withSubnet("10.78.0.0/16")
                                    .withGateway("10.78.255.254"))))
            .build();
    pki(directory.resolve("ca"), "init");
  }

  /**
   * A container whose agent answers. It is stopped with the daemon.
   *
   * @param name its name in its certificate
   * @param address its address on the segment, 10.78.0.N; its pods have addresses 10.78.*.*
   */
  GenericContainer<?> host(String name, String address) throws PodkitException {
    Path root = directory.resolve(name);
    Path certificate = directory.resolve("ca").resolve(name);
    pki(directory.resolve("ca"), "issue", name, "--address", address, "-o", certificate);
    pki(root, "install", certificate);
    GenericContainer<?> container =
        container(address)
            .withEnv("PODKIT_ROOT", "/var/lib/pod")
            // the path gives a pod's cgroup its name, and the containers may share one hierarchy
            .withEnv("PODKIT_RUN", "/run/pod-" + name)
            .withTmpFs(Map.of("/run", "exec"))
            .withCreateContainerCmdModifier(cmd -> allowPods(cmd, root))
            .withCommand("/opt/test/host.sh", address)
            .waitingFor(Wait.forLogMessage(".*listening on.*", 1))
            .withStartupTimeout(PATIENCE);
    container.start();
    return container;
  }

  /**
   * A container with a client that pings a server over one connection; {@code mark} and {@code
   * stop} are written to its /in, and it answers in its log.
   */
  GenericContainer<?> client(String address, String server, int port) {
    String client = "/opt/test/client sum %s %d 500".formatted(server, port);
    GenericContainer<?> container =
        container(address)
            .withCommand("sh", "-c", "mkfifo /in && exec " + client + " <>/in")
            .waitingFor(Wait.forLogMessage("ready\n", 1))
            .withStartupTimeout(PATIENCE);
    container.start();
    return container;
  }

  @SuppressWarnings("resource") // the caller's
  private GenericContainer<?> container(String address) {
    return new GenericContainer<>(DockerDaemon.IMAGE)
        .withImagePullPolicy(image -> false)
        .withNetwork(segment)
        .withEnv("PATH", "/opt/pod/bin:/usr/sbin:/usr/bin")
        .withCreateContainerCmdModifier(cmd -> cmd.withIpv4Address(address));
  }

  /** Not privileged: what a host needs beyond an ordinary container, one by one. */
  private static void allowPods(CreateContainerCmd cmd, Path root) {
    HostConfig config = Objects.requireNonNull(cmd.getHostConfig());
    config
        .withBinds(new Bind(root.toString(), new Volume("/var/lib/pod")))
        .withCapAdd(SYS_ADMIN, NET_ADMIN, SYS_PTRACE, DAC_READ_SEARCH, SYS_NICE, SYS_TIME, IPC_LOCK)
        .withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"))
        .withCgroupnsMode("private")
        .withDevices(new Device("rwm", "/dev/loop-control", "/dev/loop-control"))
        .withDeviceCgroupRules(List.of("b 7:* rwm")); // loop devices that do not exist yet
  }

  private void pki(Path root, Object... words) throws PodkitException {
    Object[] all = new Object[words.length + 1];
    all[0] = "pki";
    System.arraycopy(words, 0, all, 1, words.length);
    Command.of(pod, all)
        .env("PODKIT_ROOT", root.toString())
        .runOrThrow("pod pki " + words[0] + " failed");
  }

  @Override
  public void close() {
    segment.close();
  }
}
