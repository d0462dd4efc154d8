package io.podkit.fs.registry;

import io.podkit.fs.testing.Programs;
import io.podkit.process.Command;
import io.podkit.process.Subprocess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A registry of Debian's on the loopback interface; closing it ends it. */
final class RealRegistry implements AutoCloseable {
  /** Of user jo, password secret, in the only form that the registry takes. */
  private static final String JO =
      "jo:$2b$04$x3blhUgSBL0W3LNzDCfgfuDVxQtQUnieQ8CLPy/oRGrNcOEN8Rwc.";

  private final Subprocess process;
  private final int port;

  private RealRegistry(Subprocess process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param locked whether only jo may read and write
   * @param tls where {@code key.pem} and {@code cert.pem} lie, or null for plain HTTP
   */
  static RealRegistry start(Path directory, boolean locked, @Nullable Path tls) throws Exception {
    Programs.require("docker-registry", "skopeo");
    int port = freePort();
    Files.createDirectories(directory);
    StringBuilder config = new StringBuilder("version: 0.1\nlog: {level: warn}\n");
    config.append("storage: {filesystem: {rootdirectory: ").append(directory).append("/store}}\n");
    config.append("http:\n  addr: 127.0.0.1:").append(port).append('\n');
    if (tls != null) {
      config.append("  tls: {certificate: ").append(tls).append("/cert.pem, key: ");
      config.append(tls).append("/key.pem}\n");
    }
    if (locked) {
      Path users = Files.writeString(directory.resolve("users"), JO + "\n");
      config.append("auth: {htpasswd: {realm: test, path: ").append(users).append("}}\n");
    }
    Path file = Files.writeString(directory.resolve("config.yml"), config);
    RealRegistry registry =
        new RealRegistry(Command.of("docker-registry", "serve", file).start(), port);
    registry.awaitReady();
    return registry;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws Exception {
    for (int i = 0; i < 200; i++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    close();
    throw new AssertionError("the registry did not start");
  }

  /** An image in it. */
  String reference(String name) {
    return "127.0.0.1:" + port + "/" + name;
  }

  /** Puts an image into it. */
  void push(String from, String name, String... options) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of("skopeo", "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false"));
    words.addAll(List.of(options));
    words.addAll(List.of(from, "docker://" + reference(name)));
    Command.of(words).runOrThrow("push " + name);
  }

  @Override
  public void close() {
    process.close();
  }
}
