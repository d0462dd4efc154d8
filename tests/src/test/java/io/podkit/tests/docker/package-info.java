/** Hosts that are containers: their files, devices and mounts have nothing in common. */
@NullMarked
package io.podkit.tests.docker;

import org.jspecify.annotations.NullMarked;
