/**
 * Typed access to the kernel: system calls, errno, file descriptors, subprocesses.
 *
 * <p>No policy here, and nothing of JNR in a signature.
 */
@NullMarked
package io.podkit.linux;

import org.jspecify.annotations.NullMarked;
