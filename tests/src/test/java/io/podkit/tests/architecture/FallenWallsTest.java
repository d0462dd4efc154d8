package io.podkit.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rule notices the class in the broken sample that was written to break it. */
class FallenWallsTest {

  private static final String ROOT = "io.podkit.tests.architecture.broken";

  private static final JavaClasses SAMPLE = new ClassFileImporter().importPackages(ROOT);

  private static final Map<String, String> BREAKERS =
      Map.ofEntries(
          Map.entry("floors stand only on lower floors", "fs.LooksUp"),
          Map.entry("no cycles between packages", "core.store.Chicken"),
          Map.entry("a module is entered through its api", "migrate.wire.ClimbsThroughTheWindow"),
          Map.entry("an api shows only apis", "core.api.ShowsItsInside"),
          Map.entry("JNR stays in the bindings", "fs.CallsNatively"),
          Map.entry("only the bindings know the C libraries", "core.launch.SpeaksC"),
          Map.entry("picocli stays in cli", "core.launch.ParsesOptions"),
          Map.entry("only cli prints", "core.launch.Prints"),
          Map.entry("only cli exits", "core.launch.Exits"),
          Map.entry("subprocesses start in one place", "fs.StartsProcesses"),
          Map.entry("failures are typed", "fs.ThrowsAnything"),
          Map.entry("one way to log", "fs.LogsItsOwnWay"));

  @TestFactory
  Stream<DynamicTest> wallsFall() {
    return Walls.of(ROOT).entrySet().stream()
        .map(wall -> dynamicTest(wall.getKey(), () -> falls(wall.getKey(), wall.getValue())));
  }

  private static void falls(String name, ArchRule rule) {
    assertThat(rule.evaluate(SAMPLE).getFailureReport().toString())
        .contains(ROOT + "." + BREAKERS.get(name));
  }

  @Test
  void everyRuleHasItsBreaker() {
    assertThat(BREAKERS.keySet()).isEqualTo(Walls.of(ROOT).keySet());
  }
}
