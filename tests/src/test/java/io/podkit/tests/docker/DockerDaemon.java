package io.podkit.tests.docker;

import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;

/**
 * A Docker daemon for one test class, made by {@code tests/docker/daemon.sh}, with the one image
 * that its containers are made from. Closing it kills every container and leaves nothing behind;
 * closing it again does nothing.
 */
final class DockerDaemon implements AutoCloseable {

  /** Made by {@code image.sh}, never pulled. */
  static final DockerImageName IMAGE = DockerImageName.parse("podkit-host:latest");

  /** Also named in the environment variable DOCKER_HOST, in tests/pom.xml, for Testcontainers. */
  private static final Path DIRECTORY = Path.of("/var/lib/podkit-docker-it");

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path scripts =
      Path.of(System.getProperty("podkit.root", ".."), "tests/docker").toAbsolutePath();

  private DockerDaemon() {}

  /** Starts it and makes the image. */
  static DockerDaemon start() throws PodkitException, IOException {
    try (UndoStack undo = new UndoStack("start a Docker daemon")) {
      DockerDaemon daemon = new DockerDaemon();
      undo.push("stop it", daemon::close);
      // for who interrupts the tests: the daemon is in a session of its own and gets no Ctrl-C
      Runtime.getRuntime().addShutdownHook(new Thread(daemon::close, "stop dockerd"));
      daemon.script("daemon.sh", "up", DIRECTORY).runOrThrow("cannot start dockerd");
      daemon.script("image.sh", DIRECTORY).runOrThrow("cannot make the containers' image");
      daemon.loadImage();
      undo.commit();
      return daemon;
    }
  }

  /** Through the daemon's interface: the command {@code docker} may not be installed. */
  private void loadImage() throws IOException {
    Path archive = DIRECTORY.resolve("image.tar");
    try (InputStream bytes = Files.newInputStream(archive)) {
      DockerClientFactory.lazyClient().loadImageCmd(bytes).exec();
    }
    Files.delete(archive);
  }

  /** A directory for the tests' own files, gone with the daemon. */
  Path directory() {
    return DIRECTORY.resolve("hosts");
  }

  private Command script(String name, Object... arguments) {
    return Command.of(scripts.resolve(name), arguments).timeout(PATIENCE);
  }

  @Override
  public void close() {
    try {
      script("daemon.sh", "down", DIRECTORY).runOrThrow("cannot stop dockerd");
    } catch (PodkitException e) {
      throw new IllegalStateException(e);
    }
  }
}
