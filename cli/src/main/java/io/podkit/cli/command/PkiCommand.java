package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import picocli.CommandLine.Command;

/** {@code pod pki}, which does nothing by itself. */
@Command(
    name = "pki",
    description = "Keys and certificates: which hosts may move pods to each other.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {
      "  pod pki init",
      "  pod pki issue hosta -o a && pod pki install a",
      "  pod pki issue hostb --address 192.0.2.2 -o b",
      "  scp -r b hostb: && ssh hostb pod pki install b"
    })
public final class PkiCommand {}
