package io.podkit.migrate.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class LiveSocketTest {
  private static final PodName WEB = new PodName("web");

  @TempDir Path run;
  private final FakeControl control = new FakeControl();

  private LiveSocket open() throws PodkitException {
    return LiveSocket.open(run, WEB, control);
  }

  @Test
  void orders_arrive() throws Exception {
    try (LiveSocket socket = open()) {
      assertThat(socket).isNotNull();
      LiveClient client = LiveClient.of(run, WEB);
      client.setDowntime(Duration.ofMillis(50));
      client.setBandwidth(OptionalLong.of(50 << 20));
      client.setBandwidth(OptionalLong.empty());
      client.switchToPostCopy();
      client.cancel();
      assertThat(client.status()).isEqualTo(control.status);
    }
    assertThat(control.calls)
        .containsExactly(
            "downtime PT0.05S",
            "bandwidth OptionalLong[52428800]",
            "bandwidth OptionalLong.empty",
            "post-copy",
            "cancel");
  }

  @Test
  void refusals_comeBackWithKindAndHint() throws Exception {
    try (LiveSocket socket = open()) {
      assertThat(socket).isNotNull();
      control.failure = PodkitException.of(ErrorKind.CONFLICT, "too late", new Hint("wait"));
      LiveClient client = LiveClient.of(run, WEB);
      assertThatThrownBy(client::cancel)
          .isInstanceOfSatisfying(
              PodkitException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT);
                assertThat(e.what()).isEqualTo("too late");
                assertThat(e.hint()).isEqualTo(new Hint("wait"));
              });
    }
  }

  @Test
  void onlyTheOwner_mayComeIn() throws Exception {
    try (LiveSocket socket = open()) {
      assertThat(socket).isNotNull();
      assertThat(mode(LiveSocket.file(run, WEB))).isEqualTo("rw-------");
      assertThat(mode(run.resolve("migrations"))).isEqualTo("rwx------");
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void nothingRuns_isNotFound() throws Exception {
    assertNotFound("no migration of pod web runs on this host");
    open().close();
    assertThat(LiveSocket.file(run, WEB)).doesNotExist();
    assertNotFound("no migration of pod web runs on this host");
  }

  @Test
  void aDeadMansSocket_isNotFoundAndReplaced() throws Exception {
    Files.createDirectories(run.resolve("migrations"));
    ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    dead.bind(UnixDomainSocketAddress.of(LiveSocket.file(run, WEB)));
    dead.close(); // the file stays, as after a kill
    assertThat(LiveSocket.file(run, WEB)).exists();
    assertNotFound("does not run any more");
    try (LiveSocket socket = open()) {
      assertThat(socket).isNotNull();
      LiveClient.of(run, WEB).cancel();
    }
    assertThat(control.calls).containsExactly("cancel");
  }

  private void assertNotFound(String what) {
    assertThatThrownBy(() -> LiveClient.of(run, WEB))
        .hasMessageContaining(what)
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "null\n",
        "{}\n",
        "nonsense\n",
        "{\"order\":\"FLY\"}\n",
        "{\"order\":\"SET_DOWNTIME\"}\n",
        "{\"order\":\"SET_DOWNTIME\",\"value\":\"x\"}\n"
      })
  void nonsense_isAnsweredAndHarmsNobody(String line) throws Exception {
    try (LiveSocket socket = open()) {
      assertThat(socket).isNotNull();
      assertThat(say(line)).contains("\"kind\":\"USAGE\"");
      assertThat(LiveClient.of(run, WEB).status().target()).isEqualTo("hostb");
    }
    assertThat(control.calls).isEmpty();
  }

  @Test
  void aLineWithoutEnd_isCutOff() throws Exception {
    try (LiveSocket socket = open()) {
      assertThat(socket).isNotNull();
      assertThat(say("x".repeat(LineChannel.CAP))).contains("a line of more than 16384 bytes");
    }
  }

  @Test
  void aSilentCaller_holdsNobodyUpForLong() throws Exception {
    try (LiveSocket socket = open();
        SocketChannel silent = connect()) {
      assertThat(socket).isNotNull();
      assertThat(silent.isConnected()).isTrue();
      assertThat(LiveClient.of(run, WEB).status().target()).isEqualTo("hostb");
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(LiveSocket.file(run, WEB)));
    return channel;
  }

  private String say(String text) throws IOException {
    try (SocketChannel channel = connect()) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      ByteBuffer answer = ByteBuffer.allocate(4096);
      while (channel.read(answer) >= 0 && answer.hasRemaining()) {
        // until it hangs up
      }
      return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
    }
  }
}
