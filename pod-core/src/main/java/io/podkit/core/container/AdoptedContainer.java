package io.podkit.core.container;

import io.podkit.core.api.ContainerRef;
import io.podkit.core.store.PodRecord;

/**
 * A container that lives, in the words of a pod.
 *
 * @param record what a pod's record would say; nothing of it is on disk
 * @param container whose it is
 */
public record AdoptedContainer(PodRecord record, ContainerRef container) {}
