/** What the tests of this module share. */
@NullMarked
package io.podkit.fs.testing;

import org.jspecify.annotations.NullMarked;
