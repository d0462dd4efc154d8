package io.podkit.core.launch;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.Capability;
import io.podkit.core.api.ExecSpec;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.UserNamespace;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.store.Credentials;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodRecord;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.FileOwners;
import io.podkit.fs.api.MountedRoot;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Starts pods and commands inside pods by way of pod-init. Thread-safe. */
public final class PodLauncher {
  private final Path podInit;
  private final ObjectMapper json;

  /**
   * @param podInit the static helper program
   * @param json used for pod-init's events, one object a line
   */
  public PodLauncher(Path podInit, ObjectMapper json) {
    this.podInit = podInit;
    this.json = json;
  }

  /** Lays the pod's network once its network namespace exists. */
  @FunctionalInterface
  public interface NetworkStep {
    void connect(long initPid) throws PodkitException;
  }

  /**
   * Starts the pod's command and returns once it has been executed; if this throws, nothing of it
   * is left.
   *
   * @param exitFile where the monitor will write how the pod ended
   * @param onExit what the monitor executes after that
   */
  public InitProcess launch(
      PodRecord record,
      MountedRoot root,
      PodCgroup cgroup,
      Path exitFile,
      List<String> onExit,
      NetworkStep network)
      throws PodkitException {
    try (InitConversation init =
        new InitConversation("start pod " + record.name(), json, podInit, "run")) {
      init.send(plan(record, root, cgroup, exitFile, onExit));
      InitEvent created = init.expect("created");
      network.connect(created.requirePid());
      InitProcess process = ProcessIdentities.identify(created.requirePid());
      init.send(GO);
      init.expect("started");
      init.handOver();
      return process;
    }
  }

  private static final byte[] GO = {'g', 'o', '\n'};

  private static byte[] plan(
      PodRecord record, MountedRoot root, PodCgroup cgroup, Path exitFile, List<String> onExit) {
    PodSpec spec = record.spec();
    Plan plan = new Plan();
    plan.add("name", spec.name());
    plan.add("root", root.root());
    plan.add("hostname", spec.hostname());
    if (spec.userns() == UserNamespace.KEEP) {
      long first = PodOwners.of(spec).shift();
      plan.add("uid-map", 0, first, FileOwners.COUNT).add("gid-map", 0, first, FileOwners.COUNT);
    }
    cgroup.directories().forEach(directory -> plan.add("cgroup", directory));
    plan.add("exit-file", exitFile);
    onExit.forEach(word -> plan.add("on-exit", word));
    StandardMounts.addTo(plan, root, spec.volumes());
    command(
        plan, record, record.credentials(), spec.tty(), Map.of(), spec.workdir(), spec.command());
    if (spec.tty()) {
      plan.add("tty", 24, 80);
    }
    plan.add("stdin", spec.interactive() ? "fifo" : "null");
    return plan.bytes();
  }

  private static void command(
      Plan plan,
      PodRecord record,
      Credentials who,
      boolean tty,
      Map<String, String> more,
      String workdir,
      List<String> argv) {
    PodEnvironment.of(record, who.home(), tty, more)
        .forEach((name, value) -> plan.add("env", name + "=" + value));
    plan.add("cwd", workdir);
    argv.forEach(word -> plan.add("arg", word));
    plan.add("uid", who.uid()).add("gid", who.gid());
    who.groups().forEach(group -> plan.add("group", group));
    plan.add("caps", Long.toHexString(Capability.mask(record.spec().capabilities())));
    if (record.spec().noNewPrivileges()) {
      plan.add("no-new-privs");
    }
  }

  /**
   * Starts a command in a running pod as a member of it.
   *
   * @param id names the session: {@code /.pod/exec/ID} exists already
   * @return host pid of the session's supervisor
   */
  public long exec(
      PodRecord record,
      InitProcess init,
      PodCgroup cgroup,
      String id,
      Credentials who,
      ExecSpec spec)
      throws PodkitException {
    Plan plan = new Plan();
    plan.add("pid", init.pid());
    plan.add("userns", record.spec().userns() == UserNamespace.KEEP ? "yes" : "no");
    cgroup.directories().forEach(directory -> plan.add("cgroup", directory));
    plan.add("id", id);
    String workdir = Objects.requireNonNullElse(spec.workdir(), record.spec().workdir());
    command(plan, record, who, spec.tty() != null, spec.env(), workdir, spec.command());
    if (spec.tty() != null) {
      plan.add("tty", spec.tty().rows(), spec.tty().columns());
    }
    plan.add("stdin", spec.interactive() ? "fifo" : "null");
    try (InitConversation conversation =
        new InitConversation("exec in pod " + record.name(), json, podInit, "exec")) {
      conversation.send(plan.bytes());
      return conversation.expect("started").requirePid();
    }
  }
}
