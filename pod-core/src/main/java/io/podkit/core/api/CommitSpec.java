package io.podkit.core.api;

import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageName;

/**
 * What image to make of a pod.
 *
 * @param image the name to give it; an image of that name is replaced
 * @param changes what it says about running it, over what the pod was asked to be
 * @param author who makes it; may be empty, as may the next
 * @param message a note
 * @param pause whether a running pod stands still while its files are copied
 */
public record CommitSpec(
    ImageName image, ImageConfig changes, String author, String message, boolean pause) {}
