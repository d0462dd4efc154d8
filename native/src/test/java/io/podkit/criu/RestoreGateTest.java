package io.podkit.criu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.podkit.criu.CriuOptions.Switch;
import io.podkit.criu.proto.ExternalMount;
import io.podkit.criu.proto.Notification;
import io.podkit.criu.proto.Options;
import io.podkit.criu.proto.Request;
import io.podkit.criu.proto.RequestType;
import io.podkit.criu.proto.Response;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate as its program sees it; the program itself has tests in {@code pod-init/tests}. */
class RestoreGateTest {
  private static final Request ASKED =
      Request.newBuilder()
          .setType(RequestType.RESTORE)
          .setOpts(
              Options.newBuilder()
                  .setImagesDirFd(7)
                  .setWorkDirFd(8)
                  .setRoot("/run/runc/c1/criu-root")
                  .setManageCgroups(true)
                  .addExtMnt(ExternalMount.newBuilder().setKey("/etc/hosts").setVal("/here/hosts")))
          .build();

  @TempDir Path directory;

  private RestoreGate gate;
  private SocketChannel program;

  @BeforeEach
  void open() throws Exception {
    gate =
        RestoreGate.open(
            directory.resolve("bin"), directory.resolve("s"), Path.of("/pod init"), Path.of("/c"));
    program = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("s")));
  }

  @AfterEach
  void close() throws Exception {
    program.close();
    gate.close();
    assertThat(directory.resolve("s")).doesNotExist();
  }

  private void say(char kind, byte[] content) throws IOException {
    program.write(
        ByteBuffer.allocate(5 + content.length)
            .order(ByteOrder.nativeOrder())
            .putInt(content.length)
            .put((byte) kind)
            .put(content)
            .flip());
  }

  private record Frame(char kind, ByteString content) {}

  private Frame hear() throws IOException {
    DataInputStream in = new DataInputStream(Channels.newInputStream(program));
    byte[] head = in.readNBytes(5);
    int length = ByteBuffer.wrap(head).order(ByteOrder.nativeOrder()).getInt();
    return new Frame((char) head[4], ByteString.copyFrom(in.readNBytes(length)));
  }

  private HeldRestore held() throws Exception {
    say('R', ASKED.toByteArray());
    return gate.await(() -> true, Duration.ofSeconds(10)).orElseThrow();
  }

  private CriuOptions options() {
    return CriuOptions.in(directory.resolve("images"))
        .work(directory)
        .log("restore.log", 3)
        .external("mnt[dev]:/dev2")
        .on(Switch.TCP_ESTABLISHED, Switch.IGNORE_CGROUPS, Switch.LAZY_PAGES)
        .preload(new UserfaultGrant(Path.of("/lib.so"), Path.of("/dev/u"), 2048))
        .build();
  }

  @Test
  void aRestore_isHeldTwice() throws Exception {
    try (HeldRestore held = held()) {
      assertThat(held.request().root()).isEqualTo(Path.of("/run/runc/c1/criu-root"));
      assertThat(held.request().externalMounts())
          .containsExactlyEntriesOf(Map.of("/etc/hosts", Path.of("/here/hosts")));

      held.begin(options(), directory.resolve("kdat"));
      List<String> told = new ArrayList<>();
      Frame frame = hear();
      for (; frame.kind() != 'S'; frame = hear()) {
        told.add(frame.kind() + frame.content().toStringUtf8());
      }
      assertThat(told)
          .contains(
              "I" + directory.resolve("images"),
              "W" + directory,
              "K" + directory.resolve("kdat"),
              "PLD_PRELOAD=/lib.so");
      Options changed = Request.parseFrom(frame.content()).getOpts();
      assertThat(changed.getImagesDirFd()).isEqualTo(100);
      assertThat(changed.getWorkDirFd()).isEqualTo(101);
      assertThat(changed.getRoot()).isEqualTo("/run/runc/c1/criu-root");
      assertThat(changed.getExtMntCount()).isEqualTo(1);
      assertThat(changed.getExternalList()).containsExactly("mnt[dev]:/dev2");
      assertThat(changed.getTcpEstablished() && changed.getLazyPages()).isTrue();
      assertThat(changed.getManageCgroups()).isFalse();

      say('H', notification(77));
      assertThat(held.awaitHeld().value()).isEqualTo(77);
      held.go();
      assertThat(hear().kind()).isEqualTo('G');
      say('E', response(true));
      held.awaitEnd();
    }
  }

  private static byte[] notification(int pid) {
    return Response.newBuilder()
        .setType(RequestType.NOTIFY)
        .setSuccess(true)
        .setNotify(Notification.newBuilder().setScript("post-restore").setPid(pid))
        .build()
        .toByteArray();
  }

  private static byte[] response(boolean success) {
    return Response.newBuilder()
        .setType(RequestType.RESTORE)
        .setSuccess(success)
        .build()
        .toByteArray();
  }

  @Test
  void aRestoreThatFails_saysCriusReason() throws Exception {
    Files.writeString(
        directory.resolve("restore.log"), "(00.1) Error (criu/x.c:1): no such thing\n");
    try (HeldRestore held = held()) {
      held.begin(options(), null);
      say('E', response(false));
      assertThatThrownBy(held::awaitHeld)
          .isInstanceOf(CriuException.class)
          .hasMessageContaining("no such thing");
    }
  }

  @Test
  void aProgramThatDies_isAFailedRestore() throws Exception {
    try (HeldRestore held = held()) {
      held.begin(options(), null);
      program.shutdownOutput();
      assertThatThrownBy(held::awaitHeld).isInstanceOf(CriuException.class);
    }
  }

  @Test
  void anEngineThatEnds_isNotWaitedFor() throws Exception {
    program.close();
    try (RestoreGate other =
        RestoreGate.open(
            directory.resolve("bin"), directory.resolve("t"), Path.of("/i"), Path.of("/c"))) {
      assertThat(other.await(() -> false, Duration.ofSeconds(10))).isEmpty();
      assertThatThrownBy(() -> other.await(() -> true, Duration.ofMillis(20)))
          .isInstanceOfSatisfying(
              PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TIMEOUT));
    }
  }

  @Test
  void theProgram_isAScriptThatCallsTheHelper() throws Exception {
    Path program = directory.resolve("bin/criu");
    assertThat(program).isExecutable();
    assertThat(Files.readString(program))
        .isEqualTo(
            "#!/bin/sh\nexec '/pod init' gate --criu '/c' --socket '%s' -- \"$@\"\n"
                .formatted(directory.resolve("s")));
    RestoreGate.skipDumps(directory.resolve("skip"), Path.of("/i"), Path.of("/c"));
    assertThat(Files.readString(directory.resolve("skip/criu"))).doesNotContain("--socket");
  }
}
