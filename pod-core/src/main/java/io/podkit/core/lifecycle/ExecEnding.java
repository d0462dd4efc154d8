package io.podkit.core.lifecycle;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.launch.PodTreePaths;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.RootedFiles;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Watches a command that was started in a pod: its supervisor writes how it ended into the pod's
 * tree.
 */
final class ExecEnding implements CommandStreams.Ending {
  private static final int STATUS_LIMIT = 1024;

  /**
   * What a supervisor writes.
   *
   * @param code exit status, absent after a signal
   * @param signal the signal it died of, absent after an exit
   */
  record Status(@Nullable Integer code, @Nullable Integer signal) {}

  private final RootedFiles files;
  private final String directory;
  private final long supervisor;
  private final PodEnding pod;
  private final ObjectMapper json;

  ExecEnding(
      RootedFiles files, String directory, long supervisor, PodEnding pod, ObjectMapper json) {
    this.files = files;
    this.directory = directory;
    this.supervisor = supervisor;
    this.pod = pod;
    this.json = json;
  }

  @Override
  public OptionalInt poll() throws PodkitException {
    Optional<byte[]> written = files.read(directory + "/" + PodTreePaths.STATUS, STATUS_LIMIT);
    // A pod that ends takes its commands with it; one that moved raises MOVED here.
    return written.isPresent() ? OptionalInt.of(code(written.get())) : pod.poll();
  }

  private int code(byte[] written) throws PodkitException {
    try {
      Status status = json.readValue(written, Status.class);
      return status.signal() != null
          ? 128 + status.signal()
          : status.code() != null ? status.code() : 255;
    } catch (IOException e) {
      throw PodkitException.io("cannot read how the command ended", e);
    }
  }

  @Override
  public void signal(int signal) throws PodkitException {
    PodSignals.send(supervisor, signal);
  }

  @Override
  public void cleanUp() throws PodkitException {
    files.delete(directory);
  }
}
