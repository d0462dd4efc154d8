package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import picocli.CommandLine.Command;

/** {@code pod hook}, which does nothing by itself. */
@Command(
    name = "hook",
    description = {
      "Have a container engine (podman, CRI-O) tell Podkit of its containers as it starts them.",
      "pod ps then lists them, pod inspect shows them, pod check measures what they write, pod migrate"
          + " moves them (as pods). Until then the engine is their owner. The hook costs a container some milliseconds at its start, and"
          + " can neither hold it up nor make it fail."
    },
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.CONFLICT},
    footer = {
      "  pod hook install --annotation io.podkit=yes",
      "  podman run -d --annotation io.podkit=yes --name web docker.io/library/nginx",
      "  pod ps",
      "  pod hook status"
    })
public final class HookCommand {}
