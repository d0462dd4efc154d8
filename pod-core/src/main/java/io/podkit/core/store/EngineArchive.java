package io.podkit.core.store;

/**
 * What an engine writes of a container that it is to have again on another host: what its archive
 * of a checkpoint holds beside the processes and the files.
 *
 * @param imageId the engine's id of its image
 * @param config {@code config.dump}, JSON
 * @param spec {@code spec.dump}, JSON
 * @param descriptors {@code checkpoint/descriptors.json}: where its standard streams led
 */
public record EngineArchive(String imageId, String config, String spec, String descriptors) {}
