/** What a host remembers of migrations, on a real directory. */
@NullMarked
package io.podkit.migrate.journal;

import org.jspecify.annotations.NullMarked;
