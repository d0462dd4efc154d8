package io.podkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class PodCliTest {

  @Test
  void version_isPrintedOnOut() {
    StringWriter out = new StringWriter();
    int code = new CommandLine(new PodCli()).setOut(new PrintWriter(out)).execute("--version");

    assertThat(code).isZero();
    assertThat(out.toString()).startsWith("podkit ");
  }
}
