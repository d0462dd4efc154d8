package io.podkit.fs.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.podkit.process.Command;

/** Programs that a test calls and a machine may lack. */
public final class Programs {
  private Programs() {}

  /** Passes a test over where one of them is missing; where {@code CI=true} that is a failure. */
  public static void require(String... programs) throws Exception {
    for (String program : programs) {
      boolean there =
          Command.of("sh", "-c", "PATH=$PATH:/usr/sbin:/sbin command -v " + program)
              .run()
              .success();
      String missing = program + " is missing: sudo ./dev setup";
      if (!there && "true".equals(System.getenv("CI"))) {
        throw new AssertionError(missing);
      }
      assumeTrue(there, missing);
    }
  }
}
