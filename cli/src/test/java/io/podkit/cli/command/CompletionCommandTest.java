package io.podkit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.PodShell;
import io.podkit.process.Command;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CompletionCommandTest {
  private final PodShell shell = new PodShell();

  @Test
  void script_isGoodBashAndKnowsEveryCommand() throws Exception {
    String script = shell.run("completion", "bash").out();

    assertThat(script).contains("migrate", "image", "--bandwidth", "--leave-running");
    assertThat(script).doesNotContain("settle");
    Command.of("bash", "-n")
        .stdin(script.getBytes(StandardCharsets.UTF_8))
        .runOrThrow("check the script");
    String words =
        Command.of(
                "bash",
                "-c",
                "source /dev/stdin; COMP_WORDS=(pod migrat); COMP_CWORD=1; _complete_pod;"
                    + " echo \"${COMPREPLY[@]}\"")
            .stdin(script.getBytes(StandardCharsets.UTF_8))
            .runOrThrow("complete")
            .stdout()
            .strip();
    assertThat(words).isEqualTo("migrate migration");
  }

  @Test
  void zsh_isTheSameAndOthersAreRefused() {
    assertThat(shell.run("completion", "zsh").out()).isEqualTo(shell.run("completion").out());
    assertThat(shell.run("completion", "fish").code()).isEqualTo(2);
  }
}
