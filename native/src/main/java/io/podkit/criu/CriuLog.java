package io.podkit.criu;

import io.podkit.error.Hint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a log of CRIU says about a failure: its error lines, and the few lines before each.
 *
 * <p>The text comes from CRIU and, through names of files and programs, from the pod: data, never
 * trusted.
 *
 * @param excerpt lines for a person to read, in the log's order
 * @param errors the error lines alone, without harmless ones
 */
public record CriuLog(List<String> excerpt, List<String> errors) {

  private static final int CONTEXT_LINES = 3;
  private static final int MAX_ERRORS = 8;
  private static final int MAX_LINE = 500;

  /** {@code (00.041) Error (criu/x.c:1): text}, with a pid before it in restored tasks. */
  private static final Pattern ERROR =
      Pattern.compile("^(?:\\(\\d+\\.\\d+\\))?\\s*(?:\\d+:)?\\s*Error \\([^)]*\\): ?(.*)$");

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\t]]");

  /** Written in every run without CAP_SYS_RESOURCE; nothing depends on it. */
  private static final String HARMLESS = "Can't setup RLIMIT_NOFILE for self";

  /** They say only that it failed, after another line has said why. */
  private static final Pattern CONSEQUENCE = Pattern.compile("(Dumping|Restoring) FAILED\\.");

  /** Copies the lists. */
  public CriuLog {
    excerpt = List.copyOf(excerpt);
    errors = List.copyOf(errors);
  }

  /** Nothing known. */
  static CriuLog empty() {
    return new CriuLog(List.of(), List.of());
  }

  /** Reads a log; one that does not exist says nothing. */
  public static CriuLog read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return empty();
    }
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      return parse(lines);
    }
  }

  /** Reads a log of a few lines by whatever program: without errors in CRIU's form all count. */
  static CriuLog readShort(Path file) throws IOException {
    CriuLog log = read(file);
    if (!log.errors.isEmpty()) {
      return log;
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    List<String> lines = text.lines().map(CriuLog::printable).toList();
    List<String> last = lines.subList(Math.max(0, lines.size() - MAX_ERRORS), lines.size());
    return new CriuLog(last, last);
  }

  static CriuLog parse(BufferedReader lines) throws IOException {
    List<String> excerpt = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    Deque<String> before = new ArrayDeque<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String shown = printable(line);
      if (line.contains(HARMLESS)) {
        continue;
      }
      if (ERROR.matcher(line).matches() && errors.size() < MAX_ERRORS) {
        errors.add(shown);
        excerpt.addAll(before);
        excerpt.add(shown);
        before.clear();
      } else {
        before.add(shown);
        if (before.size() > CONTEXT_LINES) {
          before.remove();
        }
      }
    }
    return new CriuLog(excerpt, errors);
  }

  /** Why it failed: the text of the first error that says more than that it failed. */
  public Optional<String> reason() {
    return errors.stream()
        .map(CriuLog::text)
        .filter(text -> !CONSEQUENCE.matcher(text).find())
        .findFirst();
  }

  /** What the user can do, if the catalogue knows one of the errors. */
  public Optional<Hint> hint() {
    return CriuHints.forErrors(errors);
  }

  /** Names in the log may hold anything, escape sequences for the reader's terminal too. */
  private static String printable(String line) {
    String cut = line.length() > MAX_LINE ? line.substring(0, MAX_LINE) + "..." : line;
    return CONTROL.matcher(cut).replaceAll("?");
  }

  private static String text(String error) {
    Matcher matcher = ERROR.matcher(error);
    return matcher.matches() ? matcher.group(1).strip() : error;
  }
}
