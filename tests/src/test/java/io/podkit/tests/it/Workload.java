package io.podkit.tests.it;

import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.tests.lab.Lab;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One of the self-verifying programs of {@code tests/workloads}.
 *
 * @param name its name, first argument of the program
 * @param fate what becomes of it in a move
 * @param capabilities what it needs beyond a pod's default ones
 */
record Workload(String name, Fate fate, List<String> capabilities) {

  /** Where the programs lie in an image. */
  static final String PROGRAMS = "/opt/test/";

  enum Fate {
    MOVES,
    REFUSED,
    LOST
  }

  /** All that the program lists. */
  static List<Workload> all(Lab lab) throws PodkitException {
    Command.of("make", "--silent", "-C", lab.tests(), "target/workload").runOrThrow("cannot build");
    return Command.of(lab.tests().resolve("target/workload"), "--list")
        .runOrThrow("cannot list the workloads")
        .lines()
        .stream()
        .map(Workload::parse)
        .toList();
  }

  static List<Workload> of(Fate fate, Lab lab) throws PodkitException {
    return all(lab).stream().filter(workload -> workload.fate == fate).toList();
  }

  /** One line of {@code workload --list}. */
  static Workload parse(String line) {
    String[] columns = line.split("\t", -1);
    List<String> needs = columns[2].isEmpty() ? List.of() : List.of(columns[2].split(","));
    return new Workload(
        columns[0], Fate.valueOf(columns[1].toUpperCase(java.util.Locale.ROOT)), needs);
  }

  /** How many checks each workload has reported in that log. */
  static Map<String, Long> checks(String log) {
    return log.lines()
        .filter(line -> line.startsWith("ok "))
        .collect(Collectors.groupingBy(line -> line.split(" ", -1)[1], Collectors.counting()));
  }
}
