/** What a layer's file is: its filesystem and its digest. */
@NullMarked
package io.podkit.fs.format;

import org.jspecify.annotations.NullMarked;
