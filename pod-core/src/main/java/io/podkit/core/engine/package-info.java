/**
 * Containers that become an engine's again on another host: what their engine writes of them here,
 * and how the engine there is made to take them. Calls podman; may use the store.
 */
@NullMarked
package io.podkit.core.engine;

import org.jspecify.annotations.NullMarked;
