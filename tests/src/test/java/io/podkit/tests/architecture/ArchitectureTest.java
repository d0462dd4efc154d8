package io.podkit.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The product keeps every wall. */
class ArchitectureTest {

  private static final String ROOT = "io.podkit";

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @TestFactory
  Stream<DynamicTest> wallsStand() {
    return Walls.of(ROOT).entrySet().stream()
        .map(wall -> dynamicTest(wall.getKey(), () -> wall.getValue().check(PRODUCT)));
  }

  /** A rule about classes that were not imported proves nothing. */
  @Test
  void everyModuleIsLookedAt() {
    for (String module : List.of("linux", "fs.api", "core.api", "migrate.api", "cli")) {
      assertThat(PRODUCT.containPackage(ROOT + "." + module)).as(module).isTrue();
    }
  }
}
