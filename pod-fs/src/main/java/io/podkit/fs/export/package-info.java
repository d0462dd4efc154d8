/** Images as other tools read them: layers as tar files, and the documents that name them. */
@NullMarked
package io.podkit.fs.export;

import org.jspecify.annotations.NullMarked;
