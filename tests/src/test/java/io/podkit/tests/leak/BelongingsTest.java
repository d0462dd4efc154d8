package io.podkit.tests.leak;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.process.Command;
import io.podkit.process.Subprocess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The leak check itself notices what it should. */
class BelongingsTest {

  @Test
  void noticesAFile() throws Exception {
    Belongings before = Belongings.now();
    Path file = Files.createTempFile("podkit-leak", ".txt");
    try {
      assertThat(Belongings.now().since(before)).contains("file " + file);
    } finally {
      Files.delete(file);
    }
    assertThat(Belongings.now().since(before)).doesNotContain("file " + file);
  }

  @Test
  void noticesAProcess() throws Exception {
    Belongings before = Belongings.now();
    String script = "printf pod-monitor > /proc/self/comm; echo up; read line";
    try (Subprocess process = Command.of("sh", "-c", script).stdoutPiped().start()) {
      assertThat(process.stdout().read()).isEqualTo('u');
      assertThat(Belongings.now().since(before))
          .anyMatch(thing -> thing.startsWith("process " + process.pid() + " pod-monitor"));
    }
  }
}
