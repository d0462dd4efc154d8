package io.podkit.tests.lab;

import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** The images that tests run, built from this machine's packages and imported when first needed. */
public final class Images {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Host host;
  private final Path tests;
  private final Set<String> imported = new HashSet<>();
  private boolean programsBuilt;

  Images(Host host, Path tests) {
    this.host = host;
    this.tests = tests;
  }

  /**
   * Makes an image with the tests' own programs in /opt/test on top of those packages.
   *
   * @param packages base, redis, postgres, nginx, python or java
   * @return the image's name
   */
  public synchronized String of(String packages) throws PodkitException {
    String name = "test-" + packages;
    if (imported.add(name)) {
      importPackages(packages);
      host.pod("image", "import", name, programs(), "--base", packages);
    }
    return name;
  }

  private void importPackages(String packages) throws PodkitException {
    if (!packages.equals("base")) {
      importPackages("base");
    }
    if (imported.add(packages)) {
      Path built = tests.resolve("target/images");
      Command.of(tests.resolve("images/build-image.sh"), packages, built)
          .timeout(PATIENCE)
          .runOrThrow("cannot build image " + packages);
      if (packages.equals("base")) {
        host.pod("image", "import", packages, built.resolve(packages));
      } else {
        host.pod("image", "import", packages, built.resolve(packages), "--base", "base");
      }
    }
  }

  /** The layer with our own programs: the same for all images, so the hosts keep it once. */
  private Path programs() throws PodkitException {
    Path layer = tests.resolve("target/images/programs");
    if (!programsBuilt) {
      Command.of(tests.resolve("images/build-programs.sh"), layer)
          .timeout(PATIENCE)
          .runOrThrow("cannot build the tests' programs");
      programsBuilt = true;
    }
    return layer;
  }
}
