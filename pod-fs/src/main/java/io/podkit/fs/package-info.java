/** What the packages of this module share: the catalogue of hints. */
@NullMarked
package io.podkit.fs;

import org.jspecify.annotations.NullMarked;
