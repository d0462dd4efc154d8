/**
 * Options that several commands share, as picocli mixins. They hold what was typed; {@code convert}
 * makes requests of it.
 */
@NullMarked
package io.podkit.cli.option;

import org.jspecify.annotations.NullMarked;
