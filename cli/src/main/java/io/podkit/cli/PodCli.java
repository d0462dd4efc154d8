package io.podkit.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point of the {@code pod} command. */
@Command(
    name = "pod",
    description = "Moves running processes between Linux hosts live.",
    mixinStandardHelpOptions = true,
    version = "podkit 0.1.0")
public final class PodCli implements Runnable {

  public static void main(String[] args) {
    System.exit(new CommandLine(new PodCli()).execute(args));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
