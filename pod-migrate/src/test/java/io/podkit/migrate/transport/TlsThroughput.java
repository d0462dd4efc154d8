package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.Limits;
import io.podkit.migrate.protocol.MigrationId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * What a data channel makes of the cipher that docs/adr/0014-tls-is-native.md chose: one connection
 * over loopback, 1 MiB pieces that do not compress, frames and checksums included; beside it a
 * plain SSLSocket of the same library.
 *
 * <p>CPU time is that of the one thread at each end; it hardly depends on what else the machine
 * does, wall time does. Arguments: bytes to send, rounds.
 */
final class TlsThroughput {

  private static final Duration LONG = Duration.ofMinutes(5);

  private final TwoHosts hosts;
  private final long total;
  private final byte[] piece = new byte[Limits.MAX_CHUNK_BYTES];

  private TlsThroughput(TwoHosts hosts, long total) {
    this.hosts = hosts;
    this.total = total;
    new Random(1).nextBytes(piece);
  }

  private record Result(long wallNanos, long sendNanos, long receiveNanos) {

    private String inWords(long bytes) {
      return String.format(
          Locale.ROOT,
          "%.2f GB/s, %.2f GB per CPU second sending, %.2f receiving",
          (double) bytes / wallNanos,
          (double) bytes / sendNanos,
          (double) bytes / receiveNanos);
    }
  }

  public static void main(String[] args) throws Exception {
    long total = args.length > 0 ? Long.parseLong(args[0]) : 4L << 30;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    Path directory = Files.createTempDirectory("podkit-tls");
    TlsThroughput bench = new TlsThroughput(TwoHosts.in(directory), total);
    for (int i = 0; i < rounds; i++) {
      System.out.println("SSLSocket             " + bench.sslSocket().inWords(total));
      System.out.println("data channel (heap)   " + bench.dataChannel(false).inWords(total));
      System.out.println("data channel (direct) " + bench.dataChannel(true).inWords(total));
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private Result dataChannel(boolean direct) throws PodkitException, IOException {
    CompletableFuture<Long> receiving = new CompletableFuture<>();
    AgentServer server = hosts.serveAsB((control, gates) -> receive(control, gates, receiving));
    AgentAddress address = TwoHosts.addressOf(server);
    try (server;
        ControlChannel control = hosts.clientA().connect(address)) {
      MigrationId id = MigrationId.random();
      Control.Prepared prepared =
          control.ask(new Control.Prepare(id, "{}", 1, false, List.of()), LONG);
      try (DataChannel data =
          hosts
              .clientA()
              .openData(control, address, id, prepared.token(), 0, RateLimiter.unlimited())) {
        ByteBuffer content =
            direct ? ByteBuffer.allocateDirect(piece.length) : ByteBuffer.allocate(piece.length);
        content.put(piece).flip();
        long start = System.nanoTime();
        long cpu = cpu();
        BulkOutput out = data.begin(new Bulk.LayerBegin(LayerDigest.parse("ab".repeat(32)), total));
        for (long sent = 0; sent < total; sent += piece.length) {
          out.write(content.duplicate());
        }
        out.finish(new Bulk.LayerEnd(), LONG);
        return new Result(System.nanoTime() - start, cpu() - cpu, receiving.join());
      }
    }
  }

  private static void receive(
      ControlChannel control, ChannelGates gates, CompletableFuture<Long> receiving)
      throws PodkitException {
    Asked prepare = control.receive(LONG);
    MigrationId id = ((Control.Prepare) prepare.message()).migration();
    try (ChannelGate gate = gates.open(id, control, 1)) {
      control.answer(prepare, new Control.Prepared(gate.token(), 1));
      DataChannel data = gate.accept(LONG);
      long cpu = cpu();
      try (BulkInput in = data.content(data.receive(LONG), LONG)) {
        while (in.nextChunk() != null) {}
        receiving.complete(cpu() - cpu);
        data.answer(in.end(Bulk.LayerEnd.class), new Bulk.LayerStored());
      } catch (IOException e) {
        throw ChannelIoException.unwrap("receiving", e);
      }
      control.receive(LONG);
    }
  }

  private Result sslSocket() throws Exception {
    try (SSLServerSocket server =
        (SSLServerSocket)
            hosts
                .b
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setNeedClientAuth(true);
      CompletableFuture<Long> receiving = new CompletableFuture<>();
      Thread receiver = new Thread(() -> receive(server, receiving));
      receiver.start();
      long start = System.nanoTime();
      long cpu = cpu();
      try (SSLSocket socket =
          (SSLSocket)
              hosts
                  .a
                  .context()
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
        socket.setEnabledCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
        OutputStream out = socket.getOutputStream();
        for (long sent = 0; sent < total; sent += piece.length) {
          out.write(piece);
        }
        long sending = cpu() - cpu;
        long receiveNanos = receiving.join();
        receiver.join();
        return new Result(System.nanoTime() - start, sending, receiveNanos);
      }
    }
  }

  private void receive(SSLServerSocket server, CompletableFuture<Long> receiving) {
    byte[] buffer = new byte[Limits.MAX_CHUNK_BYTES];
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      long cpu = cpu();
      InputStream in = socket.getInputStream();
      for (long left = total; left > 0; ) {
        left -= in.read(buffer);
      }
      receiving.complete(cpu() - cpu);
    } catch (IOException e) {
      receiving.completeExceptionally(e);
    }
  }
}
