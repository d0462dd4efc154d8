package io.podkit.fs.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.podkit.fs.testing.SavedImage;
import io.podkit.process.Command;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A registry that may lie. On the loopback interface, with a certificate that nobody can verify:
 * spoken to in plain HTTP, the JDK's server would say nothing to a greeting in TLS, for ever.
 */
final class FakeRegistry implements AutoCloseable {
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String INDEX = "application/vnd.oci.image.index.v1+json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** An answer. */
  static final class Answer {
    final int status;
    final String type;
    final byte[] body;
    final long announced;

    Answer(int status, String type, byte[] body, long announced) {
      this.status = status;
      this.type = type;
      this.body = body;
      this.announced = announced;
    }
  }

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** By path beneath {@code /v2/app/}. */
  final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /** How often each path was asked for. */
  final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

  FakeRegistry(Path directory) throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certified(directory)));
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  private static SSLContext certified(Path directory) throws Exception {
    Path file = Files.createDirectories(directory).resolve("keys.p12");
    char[] password = "nobody".toCharArray();
    Command.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool"),
            "-genkeypair",
            "-keyalg",
            "EC",
            "-dname",
            "CN=nobody",
            "-keystore",
            file,
            "-storepass",
            new String(password))
        .runOrThrow("make a certificate");
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, password);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  String reference(String qualifier) {
    return "127.0.0.1:" + server.getAddress().getPort() + "/app" + qualifier;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().replaceFirst("^/v2/(app/)?", "");
    asked.computeIfAbsent(path, key -> new AtomicInteger()).incrementAndGet();
    Answer answer =
        path.isEmpty()
            ? new Answer(200, "application/json", new byte[0], 0)
            : answers.getOrDefault(path, new Answer(404, "application/json", new byte[0], 0));
    exchange.getResponseHeaders().set("Content-Type", answer.type);
    exchange.sendResponseHeaders(answer.status, answer.announced == 0 ? -1 : answer.announced);
    // The server itself breaks a connection on which less came than was announced.
    try (exchange;
        OutputStream out = exchange.getResponseBody()) {
      out.write(answer.body);
    }
  }

  void put(String path, String type, byte[] body) {
    answers.put(path, new Answer(200, type, body, body.length));
  }

  int asked(String path) {
    return asked.getOrDefault(path, new AtomicInteger()).get();
  }

  /** Where a blob lies. */
  static String blob(byte[] content) throws Exception {
    return "blobs/" + SavedImage.digest(content);
  }

  /** Serves an image honestly; returns its manifest. */
  byte[] serve(SavedImage image, String tag) throws Exception {
    byte[] config = image.documentJson();
    put(blob(config), "application/json", config);
    List<Object> layers = new ArrayList<>();
    for (byte[] layer : image.layers()) {
      put(blob(layer), "application/octet-stream", layer);
      layers.add(descriptor("application/vnd.oci.image.layer.v1.tar", layer));
    }
    byte[] manifest =
        JSON.writeValueAsBytes(
            Map.of(
                "schemaVersion",
                2,
                "mediaType",
                MANIFEST,
                "config",
                descriptor("application/vnd.oci.image.config.v1+json", config),
                "layers",
                layers));
    put("manifests/" + tag, MANIFEST, manifest);
    put("manifests/" + SavedImage.digest(manifest), MANIFEST, manifest);
    return manifest;
  }

  /** Serves an index of manifests by processor; returns it. */
  byte[] index(String tag, Map<String, byte[]> manifests) throws Exception {
    List<Object> all = new ArrayList<>();
    for (Map.Entry<String, byte[]> each : manifests.entrySet()) {
      Map<String, Object> descriptor = new HashMap<>(descriptor(MANIFEST, each.getValue()));
      descriptor.put("platform", Map.of("os", "linux", "architecture", each.getKey()));
      all.add(descriptor);
    }
    byte[] index =
        JSON.writeValueAsBytes(Map.of("schemaVersion", 2, "mediaType", INDEX, "manifests", all));
    put("manifests/" + tag, INDEX, index);
    return index;
  }

  private static Map<String, Object> descriptor(String type, byte[] content) throws Exception {
    return Map.of("mediaType", type, "digest", SavedImage.digest(content), "size", content.length);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
