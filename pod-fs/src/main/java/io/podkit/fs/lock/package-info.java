/**
 * Locks between the commands of one host, kept in files so that the kernel releases them when a
 * command dies.
 */
@NullMarked
package io.podkit.fs.lock;

import org.jspecify.annotations.NullMarked;
