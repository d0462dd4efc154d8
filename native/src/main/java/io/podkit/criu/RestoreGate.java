package io.podkit.criu;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a container engine's restore is held: a program called {@code criu}, to be first in the
 * engine's PATH, that passes on what the engine's runtime and CRIU say to each other, and asks here
 * before anything happens; {@code pod-init gate}. Not thread-safe.
 */
public final class RestoreGate implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(2);

  private final ServerSocketChannel server;
  private final Path programs;
  private final Path socket;

  private RestoreGate(ServerSocketChannel server, Path programs, Path socket) {
    this.server = server;
    this.programs = programs;
    this.socket = socket;
  }

  /**
   * Opens one.
   *
   * @param programs a directory for that program, made if it is missing; not on a filesystem that
   *     refuses to execute
   * @param socket where the program finds us, of at most 107 bytes
   * @param podInit the static helper
   */
  public static RestoreGate open(Path programs, Path socket, Path podInit, Path criu)
      throws PodkitException {
    try {
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        Files.deleteIfExists(socket);
        server.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        server.configureBlocking(false);
        Files.createDirectories(programs);
        writeProgram(programs, podInit, criu, "--socket '" + socket + "'");
        return new RestoreGate(server, programs, socket);
      } catch (IOException e) {
        server.close();
        throw e;
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot hold a restore at " + socket, e);
    }
  }

  /**
   * A {@code criu} in that directory that answers a dump as done and makes none: an engine then
   * writes all it knows of a container but its processes, which run on.
   */
  public static void skipDumps(Path directory, Path podInit, Path criu) throws PodkitException {
    try {
      writeProgram(Files.createDirectories(directory), podInit, criu, "");
    } catch (IOException e) {
      throw PodkitException.io("cannot write " + directory, e);
    }
  }

  private static void writeProgram(Path directory, Path podInit, Path criu, String option)
      throws IOException {
    Path program = directory.resolve("criu");
    Files.writeString(
        program,
        "#!/bin/sh\nexec '%s' gate --criu '%s' %s -- \"$@\"\n".formatted(podInit, criu, option));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The directory to be put first in the PATH of the engine. */
  public Path programs() {
    return programs;
  }

  /** Whoever else may end what is waited for. */
  @FunctionalInterface
  public interface Alive {
    /** Whether it still makes sense to wait. */
    boolean isAlive();
  }

  /**
   * Waits until the runtime asks for the restore.
   *
   * @return empty if the engine has ended before
   * @throws PodkitException TIMEOUT if nobody asks within {@code patience}
   */
  public Optional<HeldRestore> await(Alive engine, Duration patience) throws PodkitException {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (true) {
        boolean alive = engine.isAlive();
        @Nullable SocketChannel called = server.accept();
        if (called != null) {
          return Optional.of(HeldRestore.accept(called));
        }
        if (!alive) {
          return Optional.empty();
        }
        if (System.nanoTime() - deadline >= 0) {
          throw PodkitException.timeout("the container engine does not begin its restore");
        }
        Thread.sleep(POLL.toMillis());
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot hear what the container engine wants of CRIU", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.of(
          ErrorKind.CANCELLED, "interrupted while a container engine is waited for");
    }
  }

  @Override
  public void close() throws PodkitException {
    try (server) {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw PodkitException.io("cannot close " + socket, e);
    }
  }
}
