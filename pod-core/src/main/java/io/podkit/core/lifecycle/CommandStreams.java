package io.podkit.core.lifecycle;

import io.podkit.core.api.Attachment;
import io.podkit.core.api.TerminalSize;
import io.podkit.core.launch.PodTreePaths;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.RootedFiles;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one command in a pod, polled: they are plain files that another host may be
 * writing next minute.
 */
final class CommandStreams implements Attachment {
  private static final long SHORT_POLL_MILLIS = 4;
  private static final long LONG_POLL_MILLIS = 20;

  /** What differs between a pod's own command and one that was started in it. */
  interface Ending {
    /** The exit status once the command has ended. */
    OptionalInt poll() throws PodkitException;

    void signal(int signal) throws PodkitException;

    /** Called once after the last output was copied. */
    void cleanUp() throws PodkitException;
  }

  private final RootedFiles files;
  private final String directory;
  private final long supervisor;
  private final boolean fromStart;
  private final Ending ending;

  CommandStreams(
      RootedFiles files, String directory, long supervisor, boolean fromStart, Ending ending) {
    this.files = files;
    this.directory = directory;
    this.supervisor = supervisor;
    this.fromStart = fromStart;
    this.ending = ending;
  }

  @Override
  public int relay(@Nullable InputStream in, OutputStream out, OutputStream err)
      throws PodkitException, InterruptedException {
    try (StreamCopy stdout = StreamCopy.of(files, directory, PodTreePaths.STDOUT, fromStart);
        StreamCopy stderr = StreamCopy.of(files, directory, PodTreePaths.STDERR, fromStart)) {
      if (in != null) {
        InputPump.start(files, directory, in, supervisor);
      }
      long pause = SHORT_POLL_MILLIS;
      while (true) {
        // Asked before copying: what the command wrote before it ended is copied after its end was
        // seen.
        OptionalInt status = ending.poll();
        boolean busy = stdout.copyTo(out);
        busy |= stderr.copyTo(err);
        if (status.isPresent()) {
          ending.cleanUp();
          return status.getAsInt();
        }
        pause = busy ? SHORT_POLL_MILLIS : Math.min(LONG_POLL_MILLIS, pause + 1);
        Thread.sleep(pause);
      }
    }
  }

  @Override
  public void resize(TerminalSize size) throws PodkitException {
    String text = size.rows() + " " + size.columns() + "\n";
    files.write(
        directory + "/" + PodTreePaths.WINDOW_SIZE, text.getBytes(StandardCharsets.US_ASCII), 0600);
    PodSignals.send(supervisor, PodSignals.SIGWINCH);
  }

  @Override
  public void signal(int signal) throws PodkitException {
    ending.signal(signal);
  }

  @Override
  public void close() {
    files.close();
  }
}
