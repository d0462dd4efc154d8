package io.podkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.console.ExitCode;
import io.podkit.cli.fake.Golden;
import io.podkit.cli.fake.PodShell;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class CommandTableTest {
  private final PodShell shell = new PodShell();

  static Stream<CommandSpec> everyCommand() {
    List<CommandSpec> all = new ArrayList<>();
    CommandSpec pod = new PodShell().commandLine().getCommandSpec();
    all.add(pod);
    for (CommandLine command : pod.subcommands().values()) {
      all.add(command.getCommandSpec());
      command.getSubcommands().values().forEach(sub -> all.add(sub.getCommandSpec()));
    }
    return all.stream();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "ps, ps",
        "-q ps, ps",
        "--root /x ps -a, ps",
        "--root=/x ps, ps",
        "--root ps run, run",
        "--log-level debug --run /r exec web -- ps, exec",
        "nonsense ps, -",
        "--help, -",
        "'', -"
      })
  void commandIn_skipsOptionsAndTheirValues(String line, String expected) {
    assertThat(CommandTable.commandIn(line.split(" "))).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("everyCommand")
  void everyCommand_hasHelpWithExamplesAndExitCodes(CommandSpec spec) {
    String name = spec.qualifiedName();
    assertThat(spec.usageMessage().description()).as(name).isNotEmpty();
    assertThat(spec.usageMessage().footer()).as(name).isNotEmpty();
    assertThat(spec.usageMessage().footer()).as(name).allMatch(line -> line.startsWith("  "));
    assertThat(spec.usageMessage().exitCodeList().keySet()).as(name).containsAnyOf("0", "0-255");
  }

  @ParameterizedTest
  @MethodSource("everyCommand")
  void everyOption_isDescribedInOneSentence(CommandSpec spec) {
    spec.options()
        .forEach(
            option ->
                assertThat(String.join(" ", option.description()))
                    .as(spec.qualifiedName() + " " + option.longestName())
                    .isNotBlank()
                    .endsWith("."));
  }

  @ParameterizedTest
  @MethodSource("everyCommand")
  void everyExample_parses(CommandSpec spec) {
    for (String line : spec.usageMessage().footer()) {
      for (String part : line.split("&&|\\||;", -1)) {
        List<String> words = ShellWords.split(part);
        if (words.get(0).equals("pod")) {
          String[] args = words.subList(1, words.size()).toArray(String[]::new);
          new PodShell().commandLine().parseArgs(args); // throws if wrong
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyCommand")
  void help_isGolden(CommandSpec spec) {
    List<String> words = new ArrayList<>(List.of(spec.qualifiedName().split(" ")));
    words.remove(0);
    words.add("--help");

    PodShell.Result result = shell.run(words.toArray(String[]::new));

    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 100);
    Golden.check("help/" + spec.qualifiedName().replace(' ', '-') + ".txt", result.out());
  }

  @Test
  void exitCodes_inHelpAreThoseOfTheTable() {
    Set<String> table = new HashSet<>();
    for (ExitCode code : ExitCode.values()) {
      table.add(code.code() + ":" + code.meaning());
    }
    CommandSpec pod = shell.commandLine().getCommandSpec();
    Set<String> shown = new HashSet<>();
    pod.usageMessage().exitCodeList().forEach((code, text) -> shown.add(code + ":" + text));
    assertThat(shown).isEqualTo(table);
  }

  @Test
  void unknownCommand_suggests() {
    PodShell.Result result = shell.run("migrat", "web");

    assertThat(result.code()).isEqualTo(ExitCode.USAGE.code());
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            """
            error: pod: unknown command 'migrat'
            hint:  did you mean migrate or migration? 'pod --help' shows what it takes
            Usage: pod [OPTIONS] [COMMAND]
            """);
  }

  @Test
  void unknownOption_suggestsEvenIfItIsMissedAsRequired() {
    PodShell.Result result = shell.run("create", "--nmae", "web", "--image", "x");

    assertThat(result.code()).isEqualTo(ExitCode.NOT_RUN.code());
    assertThat(result.err())
        .isEqualTo(
            """
            error: pod create: unknown option '--nmae'
            hint:  did you mean --name? 'pod create --help' shows what it takes
            Usage: pod create [OPTIONS] [COMMAND...]
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ps -o xml | 2 | pod ps: invalid value for option '--format': 'xml' is none of table, json",
        "ps web | 2 | pod ps: unexpected argument 'web'",
        "stop | 2 | pod stop: missing required parameter: 'POD'",
        "image | 2 | pod image: missing required subcommand",
        "image push x | 2 | pod image: unknown command 'push'",
        "exec web | 125 | pod exec: missing required parameter: 'COMMAND'",
        "logs --tail many web | 2 | pod logs: invalid value for option '--tail': 'many' is not an int",
        "--log-level loud ps | 2 | pod: invalid value for option '--log-level': 'loud' is none of"
            + " error, warn, info, debug, trace",
        "migrate | 2 | pod migrate: missing required parameter: 'POD'",
        "migrate web | 2 | say where the pod is to go: pod migrate web HOST",
        "run --name --image x | 125 | pod run: expected parameter for option '--name' but found"
            + " '--image'",
        "recover --assume me web | 2 | pod recover: invalid value for option '--assume': 'me' is"
            + " none of source, target"
      })
  void wrongArguments_areRefused(String line, int code, String message) {
    PodShell.Result result = shell.run(line.split(" "));

    assertThat(result.code()).isEqualTo(code);
    assertThat(result.err().lines().findFirst()).contains("error: " + message);
    assertThat(shell.pods.calls).isEmpty();
  }

  @Test
  void version_isPrinted() {
    assertThat(shell.run("--version").out()).isEqualTo("podkit development\n");
  }

  @Test
  void dirs_comeFromOptionThenEnvironmentThenDefault() {
    shell.run("ps");
    assertThat(shell.host.dirs.root()).hasToString("/var/lib/pod");
    assertThat(shell.host.dirs.run()).hasToString("/run/pod");

    shell.environment.put("PODKIT_ROOT", "/srv/a");
    shell.environment.put("PODKIT_RUN", "/srv/r");
    shell.run("ps");
    assertThat(shell.host.dirs.root()).hasToString("/srv/a");

    shell.run("--root", "/srv/b", "ps");
    assertThat(shell.host.dirs.root()).hasToString("/srv/b");
    assertThat(shell.host.dirs.run()).hasToString("/srv/r");

    shell.run("ps", "--root", "/srv/c");
    assertThat(shell.host.dirs.root()).hasToString("/srv/c");

    shell.run("image", "ls", "--run", "/srv/d");
    assertThat(shell.host.dirs.run()).hasToString("/srv/d");
  }
}
