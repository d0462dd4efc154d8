package io.podkit.criu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.criu.CriuOptions.AfterDump;
import io.podkit.criu.CriuOptions.Switch;
import io.podkit.linux.Fd;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CriuOptionsTest {
  private static final Path DIRECTORY = Path.of("/run/pod/images");

  @Test
  void config_hasOnlyWhatLibcriuLacks() {
    CriuOptions.Builder options = CriuOptions.in(DIRECTORY).on(Switch.FILE_LOCKS);
    assertThat(ConfigFile.lines(options.build())).isEmpty();
    assertThat(
            ConfigFile.lines(
                options.pageServer(new Fd(77, n -> {})).afterDump(AfterDump.STOP).build()))
        .containsExactly("page-server", "ps-socket 4", "leave-stopped");
  }

  @Test
  void ghostLimit_fitsCriusField() {
    assertThat(CriuOptions.in(DIRECTORY).ghostLimit(10L << 32).build().ghostLimit())
        .isEqualTo(0xffffffffL);
    assertThatThrownBy(() -> CriuOptions.in(DIRECTORY).ghostLimit(-1).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void logFile_isAPlainName() {
    assertThat(CriuOptions.in(DIRECTORY).log("dump.log", 4).build().logPath())
        .isEqualTo(DIRECTORY.resolve("dump.log"));
    assertThatThrownBy(() -> CriuOptions.in(DIRECTORY).log("../dump.log", 4).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void version_compares() {
    assertThat(new CriuVersion(4, 2, 1).isAtLeast(CriuVersion.OLDEST)).isTrue();
    assertThat(new CriuVersion(4, 1, 9).isAtLeast(CriuVersion.OLDEST)).isFalse();
    assertThat(new CriuVersion(4, 2, 0)).hasToString("4.2");
  }
}
