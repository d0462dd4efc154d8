package io.podkit.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.cli.fake.FakeAttachment;
import io.podkit.cli.fake.FakeTerminal;
import io.podkit.core.api.Attachment;
import io.podkit.core.api.TerminalSize;
import io.podkit.error.PodkitException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ForegroundSessionTest {
  private final FakeTerminal terminal = new FakeTerminal();
  private final FakeAttachment command = new FakeAttachment();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private ForegroundSession session(String input) {
    ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1));
    return new ForegroundSession(terminal, new Streams(in, out, err));
  }

  @Test
  void plain_passesOutputAndStatus() throws Exception {
    command.output = "result\n";
    command.errors = "warning\n";
    command.status = 42;

    assertThat(session("ignored").attach(command, false, false)).isEqualTo(OptionalInt.of(42));
    assertThat(out).hasToString("result\n");
    assertThat(err).hasToString("warning\n");
    assertThat(command.calls).containsExactly("relay");
    assertThat(terminal.calls).isEmpty();
  }

  @Test
  void interactive_passesInput() throws Exception {
    assertThat(session("hello").attach(command, false, true)).isEqualTo(OptionalInt.of(0));
    assertThat(command.calls).containsExactly("relay", "input hello");
  }

  @Test
  void ttyOnATerminal_isRawAndSizedAndRestored() throws Exception {
    terminal.present = true;
    assertThat(session("x").attach(command, true, true)).isEqualTo(OptionalInt.of(0));
    assertThat(command.calls).containsExactly("resize 40x120", "relay", "input x");
    assertThat(terminal.calls).containsExactly("raw", "restored");
  }

  @Test
  void ttyWithoutATerminal_leavesItAlone() throws Exception {
    assertThat(session("x").attach(command, true, true)).isEqualTo(OptionalInt.of(0));
    assertThat(terminal.calls).isEmpty();
  }

  @Test
  void terminal_isRestoredWhenTheCommandFails() {
    terminal.present = true;
    command.script =
        self -> {
          throw PodkitException.refused("gone");
        };
    assertThatThrownBy(() -> session("").attach(command, true, true)).hasMessage("gone");
    assertThat(terminal.calls).containsExactly("raw", "restored");
  }

  @Test
  void detachKeys_leaveTheCommandRunning() throws Exception {
    terminal.present = true;
    ForegroundSession session = session("ab\u0010\u0011");

    assertThat(session.attach(new Endless(), true, true)).isEmpty();
    assertThat(terminal.calls).containsExactly("raw", "restored");
  }

  @Test
  void signals_reachTheCommandAndNotUs() throws Exception {
    command.script =
        self -> {
          raise("HUP");
          self.await("signal 1");
        };
    assertThat(session("").attach(command, false, false)).isEqualTo(OptionalInt.of(0));
    assertThat(command.calls).containsExactly("relay", "signal 1");
  }

  @Test
  void windowChange_reachesTheCommand() throws Exception {
    terminal.present = true;
    command.script =
        self -> {
          self.calls.clear();
          raise("WINCH");
          self.await("resize 40x120");
        };
    assertThat(session("").attach(command, true, true)).isEqualTo(OptionalInt.of(0));
    assertThat(command.calls).containsExactly("resize 40x120");
  }

  @Test
  void trap_endsWhenClosed() throws Exception {
    List<Character> heard = new CopyOnWriteArrayList<>();
    try (SignalTrap outer = SignalTrap.install("WINCH", n -> heard.add('o'))) {
      SignalTrap inner = SignalTrap.install("WINCH", n -> heard.add('i'));
      raise("WINCH");
      await(heard, List.of('i'));
      inner.close();
      inner.close();
      raise("WINCH");
      await(heard, List.of('i', 'o'));
    }
    assertThat(heard).containsExactly('i', 'o');
  }

  @Test
  void trap_refusesTheJvmsOwnSignals() {
    assertThatThrownBy(() -> SignalTrap.install("KILL", n -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot handle signal KILL");
  }

  @Test
  void size_isParsed() {
    assertThat(SttyTerminal.parseSize("24 80"))
        .hasValueSatisfying(size -> assertThat(size.columns()).isEqualTo(80));
    assertThat(SttyTerminal.parseSize("0 0")).isEmpty();
    assertThat(SttyTerminal.parseSize("24")).isEmpty();
    assertThat(SttyTerminal.parseSize("a b")).isEmpty();
  }

  private static void await(List<Character> heard, List<Character> expected)
      throws InterruptedException {
    while (!heard.equals(expected)) {
      Thread.sleep(5);
    }
  }

  private static void raise(String name) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      type.getMethod("raise", type)
          .invoke(null, type.getConstructor(String.class).newInstance(name));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("sun.misc.Signal", e);
    }
  }

  /** Reads its input on a thread of its own and runs on, as a real attachment does. */
  private static final class Endless implements Attachment {
    @Override
    public int relay(@Nullable InputStream in, OutputStream out, OutputStream err)
        throws InterruptedException {
      InputStream keys = Objects.requireNonNull(in);
      Thread pump = new Thread(() -> drain(keys), "stdin");
      pump.setDaemon(true);
      pump.start();
      Thread.sleep(15_000);
      return 1;
    }

    private static void drain(InputStream keys) {
      try {
        keys.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void resize(TerminalSize size) {}

    @Override
    public void signal(int signal) {}

    @Override
    public void close() {}
  }
}
