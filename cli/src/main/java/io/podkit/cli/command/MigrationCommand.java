package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import picocli.CommandLine.Command;

/** {@code pod migration}, which does nothing by itself. */
@Command(
    name = "migration",
    description = {
      "Look at a migration that runs, and change it: on the host that the pod leaves.",
      "It ends with the pod migrate that began it."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {
      "  pod migration status web",
      "  pod migration set-bandwidth web 50m",
      "  pod migration cancel web"
    })
public final class MigrationCommand {}
