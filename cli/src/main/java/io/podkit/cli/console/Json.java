package io.podkit.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;

/**
 * Prints the records of {@code io.podkit.cli.json}: members in the order of their declaration, two
 * spaces of indentation, null where there is no value. Loaded only when JSON is asked for.
 */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** Prints one value over several lines. */
  public static void print(PrintWriter out, Object value) {
    out.println(text(value, true));
    out.flush();
  }

  /** Prints one value on one line, for streams of values. */
  public static void printLine(PrintWriter out, Object value) {
    out.println(text(value, false));
    out.flush();
  }

  private static String text(Object value, boolean indent) {
    try {
      var writer = indent ? MAPPER.writer(SerializationFeature.INDENT_OUTPUT) : MAPPER.writer();
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON form for " + value.getClass().getSimpleName(), e);
    }
  }
}
