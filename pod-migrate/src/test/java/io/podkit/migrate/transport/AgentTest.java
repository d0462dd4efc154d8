package io.podkit.migrate.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.Frame;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.MigrationState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final LayerDigest LAYER = LayerDigest.parse("ab".repeat(32));

  @TempDir Path directory;

  @Test
  void status_isAskedOnAConnectionOfItsOwn() throws Exception {
    TwoHosts hosts = TwoHosts.in(directory);
    PeerHandler handler =
        (control, gates) -> {
          Asked asked = control.receive(SOON);
          control.answer(asked, new Control.Status(MigrationState.OWNED));
        };
    try (AgentServer server = hosts.serveAsB(handler)) {
      assertThat(hosts.clientA().status(TwoHosts.addressOf(server), MigrationId.random(), SOON))
          .isEqualTo(MigrationState.OWNED);
    }
  }

  @Test
  void layer_arrivesWholeOnADataChannel() throws Exception {
    byte[] content = new byte[5_000_001];
    new Random(1).nextBytes(content);
    CompletableFuture<byte[]> received = new CompletableFuture<>();
    TwoHosts hosts = TwoHosts.in(directory);
    try (AgentServer server =
            hosts.serveAsB((control, gates) -> receiveLayer(control, gates, received));
        ControlChannel control = hosts.clientA().connect(TwoHosts.addressOf(server))) {
      MigrationId id = MigrationId.random();
      Control.Prepared prepared =
          control.ask(new Control.Prepare(id, "{}", 1, false, List.of()), SOON);
      try (DataChannel data =
          hosts
              .clientA()
              .openData(
                  control,
                  TwoHosts.addressOf(server),
                  id,
                  prepared.token(),
                  0,
                  RateLimiter.unlimited())) {
        BulkOutput out = data.begin(new Bulk.LayerBegin(LAYER, content.length));
        out.write(content, 0, 1000);
        out.write(ByteBuffer.wrap(content, 1000, content.length - 1000));
        assertThat(out.finish(new Bulk.LayerEnd(), SOON)).isEqualTo(new Bulk.LayerStored());
      }
      assertThat(received.get()).isEqualTo(content);
      assertThat(control.ask(new Control.Grant(), SOON)).isEqualTo(new Control.Committed());
    }
  }

  private static void receiveLayer(
      ControlChannel control, ChannelGates gates, CompletableFuture<byte[]> received)
      throws PodkitException {
    Asked prepare = control.receive(SOON);
    MigrationId id = ((Control.Prepare) prepare.message()).migration();
    try (ChannelGate gate = gates.open(id, control, 1)) {
      control.answer(prepare, new Control.Prepared(gate.token(), 1));
      DataChannel data = gate.accept(SOON);
      Frame begin = data.receive(SOON);
      try (BulkInput in = data.content(begin, SOON)) {
        received.complete(in.readAllBytes());
        data.answer(in.end(Bulk.LayerEnd.class), new Bulk.LayerStored());
      } catch (IOException e) {
        throw ChannelIoException.unwrap("receiving a layer", e);
      }
      control.answer(control.receive(SOON), new Control.Committed());
    }
  }
}
