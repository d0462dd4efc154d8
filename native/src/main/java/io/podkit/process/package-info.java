/**
 * The one place that starts other programs with the JDK's own means and reads what they say.
 *
 * <p>Programs that need inherited descriptors or a session of their own are started by {@code
 * io.podkit.linux.Spawner} instead: the JDK closes every descriptor above 2 in the child.
 */
@NullMarked
package io.podkit.process;

import org.jspecify.annotations.NullMarked;
