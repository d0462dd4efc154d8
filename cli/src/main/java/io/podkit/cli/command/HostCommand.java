package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import picocli.CommandLine.Command;

/** {@code pod host}, which does nothing by itself. */
@Command(
    name = "host",
    description = {
      "Hosts that pods move between: which there are, what they have, and emptying one.",
      "The inventory is kept here; labels and whether it accepts pods each host keeps itself."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.PEER
    },
    footer = {
      "  pod host add hostb 192.0.2.2",
      "  pod host ls",
      "  pod host evacuate hosta --yes",
      "  pod host uncordon hosta --bring-back"
    })
public final class HostCommand {}
