/** What an evacuation decides and shows. */
@NullMarked
package io.podkit.migrate.evacuation;

import org.jspecify.annotations.NullMarked;
