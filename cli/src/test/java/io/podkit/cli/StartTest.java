package io.podkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.process.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short command loads only what it needs; a stray static field elsewhere can undo that. */
class StartTest {
  /** Each of these costs tens of milliseconds, and listing pods needs none of them. */
  private static final List<String> HEAVY =
      List.of(
          "jnr.",
          "com.kenai.jffi.",
          "org.bouncycastle.",
          "javax.net.ssl.",
          "sun.security.ssl.",
          "com.google.protobuf.",
          "ch.qos.logback.",
          "picocli.",
          "io.podkit.criu.lib.",
          "io.podkit.criu.HostCriu",
          "io.podkit.migrate.");

  /** JDK 25 loads 2420 (17 fewer), most of them its own and Jackson's. */
  private static final int MOST_CLASSES = 2600;

  @TempDir Path run;

  @Test
  void ps_loadsNothingHeavy() throws Exception {
    List<String> lines =
        Command.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                PodCli.class.getName(),
                "ps",
                "-a")
            .env("PODKIT_ROOT", Path.of("../tools/training").toRealPath().toString())
            .env("PODKIT_RUN", run.toString())
            .runOrThrow("list pods")
            .lines();

    assertThat(lines).anyMatch(line -> line.startsWith("web "));
    List<String> loaded =
        lines.stream()
            .filter(line -> line.contains(" source: "))
            .map(line -> line.substring(line.lastIndexOf(']') + 2))
            .toList();
    assertThat(loaded).hasSizeBetween(400, MOST_CLASSES);
    Predicate<String> heavy = name -> HEAVY.stream().anyMatch(name::startsWith);
    assertThat(loaded.stream().filter(heavy)).isEmpty();
  }
}
