package io.podkit.fs.image;

import io.podkit.fs.api.HistoryEntry;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.LayerDigest;
import java.util.List;

/**
 * What a source of an image has.
 *
 * @param layers the lowest first
 * @param config what it says about running it
 * @param history how it was made, the oldest step first
 */
record Found(List<LayerDigest> layers, ImageConfig config, List<HistoryEntry> history) {}
