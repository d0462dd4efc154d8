package io.podkit.migrate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.Message;
import io.podkit.migrate.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a peer with a good certificate may still do wrong on a control connection. */
class ControlOffencesTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path directory;
  private Doors doors;

  @BeforeEach
  void open() throws PodkitException {
    doors = new Doors(directory);
  }

  @AfterEach
  void close() {
    doors.close();
  }

  @Test
  void answerToNoQuestion() throws Exception {
    assertRefused(peer -> peer.say(1, new Control.Aborted()), "answered ABORTED to no question");
  }

  @Test
  void answerOfAnotherKind() throws Exception {
    try (RawPeer peer = doors.callRaw()) {
      ControlChannel target = doors.visit().control();
      CompletableFuture<Message> asking = Asking.ask(target, new Control.Abort("x"));
      int id = peer.hear().id();
      peer.say(id, new Control.Committed());

      assertThatThrownBy(() -> asking.get(30, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("answered COMMITTED where Aborted was due");
      assertThat(peer.failure()).contains("answered COMMITTED");
    }
  }

  @Test
  void bulkOnAControlConnection() throws Exception {
    assertRefused(
        peer -> peer.say(1, new Bulk.Data(ByteBuffer.wrap(new byte[10]))),
        "sent DATA on a control connection");
  }

  @Test
  void moreQuestionsThanAnswers() throws Exception {
    assertRefused(
        peer -> {
          for (int i = 1; i < 30; i++) {
            peer.say(i, new Control.Restore(false));
          }
        },
        "asks faster than it can be answered");
  }

  @Test
  void oversizedFrame() throws Exception {
    byte[] header = ByteBuffer.allocate(12).putInt(1 << 30).putShort((short) 0x10).array();
    assertRefused(peer -> peer.say(header), "PREFLIGHT frame of 1073741824 bytes");
  }

  @Test
  void unknownFrame() throws Exception {
    byte[] header = ByteBuffer.allocate(12).putInt(0).putShort((short) 0x666).array();
    assertRefused(peer -> peer.say(header), "unknown type 0x666");
  }

  @Test
  void frameThatEndsEarly() throws Exception {
    try (RawPeer peer = doors.callRaw()) {
      ControlChannel target = doors.visit().control();
      peer.say(ByteBuffer.allocate(20).putInt(100).putShort((short) 0x14).array());
      peer.goodbye();

      assertThatThrownBy(() -> target.receive(SOON))
          .isInstanceOfSatisfying(
              ProtocolException.class,
              e -> assertThat(e.violation()).isEqualTo(ProtocolException.Violation.TRUNCATED));
    }
  }

  private interface Offence {
    void commit(RawPeer peer) throws Exception;
  }

  /** Both sides learn what was wrong, and the conversation is over. */
  private void assertRefused(Offence offence, String what) throws Exception {
    try (RawPeer peer = doors.callRaw()) {
      ControlChannel target = doors.visit().control();
      offence.commit(peer);

      assertThat(peer.failure()).contains(what);
      Doors.await(target::isEnded);
      assertThatThrownBy(() -> target.ask(new Control.Abort("x"), SOON))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining(what);
    }
  }
}
