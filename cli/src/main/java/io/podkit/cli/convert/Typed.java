package io.podkit.cli.convert;

import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ImageName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Parses one typed value, and says which option it belonged to if it is wrong. */
public final class Typed {
  private Typed() {}

  /**
   * Parses with {@code parser}.
   *
   * @param parser throws IllegalArgumentException with a sentence that quotes the text
   * @throws PodkitException USAGE with that sentence
   */
  public static <T> T value(String option, String text, Function<String, T> parser)
      throws PodkitException {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw PodkitException.usage(option + ": " + e.getMessage());
    }
  }

  /** Parses each of several values. */
  public static <T> List<T> values(String option, List<String> texts, Function<String, T> parser)
      throws PodkitException {
    List<T> values = new ArrayList<>(texts.size());
    for (String text : texts) {
      values.add(value(option, text, parser));
    }
    return values;
  }

  /**
   * Makes a value of several options.
   *
   * @param maker throws IllegalArgumentException with a sentence that says which is wrong
   */
  public static <T> T combined(Supplier<T> maker) throws PodkitException {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw PodkitException.usage(String.valueOf(e.getMessage()));
    }
  }

  public static PodName pod(String text) throws PodkitException {
    return value("pod", text, PodName::new);
  }

  public static List<PodName> pods(List<String> texts) throws PodkitException {
    return values("pod", texts, PodName::new);
  }

  public static ImageName image(String text) throws PodkitException {
    return value("image", text, ImageName::new);
  }

  /**
   * The words of {@code [--] COMMAND...} behind another argument, where the dashes are taken for a
   * word.
   */
  public static List<String> afterDashes(List<String> words) {
    boolean dashes = !words.isEmpty() && words.get(0).equals("--");
    return List.copyOf(dashes ? words.subList(1, words.size()) : words);
  }

  /**
   * Parses {@code NAME=VALUE} pairs; of two with the same name the later wins.
   *
   * @param inherited where a {@code NAME} without value is looked up; if it is not there either,
   *     the variable is left out, as podman does
   */
  public static Map<String, String> environment(List<String> texts, Map<String, String> inherited)
      throws PodkitException {
    Map<String, String> result = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      String value = equals < 0 ? inherited.get(name) : text.substring(equals + 1);
      if (name.isEmpty()) {
        throw PodkitException.usage("--env: '" + text + "' has no name: write NAME=VALUE");
      }
      if (value != null) {
        result.put(name, value);
      }
    }
    return result;
  }

  /** Parses {@code KEY[=VALUE]} pairs. */
  public static Map<String, String> labels(List<String> texts) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      labels.put(
          equals < 0 ? text : text.substring(0, equals),
          equals < 0 ? "" : text.substring(equals + 1));
    }
    return labels;
  }
}
