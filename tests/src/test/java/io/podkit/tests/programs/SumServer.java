package io.podkit.tests.programs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Adds up the numbers that come as lines, for each connection by itself; a thread for each. Beside
 * them threads keep the collector, the compiler and the locks busy, and end the server if one finds
 * its own state wrong. Needs nothing but the JDK.
 */
public final class SumServer {

  private static final int PORT = 7070;
  private static final int BUSY_THREADS = 6;
  private static final int BACKLOG = 64;

  private final ConcurrentSkipListMap<Integer, Integer> shared = new ConcurrentSkipListMap<>();
  private final ExecutorService connections = Executors.newCachedThreadPool();

  private SumServer() {}

  public static void main(String[] arguments) throws IOException {
    new SumServer().run();
  }

  private void run() throws IOException {
    for (int i = 0; i < BUSY_THREADS; i++) {
      int seed = i;
      Thread thread = new Thread(() -> churn(seed), "busy-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    try (ServerSocket listener =
        new ServerSocket(PORT, BACKLOG, InetAddress.getByName("0.0.0.0"))) {
      System.out.println("ready");
      while (true) {
        Socket socket = listener.accept();
        connections.execute(() -> serve(socket));
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket;
        BufferedReader in =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        OutputStream out = socket.getOutputStream()) {
      long total = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        total += Long.parseLong(line);
        out.write((total + "\n").getBytes(US_ASCII));
      }
    } catch (IOException e) {
      System.out.println("connection: " + e.getMessage());
    }
  }

  /** Makes garbage, sorts it, and keeps a sum in the shared map that it can always recompute. */
  private void churn(int seed) {
    Random random = new Random(seed);
    for (int round = 1; ; round++) {
      int[] numbers = random.ints(10_000, 0, 1_000_000).toArray();
      int[] sorted = numbers.clone();
      Arrays.sort(sorted);
      if (Arrays.stream(numbers).asLongStream().sum()
          != Arrays.stream(sorted).asLongStream().sum()) {
        fail("a sum changed by sorting");
      }
      shared.merge(seed, 1, Integer::sum);
      if (shared.getOrDefault(seed, 0) != round) {
        fail("thread " + seed + " is at round " + round + ", the map says " + shared.get(seed));
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  private static void fail(String what) {
    System.out.println("FAIL " + what);
    Runtime.getRuntime().halt(1);
  }
}
