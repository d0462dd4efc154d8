/** Images in registries; the only package that knows the client library. */
@NullMarked
package io.podkit.fs.registry;

import org.jspecify.annotations.NullMarked;
