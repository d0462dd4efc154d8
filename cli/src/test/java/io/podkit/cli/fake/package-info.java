/** Hand-written engines for tests of the commands: they remember what they were asked. */
@NullMarked
package io.podkit.cli.fake;

import org.jspecify.annotations.NullMarked;
