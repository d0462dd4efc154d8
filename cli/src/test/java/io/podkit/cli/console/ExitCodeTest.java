package io.podkit.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.error.ErrorKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {

  @ParameterizedTest
  @CsvSource({
    "USAGE, 2, 125",
    "NOT_FOUND, 3, 125",
    "CONFLICT, 4, 125",
    "REFUSED, 5, 125",
    "UNSUPPORTED, 5, 125",
    "PEER, 6, 125",
    "CRIU, 7, 125",
    "CANCELLED, 8, 125",
    "TIMEOUT, 9, 125",
    "IN_DOUBT, 10, 125",
    "MOVED, 11, 125",
    "COMMAND, 1, 125",
    "IO, 1, 125",
    "INTERNAL, 1, 125",
    "COMMAND_NOT_EXECUTABLE, 126, 126",
    "COMMAND_NOT_FOUND, 127, 127"
  })
  void everyKind_hasItsCode(ErrorKind kind, int code, int beforeRunning) {
    assertThat(ExitCode.of(kind).code()).isEqualTo(code);
    assertThat(ExitCode.beforeRunning(kind).code()).isEqualTo(beforeRunning);
  }

  @Test
  void codes_areDistinct() {
    assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::code)).doesNotHaveDuplicates();
    assertThat(ExitCode.NOT_RUN.code()).isEqualTo(ExitCode.NOT_RUN_CODE);
  }
}
