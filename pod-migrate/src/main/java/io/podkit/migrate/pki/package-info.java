/**
 * Keys and certificates: making them, keeping them, and the TLS contexts made of them.
 *
 * <p>Bouncy Castle only makes certificates; reading, checking and TLS are the JDK's. Uses {@code
 * io.podkit.error} and {@code io.podkit.migrate.api}.
 */
@NullMarked
package io.podkit.migrate.pki;

import org.jspecify.annotations.NullMarked;
