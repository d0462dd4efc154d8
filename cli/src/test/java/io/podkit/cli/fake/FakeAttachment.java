package io.podkit.cli.fake;

import io.podkit.core.api.Attachment;
import io.podkit.core.api.TerminalSize;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that prints something, perhaps reads all its input, and ends. */
public final class FakeAttachment implements Attachment {
  /** What happens while the command runs. */
  public interface Script {
    void run(FakeAttachment self) throws PodkitException, InterruptedException;
  }

  public final List<String> calls = new ArrayList<>();
  public String output = "";
  public String errors = "";
  public int status;
  public Script script = self -> {};

  @Override
  public int relay(@Nullable InputStream in, OutputStream out, OutputStream err)
      throws PodkitException, InterruptedException {
    try {
      calls.add("relay");
      if (in != null) {
        byte[] input = in.readAllBytes();
        calls.add("input " + new String(input, StandardCharsets.UTF_8));
      }
      script.run(this);
      out.write(output.getBytes(StandardCharsets.UTF_8));
      err.write(errors.getBytes(StandardCharsets.UTF_8));
      return status;
    } catch (IOException e) {
      throw PodkitException.io("relay", e);
    }
  }

  @Override
  public synchronized void resize(TerminalSize size) {
    calls.add("resize " + size.rows() + "x" + size.columns());
  }

  @Override
  public synchronized void signal(int signal) {
    calls.add("signal " + signal);
    notifyAll();
  }

  /** Waits until a call was made, for ten seconds at most. */
  public synchronized void await(String call) throws InterruptedException {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!calls.contains(call) && System.nanoTime() < end) {
      wait(10);
    }
  }

  @Override
  public void close() {
    calls.add("close");
  }
}
