/** Image archives as other tools write them: what layers and settings they hold, and where. */
@NullMarked
package io.podkit.fs.archive;

import org.jspecify.annotations.NullMarked;
