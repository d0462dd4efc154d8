/**
 * From what was typed to the engines' requests. Every failure is a usage error that names the
 * option and the text.
 */
@NullMarked
package io.podkit.cli.convert;

import org.jspecify.annotations.NullMarked;
