/** Tests of keys and certificates. */
@NullMarked
package io.podkit.migrate.pki;

import org.jspecify.annotations.NullMarked;
