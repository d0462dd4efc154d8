/**
 * CRIU as a port: dump, restore, what it can do, and what it says when it fails.
 *
 * <p>{@link io.podkit.criu.HostCriu} is the real one: a {@code criu swrk} started by posix_spawn,
 * driven through libcriu, and through the RPC protocol for what libcriu lacks. Nothing of JNR or
 * protobuf is in a public signature.
 */
@NullMarked
package io.podkit.criu;

import org.jspecify.annotations.NullMarked;
