package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import picocli.CommandLine.Command;

/** {@code pod volume}, which does nothing by itself. */
@Command(
    name = "volume",
    description = "Named volumes: files that outlive a pod, and travel with it.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {
      "  pod volume create pgdata",
      "  pod run -d --name db --image postgres --volume pgdata:/var/lib/postgresql/data",
      "  pod volume ls"
    })
public final class VolumeCommand {}
