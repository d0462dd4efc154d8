package io.podkit.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.podkit.core.api.PodName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a container may have where Podkit's program is to lie. */
class PodDirectoryTest {
  @TempDir Path root;

  private boolean blocks() throws Exception {
    ContainerObstacles obstacles = new ContainerObstacles(new PodName("web"));
    obstacles.ofPodDirectory(root, List.of());
    return !obstacles.all().isEmpty();
  }

  @Test
  void noneIsRight() throws Exception {
    assertThat(blocks()).isFalse();
  }

  @Test
  void aLinkIsNot() throws Exception {
    Files.createSymbolicLink(root.resolve(".pod"), Path.of("/tmp"));
    assertThat(blocks()).isTrue();
  }

  @Test
  void aFileIsNot() throws Exception {
    Files.createFile(root.resolve(".pod"));
    assertThat(blocks()).isTrue();
  }

  @Test
  void aDirectoryIsRight_ifOnlyRootMayWriteThere() throws Exception {
    Path directory = Files.createDirectory(root.resolve(".pod"));
    assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(directory, "unix:uid")));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(blocks()).isFalse();
    Files.createSymbolicLink(directory.resolve("exec"), Path.of("/tmp"));
    assertThat(blocks()).isTrue();
    Files.delete(directory.resolve("exec"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(blocks()).isTrue();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setAttribute(directory, "unix:uid", 65534);
    assertThat(blocks()).isTrue();
  }
}
