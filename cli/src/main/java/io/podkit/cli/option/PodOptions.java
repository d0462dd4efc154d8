package io.podkit.cli.option;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a new pod is to be: shared by {@code run} and {@code create}. */
public final class PodOptions {
  @Option(names = "--name", paramLabel = "NAME", required = true, description = "The pod's name.")
  public String name = "";

  @Option(names = "--image", paramLabel = "IMAGE", description = "Stack the pod on this image.")
  public @Nullable String image;

  @Option(
      names = "--rootfs",
      paramLabel = "DIR",
      description = "Stack the pod on this directory of the host; it is never written to.")
  public @Nullable String rootfs;

  @Option(
      names = {"-v", "--volume"},
      paramLabel = "SRC:DST[:OPTIONS]",
      description = {
        "Show a directory or file of the host, or a volume of that name, in the pod.",
        "ro: only to be read. shared: all hosts have the same storage for it. private: its content"
            + " travels with the pod. Without either each move finds out."
      })
  public List<String> volumes = new ArrayList<>();

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME[=VALUE]",
      description = "Set a variable; without =VALUE take ours.")
  public List<String> env = new ArrayList<>();

  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER[:GROUP]",
      description = "Run as this user of the pod, by name or number.")
  public @Nullable String user;

  @Option(
      names = {"-w", "--workdir"},
      paramLabel = "DIR",
      description = "Start in this directory of the pod.")
  public @Nullable String workdir;

  @Option(names = "--hostname", paramLabel = "NAME", description = "Host name in the pod.")
  public @Nullable String hostname;

  @Option(names = "--network", paramLabel = "MODE", description = "bridge (the default) or none.")
  public @Nullable String network;

  @Option(names = "--ip", paramLabel = "ADDRESS", description = "The pod's IPv4 address.")
  public @Nullable String ip;

  @Option(
      names = {"-m", "--memory"},
      paramLabel = "SIZE",
      description = "Most memory it may use: 512m, 2g.")
  public @Nullable String memory;

  @Option(
      names = "--cpus",
      paramLabel = "N",
      description = "Most processor time: 1.5 is one and a half cores.")
  public @Nullable String cpus;

  @Option(
      names = "--pids-limit",
      paramLabel = "N",
      description = "Most processes and threads; 0 or -1 is no limit.")
  public @Nullable String pidsLimit;

  @Option(
      names = "--userns",
      paramLabel = "MODE",
      description = "User namespace: keep (its own, same ids; the default) or host.")
  public @Nullable String userns;

  @Option(
      names = "--cap-add",
      paramLabel = "NAME",
      split = ",",
      description = "Add a capability, or ALL.")
  public List<String> capAdd = new ArrayList<>();

  @Option(
      names = "--cap-drop",
      paramLabel = "NAME",
      split = ",",
      description = "Take a capability away, or ALL.")
  public List<String> capDrop = new ArrayList<>();

  @Option(
      names = "--security-opt",
      paramLabel = "OPTION",
      description = "no-new-privileges: set-user-ID programs gain nothing.")
  public List<String> securityOpt = new ArrayList<>();

  @Option(
      names = {"-l", "--label"},
      paramLabel = "KEY=VALUE",
      description = "Attach a note to the pod.")
  public List<String> labels = new ArrayList<>();

  @Option(
      names = "--stop-signal",
      paramLabel = "SIGNAL",
      description = "What asks its command to end: a name or number (default: the image's, TERM).")
  public @Nullable String stopSignal;

  @Option(
      names = "--expose",
      paramLabel = "PORT[/PROTOCOL]",
      description = "Note that it listens there, as the image's own ports are noted.")
  public List<String> expose = new ArrayList<>();

  @Option(
      names = {"-i", "--interactive"},
      description = "Keep the command's standard input open.")
  public boolean interactive;

  @Option(
      names = {"-t", "--tty"},
      description = "Give the command a terminal.")
  public boolean tty;

  @Option(names = "--rm", description = "Remove the pod when it ends.")
  public boolean rm;
}
