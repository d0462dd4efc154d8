package io.podkit.criu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CriuBinaryTest {
  @TempDir Path directory;
  private Path system = Path.of("");
  private Path envFile = Path.of("");

  @BeforeEach
  void installInSystem() throws IOException {
    system = Files.createDirectory(directory.resolve("system"));
    envFile = directory.resolve("criu.env");
    for (String name : List.of("criu", "libcriu.so.2", "libprotobuf-c.so.1")) {
      Files.createFile(system.resolve(name));
    }
  }

  @Test
  void find_takesTheSystemsOwn() throws PodkitException {
    assertThat(find(Map.of("PATH", "/none::" + system)))
        .isEqualTo(
            new CriuBinary(
                system.resolve("criu"),
                system.resolve("libcriu.so.2"),
                system.resolve("libprotobuf-c.so.1")));
  }

  @Test
  void find_prefersTheRecordAndTheEnvironmentToIt() throws Exception {
    Path recorded = Files.createFile(directory.resolve("recorded"));
    Path named = Files.createFile(directory.resolve("named"));
    Files.writeString(envFile, "CRIU=" + recorded + "\nLIBCRIU=" + recorded + "\n# x\n");

    CriuBinary found = find(Map.of("PATH", system.toString(), "PODKIT_CRIU", named.toString()));
    assertThat(found.criu()).isEqualTo(named);
    assertThat(found.libcriu()).isEqualTo(recorded);
    assertThat(found.libprotobufc()).isEqualTo(system.resolve("libprotobuf-c.so.1"));
  }

  @Test
  void find_saysWhatIsMissingAndWhoNamedIt() throws IOException {
    assertUnsupported(Map.of("PATH", "/none"), "criu not found");
    assertUnsupported(
        Map.of("PATH", "/none", "PODKIT_CRIU", "/no/criu"),
        "PODKIT_CRIU names /no/criu, which is not there");
    Files.writeString(envFile, "LIBCRIU=/no/lib");
    assertUnsupported(Map.of("PATH", system.toString()), envFile + " names /no/lib");
  }

  private CriuBinary find(Map<String, String> environment) throws PodkitException {
    return CriuBinary.find(environment, envFile, List.of(Path.of("/none"), system));
  }

  private void assertUnsupported(Map<String, String> environment, String message) {
    assertThatThrownBy(() -> find(environment))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining(message)
        .satisfies(
            e -> {
              assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.UNSUPPORTED);
              assertThat(((PodkitException) e).hint()).isEqualTo(CriuHints.NO_CRIU);
            });
  }
}
