/**
 * Memory as CRIU writes it: pagemap images, and the stream that a dump sends to a page server.
 *
 * <p>Formats are those of CRIU 4.2. Whatever is read here may come from another host: every length
 * and address is checked, a violation is an {@link io.podkit.criu.image.ImageFormatException}.
 */
@NullMarked
package io.podkit.criu.image;

import org.jspecify.annotations.NullMarked;
