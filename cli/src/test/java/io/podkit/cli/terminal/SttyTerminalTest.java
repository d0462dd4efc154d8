package io.podkit.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.process.Command;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** At a real terminal, which script(1) makes. */
class SttyTerminalTest {

  @Test
  void raw_changesTheTerminalAndBringsItBack() throws Exception {
    String java = System.getProperty("java.home") + "/bin/java";
    String probe =
        java
            + " -cp "
            + System.getProperty("java.class.path")
            + " "
            + TerminalProbe.class.getName();

    Map<String, String> said = new HashMap<>();
    Command.of("script", "--quiet", "--return", "--command", probe, "/dev/null")
        .runOrThrow("run at a terminal")
        .lines()
        .forEach(line -> said.put(line.strip().split(" ", 2)[0], line.strip().split(" ", 2)[1]));

    assertThat(said.get("input")).startsWith("true");
    assertThat(said.get("raw")).isNotEqualTo(said.get("before"));
    assertThat(said.get("after")).isEqualTo(said.get("before"));
  }

  @Test
  void withoutATerminal_thereIsNone() {
    assertThat(SttyTerminal.device("nonsense")).isNull();
  }
}
