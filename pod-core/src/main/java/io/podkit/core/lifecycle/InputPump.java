package io.podkit.core.lifecycle;

import io.podkit.core.launch.PodTreePaths;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.RootedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Feeds a command's standard input from the caller's, on a daemon thread of its own: reading a
 * terminal cannot be interrupted, so the thread is left behind when the command ends.
 */
final class InputPump implements Runnable {
  private final RootedFiles files;
  private final String directory;
  private final InputStream in;
  private final long supervisor;

  private InputPump(RootedFiles files, String directory, InputStream in, long supervisor) {
    this.files = files;
    this.directory = directory;
    this.in = in;
    this.supervisor = supervisor;
  }

  /**
   * @param supervisor host pid of the process that holds the FIFO open until it is told that no
   *     more comes
   */
  static void start(RootedFiles files, String directory, InputStream in, long supervisor) {
    Thread thread = new Thread(new InputPump(files, directory, in, supervisor), "stdin");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try (OutputStream fifo = files.openFifo(directory + "/" + PodTreePaths.STDIN)) {
      in.transferTo(fifo);
    } catch (IOException | PodkitException e) {
      // The command closed its input or ended; how it ended is what the caller is told.
      return;
    }
    try {
      files.write(directory + "/" + PodTreePaths.STDIN_END, new byte[0], 0600);
      PodSignals.send(supervisor, PodSignals.SIGWINCH);
    } catch (PodkitException e) {
      // It ended in this very moment and needs no end of input.
      Thread.currentThread().interrupt();
    }
  }
}
