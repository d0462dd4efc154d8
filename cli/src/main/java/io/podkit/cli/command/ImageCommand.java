package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import picocli.CommandLine.Command;

/** {@code pod image}, which does nothing by itself. */
@Command(
    name = "image",
    description = "Images: what pods are stacked on.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod image import debian /srv/debian-rootfs", "  pod image ls"})
public final class ImageCommand {}
