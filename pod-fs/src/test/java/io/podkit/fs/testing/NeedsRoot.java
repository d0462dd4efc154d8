package io.podkit.fs.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Runs only as root: it mounts, makes device nodes or gives files away. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "io.podkit.fs.testing.NeedsRoot$Check#isRoot",
    disabledReason = "this test needs root")
public @interface NeedsRoot {

  /** Looks who we are. */
  final class Check {
    private Check() {}

    /** Whether this process is root. */
    public static boolean isRoot() {
      return "root".equals(System.getProperty("user.name"));
    }
  }
}
