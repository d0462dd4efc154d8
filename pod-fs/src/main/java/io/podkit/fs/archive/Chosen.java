package io.podkit.fs.archive;

import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which of several images of an archive is meant. */
final class Chosen {
  private Chosen() {}

  /**
   * The one of that name, or the only one.
   *
   * @param names by which each is known
   * @throws PodkitException REFUSED if none or several could be meant
   */
  static <T> T of(List<T> all, Function<T, List<String>> names, @Nullable String reference)
      throws PodkitException {
    List<T> meant =
        reference == null
            ? all
            : all.stream().filter(each -> isNamed(names.apply(each), reference)).toList();
    if (meant.size() == 1) {
      return meant.get(0);
    }
    List<String> known =
        all.stream().flatMap(each -> names.apply(each).stream()).filter(n -> !n.isEmpty()).toList();
    throw PodkitException.of(
        ErrorKind.REFUSED,
        reference == null
            ? "the archive has " + all.size() + " images"
            : "the archive has no single image " + reference,
        known.isEmpty()
            ? new Hint("export one image by name and import that archive")
            : new Hint("choose one with --reference: " + String.join(", ", known)));
  }

  /** By its whole name, or by its tag alone. */
  private static boolean isNamed(List<String> names, String reference) {
    return names.stream()
        .anyMatch(name -> name.equals(reference) || name.endsWith(":" + reference));
  }
}
