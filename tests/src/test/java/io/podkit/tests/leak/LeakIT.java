package io.podkit.tests.leak;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.SharedLab;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The last test of all: takes the lab down and looks whether the machine is as it was before the
 * first one. {@link ClassOrderer.OrderAnnotation} puts it last (junit-platform.properties).
 */
@Order(Integer.MAX_VALUE)
@Requires(Requirement.ROOT)
class LeakIT {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  @Test
  void nothingIsLeft() throws Exception {
    LAB.current().ifPresent(Lab::close);

    Set<String> left = leftNow();
    // a loop device is released by the kernel a moment after its last user
    for (long end = System.nanoTime() + PATIENCE.toNanos();
        !left.isEmpty() && System.nanoTime() < end;
        left = leftNow()) {
      Thread.sleep(100);
    }

    assertThat(left).isEmpty();
  }

  private static Set<String> leftNow() {
    return new TreeSet<>(Belongings.now().since(StartOfRun.belongings()));
  }
}
