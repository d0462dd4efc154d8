package io.podkit.core.checkpoint;

import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.Subprocess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A dead man's switch: a tiny process that calls the {@code pod} command, to recover what is left
 * of its work, if this one dies, even by SIGKILL, before it said that all is well.
 */
final class DeadMan {
  private final Subprocess process;

  private DeadMan(Subprocess process) {
    this.process = process;
  }

  /** Returns once the switch is armed. */
  static DeadMan arm(Path podInit, Path log, List<String> command) throws PodkitException {
    List<String> argv =
        new ArrayList<>(
            List.of(podInit.toString(), "deadman", "--ready", "--log", log.toString(), "--"));
    argv.addAll(command);
    Subprocess process = Command.of(argv).stdoutPiped().start();
    try {
      String line =
          new BufferedReader(new InputStreamReader(process.stdout(), StandardCharsets.US_ASCII))
              .readLine();
      if (line == null) {
        process.close();
        throw PodkitException.internal("the dead man's switch did not start", null);
      }
      return new DeadMan(process);
    } catch (IOException e) {
      process.close();
      throw PodkitException.io("cannot arm the dead man's switch", e);
    }
  }

  /** All is well: nothing will be recovered. */
  void disarm() throws PodkitException {
    try {
      process.stdin().write("done\n".getBytes(StandardCharsets.US_ASCII));
      process.stdin().flush();
    } catch (IOException e) {
      throw PodkitException.io("cannot disarm the dead man's switch", e);
    }
    process.finish();
  }

  /** Gives up: recovery is to be tried now, by a process of its own. */
  void release() throws PodkitException {
    try {
      process.stdin().close();
    } catch (IOException e) {
      throw PodkitException.io("cannot release the dead man's switch", e);
    }
  }
}
