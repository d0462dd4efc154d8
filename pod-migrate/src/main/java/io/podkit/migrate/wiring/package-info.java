/** Where the parts of this module are put together; the only package that sees all of them. */
@NullMarked
package io.podkit.migrate.wiring;

import org.jspecify.annotations.NullMarked;
