package io.podkit.core.launch;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.Subprocess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with a pod-init that was started on the host: a plan goes in, events come out.
 * Closing it before {@link #handOver} ends pod-init and with it whatever it has made. Not
 * thread-safe.
 */
final class InitConversation implements AutoCloseable {
  private final String subject;
  private final ObjectMapper json;
  private final Subprocess process;
  private final BufferedReader events;
  private boolean handedOver;

  /**
   * @param subject what is being done, for messages: {@code start pod web}
   */
  InitConversation(String subject, ObjectMapper json, Path podInit, String verb)
      throws PodkitException {
    this.subject = subject;
    this.json = json;
    process = Command.of(podInit, verb).stdoutPiped().start();
    events = new BufferedReader(new InputStreamReader(process.stdout(), StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws PodkitException {
    try {
      OutputStream stdin = process.stdin();
      stdin.write(bytes);
      stdin.flush();
    } catch (IOException e) {
      // pod-init gave up; what it wrote about that says more than EPIPE.
      throw silence(e);
    }
  }

  /** The next event, which must be {@code wanted}; a {@code failed} event becomes an exception. */
  InitEvent expect(String wanted) throws PodkitException {
    InitEvent event;
    try {
      String line = events.readLine();
      if (line == null) {
        throw silence(null);
      }
      event = json.readValue(line, InitEvent.class);
    } catch (IOException e) {
      throw PodkitException.io("cannot " + subject + ": pod-init's answer cannot be read", e);
    }
    if (event.event().equals("failed")) {
      throw failed(event);
    }
    if (!event.event().equals(wanted)) {
      throw PodkitException.internal(
          "cannot "
              + subject
              + ": pod-init said '"
              + event.event()
              + "' instead of '"
              + wanted
              + "'",
          null);
    }
    return event;
  }

  private PodkitException failed(InitEvent event) {
    String message =
        Objects.requireNonNullElse(event.message(), "pod-init failed without a message");
    if ("exec".equals(event.stage())) {
      boolean missing = "ENOENT".equals(event.errno());
      return PodkitException.of(
          missing ? ErrorKind.COMMAND_NOT_FOUND : ErrorKind.COMMAND_NOT_EXECUTABLE,
          "cannot " + subject + ": " + message + (missing ? ": not found" : ": cannot be executed"),
          new Hint("the program must exist in the pod, on its PATH, and be executable there"));
    }
    return PodkitException.of(
        ErrorKind.INTERNAL, "cannot " + subject + ": " + event.stage() + ": " + message);
  }

  /** pod-init ended without an event: its standard error says why. */
  private PodkitException silence(@Nullable IOException cause) {
    String said = "";
    try {
      said = process.finish().stderr().trim();
    } catch (PodkitException e) {
      if (cause != null) {
        cause.addSuppressed(e);
      }
    }
    return new PodkitException(
        ErrorKind.INTERNAL,
        "cannot " + subject + ": " + (said.isEmpty() ? "pod-init died" : said),
        null,
        cause);
  }

  /** What was made lives on: it is a daemon now and no longer ours. */
  void handOver() {
    handedOver = true;
  }

  @Override
  public void close() {
    if (!handedOver) {
      process.close();
    }
  }
}
