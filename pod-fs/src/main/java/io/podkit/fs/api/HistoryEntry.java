package io.podkit.fs.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step by which an image was made, as whoever made it says.
 *
 * @param created when, or null if nobody says
 * @param createdBy by which instruction; may be empty, as may the next two
 * @param author by whom
 * @param comment a note
 * @param layer what the step added, or null if it only changed the configuration
 */
public record HistoryEntry(
    @Nullable Instant created,
    String createdBy,
    String author,
    String comment,
    @Nullable LayerDigest layer) {}
