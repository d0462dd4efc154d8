package io.podkit.tests.lab;

import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/**
 * One lab with hostA and hostB for all test classes of a run: built for the first that asks, taken
 * down after the last.
 *
 * <pre>{@code
 * @RegisterExtension static final SharedLab LAB = new SharedLab();
 * }</pre>
 */
public final class SharedLab implements BeforeAllCallback {

  /** Where it lives; runs at the same time on one machine each need another. */
  private static final Path DIRECTORY =
      Path.of(
          Objects.requireNonNullElse(System.getenv("PODKIT_LAB_DIR"), "/var/lib/podkit-lab-it"));

  private static final Namespace NAMESPACE = Namespace.create(SharedLab.class);

  private @Nullable Store store;

  @Override
  public void beforeAll(ExtensionContext context) {
    store = context.getRoot().getStore(NAMESPACE);
  }

  /** The lab, built now if nobody has asked before. */
  public Lab get() {
    return store().getOrComputeIfAbsent(Lab.class, key -> build(), Lab.class);
  }

  /** The lab if somebody has asked for it. */
  public Optional<Lab> current() {
    return Optional.ofNullable(store().get(Lab.class, Lab.class));
  }

  private Store store() {
    if (store == null) {
      throw new IllegalStateException("register this extension in a static field");
    }
    return store;
  }

  private static Lab build() {
    try {
      return Lab.up(DIRECTORY, List.of("hostA", "hostB"));
    } catch (PodkitException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }
}
