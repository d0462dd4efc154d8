package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import picocli.CommandLine.Command;

/** {@code pod layer-source}, which does nothing by itself. */
@Command(
    name = "layer-source",
    description = {
      "Layers on storage that several hosts mount: used from there, never copied and never sent.",
      "A layer lies there as HEX.sqfs, named by its SHA-256. Whoever may write there can change what"
          + " pods of this host execute."
    },
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {
      "  pod layer-source publish nginx /mnt/layers",
      "  pod layer-source add /mnt/layers",
      "  pod layer-source ls"
    })
public final class LayerSourceCommand {}
